import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDebianPackages, ensureDisplay } from './display.mjs';
import { ensureBuild, ensurePackages } from './prepare.mjs';
import { root, runAttached, say } from './run.mjs';

/** What a test runner reports: see `e2e/setup/closingReport.ts`. @typedef {{ passed: number, failed: number, notRun: { name: string, reason: string }[] }} Report */

const folder = path.join(root, 'test-results');
const started = Date.now();
const filters = process.argv.slice(2);

ensurePackages();
const hasServer = Boolean(process.env.PGHOST) || ensureDebianPackages(['postgresql', 'postgresql-contrib'], 'the integration tests', { optional: true });
const hasMariadb = ensureDebianPackages(['mariadb-server'], 'the tests of MySQL and MariaDB', { optional: true });
const hasSsh = ensureDebianPackages(['openssh-server', 'openssh-client'], 'the tests of SSH tunnels', { optional: true });
ensureDebianPackages(['dbus', 'gnome-keyring'], 'the keychain tests', { optional: true });
await ensureBuild();
const { ensureElectron } = await import('./electron-runtime.mjs');
const electron = await ensureElectron();
const env = { ...(await ensureDisplay()), AI_SHELL_TEST_ELECTRON: electron.executable };
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** @param {string} name @param {string[]} args @returns {Promise<Report>} */
async function suite(name, args) {
  const file = path.join(folder, `${name}.json`);
  say(`Running the ${name} tests ...`);
  const status = await runAttached(process.execPath, args, { env: { ...env, AI_SHELL_TEST_REPORT: file } });
  if (!existsSync(file)) return { passed: 0, failed: 1, notRun: [{ name: `all ${name} tests`, reason: `the runner ended with status ${status} before it reported` }] };
  /** @type {Report} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A runner that fails although no test did (an error outside of them) must not look green.
  return status !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report;
}

const reports = [
  await suite('unit and integration', [path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...filters]),
  await suite('desktop', [path.join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', ...filters]),
];
const notRun = reports.flatMap((report) => report.notRun);
if (!hasServer) notRun.push({ name: 'integration tests', reason: 'PostgreSQL is not installed and PGHOST names no server' });
if (!hasMariadb) notRun.push({ name: 'tests of MySQL and MariaDB', reason: 'mariadb-server is not installed' });
if (!hasSsh) notRun.push({ name: 'tests of SSH tunnels', reason: 'openssh-server is not installed' });
const passed = reports.reduce((sum, report) => sum + report.passed, 0);
const failed = reports.reduce((sum, report) => sum + report.failed, 0) + (hasServer ? 0 : 1) + (hasMariadb ? 0 : 1) + (hasSsh ? 0 : 1);
process.stdout.write(`\nElectron ${electron.version}, Node ${process.versions.node}, ${Math.round((Date.now() - started) / 1000)} s\n`);
process.stdout.write(notRun.length === 0 ? 'Everything ran.\n' : `Not run:\n${notRun.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
