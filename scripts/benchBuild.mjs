import path from 'node:path';
import { workerEntries } from '../e2e/setup/workerEntries.mjs';
import { root } from './run.mjs';

/**
 * How the bench is bundled: it measures the sources as the program's own build would run them, workers beside it.
 * @param {string} outDir @returns {import('vite').InlineConfig}
 */
export function benchBuild(outDir) {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rollupOptions: {
        input: { bench: path.join(root, 'e2e', 'bench', 'main.ts'), ...workerEntries(root) },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
}
