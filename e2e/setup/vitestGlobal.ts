import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { provideTestServer } from '../servers/postgresql';
import { workerEntries } from './workerEntries.mjs';
import { workerFolderVariable } from './workersFromSource';

/** Bundles the worker threads and starts the servers that the tests share. */
export default async function setup(): Promise<() => Promise<void>> {
  // Inside the checkout, so that the workers find node_modules.
  const cache = path.resolve(import.meta.dirname, '../../.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'workers-'));
  process.env[workerFolderVariable] = folder;
  const input = workerEntries(path.resolve(import.meta.dirname, '../..'));
  if (Object.keys(input).length > 0) {
    await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        ssr: true,
        outDir: folder,
        target: 'node20',
        minify: false,
        rollupOptions: {
          input,
          external: [/^node:/, ...builtinModules, /^@electric-sql\/pglite/, 'libsql', /^@duckdb\//, /^libpg-query/, 'pg', /^pg-/],
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    });
  }
  const stopServer = await provideTestServer();
  return async () => {
    await stopServer();
    rmSync(folder, { recursive: true, force: true });
  };
}
