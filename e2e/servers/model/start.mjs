// Starts the scripted model for trying the program by hand: `node e2e/servers/model/start.mjs [PORT]`. It prints the variables to
// start the program with, and runs until it is interrupted.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const folder = path.resolve(import.meta.dirname, '../../../.cache/model-server');
await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: {
      input: { model: path.resolve(import.meta.dirname, '../model.ts'), shopScript: path.resolve(import.meta.dirname, 'shopScript.ts') },
      output: { format: 'es', entryFileNames: '[name].mjs' },
    },
  },
});
const { startModelServer } = await import(pathToFileURL(path.join(folder, 'model.mjs')).href);
const { shopScript } = await import(pathToFileURL(path.join(folder, 'shopScript.mjs')).href);
const server = await startModelServer(shopScript, { port: Number(process.argv[2] ?? 0) });
console.log(`ANTHROPIC_API_KEY=scripted ANTHROPIC_BASE_URL=${server.url}`);
const stop = () => void server.close().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
