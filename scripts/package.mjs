import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureBuild, ensurePackages } from './prepare.mjs';
import { fail, root, run, say } from './run.mjs';

/**
 * A copy of an Electron runtime without what a clone's own runtime has beside it: the packed program brings its own resources.
 * @param {string} dist
 */
function bareRuntime(dist) {
  const bare = path.join(root, '.cache', 'electron-dist');
  rmSync(bare, { recursive: true, force: true });
  mkdirSync(bare, { recursive: true });
  const beside = [path.join(dist, 'resources'), path.join(dist, 'complete.json')];
  cpSync(dist, bare, { recursive: true, filter: (from) => !beside.includes(from) });
  mkdirSync(path.join(bare, 'resources'));
  return bare;
}

/**
 * Builds the program and packs it with electron-builder (electron-builder.yml). Without targets it makes the unpacked program of this
 * system, which needs no download; with targets, such as `--linux AppImage deb`, electron-builder fetches the tools of each.
 * @param {string[]} targets @param {{ quiet?: boolean }} [options] @returns {Promise<string>} the folder with the result
 */
export async function packProgram(targets, options = {}) {
  ensurePackages();
  await ensureBuild(options);
  const { ensureElectron } = await import('./electron-runtime.mjs');
  const electron = await ensureElectron();
  const cli = path.join(root, 'node_modules', 'electron-builder', 'cli.js');
  const ownRuntime = electron.dist === undefined ? [] : [`-c.electronDist=${bareRuntime(electron.dist)}`];
  if (!options.quiet) say(`Packing with Electron ${electron.version} ...`);
  const what = targets.length === 0 ? ['--dir'] : targets;
  const packed = run(process.execPath, [cli, ...what, '--publish', 'never', `-c.electronVersion=${electron.version}`, ...ownRuntime], { quiet: options.quiet ?? false });
  if (!packed.ok) fail(`electron-builder failed${packed.output ? `:\n${packed.output.trim()}` : '; its message stands above.'}`);
  const folder = path.join(root, 'dist');
  if (!existsSync(folder)) fail('electron-builder made nothing.');
  return folder;
}

if (process.argv[1] === import.meta.filename) {
  const folder = await packProgram(process.argv.slice(2));
  say(`Done: ${folder}`);
}
