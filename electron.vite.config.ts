import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import path from 'node:path';
import type { Plugin } from 'vite';
import { workerEntries } from './e2e/setup/workerEntries.mjs';
import { contracts } from './src-preload/contract/all';

const at = (file: string): string => path.resolve(import.meta.dirname, file);

// Native and wasm packages find their own files at run time, so that they stay outside the bundle; ssh2 tries to find a native part.
const external = ['electron', 'libsql', 'keytar', 'ssh2', /^libpg-query/, /^@polyglot-sql/, 'pg-native', /^@electric-sql\/pglite/, /^@duckdb\//];

/** `virtual:contract-kinds`: the contract as names alone, so that the bridge, which every page waits for, need not build its schemas. */
const contractKinds: Plugin = {
  name: 'contract-kinds',
  resolveId: (id) => (id === 'virtual:contract-kinds' ? id : undefined),
  load(id) {
    if (id !== 'virtual:contract-kinds') return undefined;
    const kinds = Object.values(contracts).map(({ feature, members }) => [feature, Object.fromEntries(Object.entries(members).map(([name, { kind }]) => [name, kind]))]);
    return `export const kinds = ${JSON.stringify(Object.fromEntries(kinds))};`;
  },
};

/** Whether the page imports a module at its start, however indirectly. */
function neededAtStart(id: string, infoOf: (id: string) => { readonly isEntry: boolean; readonly importers: readonly string[] } | null, seen = new Set<string>()): boolean {
  seen.add(id);
  const info = infoOf(id);
  return info !== null && (info.isEntry || info.importers.some((importer) => !seen.has(importer) && neededAtStart(importer, infoOf, seen)));
}

/** The page must build no schemas at its start, which takes as long as a tenth of it: an import that would make it do so fails the build. */
const noSchemasAtStart: Plugin = {
  name: 'no-schemas-at-start',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !chunk.isEntry) continue;
      const schemas = Object.keys(chunk.modules).filter((id) => /src-preload\/contract\//.test(id) && (this.getModuleInfo(id)?.importedIds ?? []).some((imported) => imported.includes('/zod/')));
      if (schemas.length > 0) this.error(`The page's start imports values of ${schemas.map((id) => path.basename(id)).join(', ')}, which build schemas: import types only, or later.`);
    }
  },
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      target: 'node20',
      sourcemap: true,
      rollupOptions: {
        input: { main: at('src-main/main.ts'), cli: at('src-main/cli.ts'), ...workerEntries(import.meta.dirname) },
        external,
        // Comments and white space are most of the bytes that the start has to read; names stay, for the stacks in the log.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } } },
      },
    },
  },
  preload: {
    plugins: [contractKinds],
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
    plugins: [react(), noSchemasAtStart],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: true,
      rollupOptions: {
        input: { index: at('src-renderer/index.html') },
        // What is needed at the start comes in one file, where the bundler would cut out a dozen that later parts share.
        output: { codeSplitting: { groups: [{ name: (id, context) => (neededAtStart(id, (other) => context.getModuleInfo(other)) ? 'start' : null) }] } },
      },
    },
  },
});
