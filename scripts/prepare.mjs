import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail, root, run, say } from './run.mjs';

const lockFile = path.join(root, 'package-lock.json');
const installedStamp = path.join(root, 'node_modules', '.ai-shell-installed');

/** @param {string} file */
const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Installs the packages that package-lock.json names, when they are not there yet or the file has changed. */
export function ensurePackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer from https://nodejs.org, then run the same command again.`);
  const wanted = hashOf(lockFile);
  if (existsSync(installedStamp) && readFileSync(installedStamp, 'utf8') === wanted) return;
  const npmsOwnRecord = path.join(root, 'node_modules', '.package-lock.json');
  const installedByHand = existsSync(npmsOwnRecord) && statSync(npmsOwnRecord).mtimeMs >= statSync(lockFile).mtimeMs;
  if (!installedByHand) {
    say('Installing packages (npm ci) ...');
    const result = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (!result.ok) fail('npm ci failed; its message stands above. Check the network, then run the same command again.');
  }
  writeFileSync(installedStamp, wanted);
}

const sourceFolders = ['src-main', 'src-preload', 'src-renderer', 'assets'];
const sourceFiles = ['package-lock.json', 'electron.vite.config.ts', 'tsconfig.json', path.join('e2e', 'setup', 'workerEntries.mjs')];

/** A hash over the names, sizes and times of everything that the build reads. */
function sourceState() {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ file) => {
    const stat = statSync(path.join(root, file));
    hash.update(`${file}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const folder of sourceFolders.filter((name) => existsSync(path.join(root, name)))) {
    const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    files.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))).filter((file) => !/\.test\.tsx?$/.test(file)).sort().forEach(add);
  }
  sourceFiles.forEach(add);
  return hash.digest('hex');
}

/**
 * Builds `out/` when a source changed since the last build; a second process that wants the same waits for the first.
 * @param {{ quiet?: boolean }} [options]
 */
export async function ensureBuild(options = {}) {
  const stamp = path.join(root, 'out', '.built-from');
  const isFresh = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceState();
  if (isFresh()) return;
  const lock = path.join(root, 'node_modules', '.ai-shell-building');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // A build takes seconds: a lock of ten minutes was left by a process that died.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 600_000) rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (isFresh()) return;
    }
  }
  try {
    if (isFresh()) return;
    if (!options.quiet) say('Building ...');
    const state = sourceState();
    rmSync(path.join(root, 'out'), { recursive: true, force: true });
    const result = run(process.execPath, [path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'], { quiet: true });
    if (!result.ok) fail(`The build failed:\n${result.output}`);
    writeFileSync(stamp, state);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
