import { build } from 'vite';
import { builtinModules } from 'node:module';
import { provideTestServer } from '../servers/postgresql';
import { workerEntries } from './workerEntries';
import { workerFolder } from './workersFromSource';

/** Bundles the worker threads and starts the servers that the tests share. */
export default async function setup(): Promise<() => Promise<void>> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir: workerFolder,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rollupOptions: {
        input: workerEntries(),
        external: [/^node:/, ...builtinModules, /^@electric-sql\/pglite/, 'libsql', 'libpg-query', 'pg', /^pg-/],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  return provideTestServer();
}
