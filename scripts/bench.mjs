import path from 'node:path';
import { ensureDebianPackages, ensureDisplay } from './display.mjs';
import { ensureBuild, ensurePackages } from './prepare.mjs';
import { fail, root, runAttached, say } from './run.mjs';

ensurePackages();
if (!process.env.PGHOST) ensureDebianPackages(['postgresql', 'postgresql-contrib'], 'the bench');
ensureDebianPackages(['mariadb-server'], 'the figure of MariaDB', { optional: true });
await ensureBuild();
const { build } = await import('vite');
const { benchBuild } = await import('./benchBuild.mjs');
say('Building the bench ...');
const outDir = path.join(root, '.cache', 'bench');
await build(benchBuild(outDir)).catch((error) => fail(`The bench does not build: ${error.message}`));
const { ensureElectron } = await import('./electron-runtime.mjs');
const electron = await ensureElectron();
const env = { ...(await ensureDisplay()), AI_SHELL_TEST_ELECTRON: electron.executable };
process.exit(await runAttached(process.execPath, [path.join(outDir, 'bench.js'), ...process.argv.slice(2)], { env }));
