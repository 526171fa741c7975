import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fail, run, say } from './run.mjs';

const libraries = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libnotify4', 'libsecret-1-0'];
const headless = ['xvfb'];

/** Debian packages of the list that are not installed; empty where there is no dpkg. @param {string[]} packages */
function missing(packages) {
  return packages.filter((name) => {
    const answer = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
    return !answer.error && !answer.stdout.includes('install ok installed');
  });
}

export const isRoot = process.getuid?.() === 0;

/**
 * Makes sure of Debian packages: as root it installs what is missing, otherwise it prints the one line that does.
 * @param {string[]} packages @param {string} purpose @param {{ optional?: boolean }} [options]
 * @returns {boolean} whether they are there
 */
export function ensureDebianPackages(packages, purpose, options = {}) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return true;
  const lacking = missing(packages);
  if (lacking.length === 0) return true;
  const line = `apt-get install -y --no-install-recommends ${lacking.join(' ')}`;
  if (!isRoot) {
    const text = `${purpose} needs these Debian packages:\n  sudo ${line}`;
    if (options.optional) say(text);
    else fail(text);
    return false;
  }
  say(`Installing Debian packages for ${purpose}: ${lacking.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...lacking], { env, quiet: true });
  let result = install();
  if (!result.ok) {
    run('apt-get', ['update'], { env, quiet: true });
    result = install();
  }
  if (!result.ok) {
    const text = `Could not install them:\n${result.output.split('\n').slice(-8).join('\n')}\nRun by hand: ${line}`;
    if (options.optional) say(text);
    else fail(text);
  }
  return result.ok;
}

/**
 * Makes sure that a window can be opened: the libraries, and without a display an Xvfb of our own that ends with this process.
 * @returns {Promise<NodeJS.ProcessEnv>} the environment for Electron
 */
export async function ensureDisplay() {
  if (process.platform !== 'linux') return process.env;
  const hasDisplay = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  ensureDebianPackages(hasDisplay ? libraries : [...libraries, ...headless], 'the window');
  if (hasDisplay) return process.env;
  say('No display here: starting Xvfb.');
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  process.on('exit', () => server.kill());
  const display = await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', () => reject(new Error('Xvfb ended at once')));
    /** @type {import('node:stream').Readable} */ (server.stdio[3]).once('data', (data) => resolve(`:${data.toString().trim()}`));
  }).catch((error) => fail(`Xvfb did not start: ${error.message}`));
  server.unref();
  /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (server.stdio[3])).unref?.();
  return { ...process.env, DISPLAY: display };
}

/** Chromium refuses its sandbox to root; only then is it switched off, and only on the command line. */
export const sandboxArguments = process.platform === 'linux' && isRoot ? ['--no-sandbox'] : [];
