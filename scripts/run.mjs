import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** The checkout's root folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Says on stderr what is being done, so that stdout stays free for results. @param {string} text */
export function say(text) {
  process.stderr.write(`[ai-shell] ${text}\n`);
}

/** Ends the program with the remedy on stderr. @param {string} text @returns {never} */
export function fail(text) {
  process.stderr.write(`[ai-shell] ${text}\n`);
  process.exit(1);
}

/**
 * Runs a command to its end; its output goes to stderr so that a caller's stdout stays clean.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 * @returns {{ ok: boolean, output: string }}
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32' && command === 'npm',
  });
  const output = options.quiet ? `${result.stdout ?? ''}${result.stderr ?? ''}` : '';
  return { ok: result.status === 0, output: result.error ? result.error.message : output };
}

/**
 * Starts a command with this terminal and resolves with its exit status; signals are passed on.
 * @param {string} command @param {string[]} args @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function runAttached(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: options.env ?? process.env, stdio: 'inherit' });
    /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM']).forEach((signal) => process.on(signal, () => child.kill(signal)));
    child.on('error', (error) => {
      say(`${command} did not start: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}
