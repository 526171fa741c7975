import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import path from 'node:path';
import { workerEntries } from './e2e/setup/workerEntries.mjs';

const at = (file: string): string => path.resolve(import.meta.dirname, file);

// Native and wasm packages find their own files at run time, so that they stay outside the bundle; ssh2 tries to find a native part.
const external = ['electron', 'libsql', 'keytar', 'ssh2', /^libpg-query/, 'pg-native', /^@electric-sql\/pglite/];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: { main: at('src-main/main.ts'), cli: at('src-main/cli.ts'), ...workerEntries(import.meta.dirname) },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      minify: true,
      rollupOptions: {
        input: { bridge: at('src-preload/bridge.ts') },
        external: ['electron'],
        // A sandboxed preload script must be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: true,
      rollupOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
});
