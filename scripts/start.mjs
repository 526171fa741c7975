import { ensurePackages, ensureBuild } from './prepare.mjs';
import { root, runAttached, say } from './run.mjs';

ensurePackages();
await ensureBuild();
const { ensureElectron } = await import('./electron-runtime.mjs');
const { ensureDisplay, sandboxArguments } = await import('./display.mjs');
const electron = await ensureElectron();
const env = await ensureDisplay();
if (!process.env.DISPLAY && env.DISPLAY) say(`The window is on display ${env.DISPLAY}; take a picture with: import -display ${env.DISPLAY} -window root window.png`);
say('Opening AI-Shell Desktop ...');
process.exit(await runAttached(electron.executable, [...sandboxArguments, root, ...process.argv.slice(2)], { env }));
