import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensurePackages } from './prepare.mjs';
import { root, say } from './run.mjs';

ensurePackages();
const bin = (/** @type {string} */ name) => path.join(root, 'node_modules', '.bin', name);

/** Each check by name; they run two at a time. @type {[string, string, string[]][]} */
const checks = [
  ['types', bin('tsc'), ['-p', '.']],
  ['types of the renderer', bin('tsc'), ['-p', 'src-renderer']],
  ['types of the journeys and servers', bin('tsc'), ['-p', 'e2e']],
  ['types of the scripts', bin('tsc'), ['-p', 'scripts']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint']],
  ['layers and cycles', bin('depcruise'), ['src-main', 'src-preload', 'src-renderer', 'e2e', '--config', '.dependency-cruiser.mjs', '--output-type', 'err']],
  ['dead code', bin('knip'), ['--no-progress']],
];

/** @param {[string, string, string[]]} check @returns {Promise<boolean>} */
function runCheck([name, command, args]) {
  const started = Date.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32' });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) => {
      say(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      if (code !== 0) process.stdout.write(`${output.trim()}\n`);
      resolve(code === 0);
    });
  });
}

const waiting = [...checks];
/** @type {boolean[]} */
const results = [];
async function worker() {
  for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await runCheck(check));
}
await Promise.all([worker(), worker()]);
const failed = results.filter((ok) => !ok).length;
process.stdout.write(`${results.length - failed} checks passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
