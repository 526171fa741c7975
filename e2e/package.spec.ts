import { expect, test } from '@playwright/test';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkout, temporaryHome } from './program';
import { drawnShare, startScreen, writePng } from './servers/screen';

const hasXvfb = spawnSync('Xvfb', ['-help']).error === undefined;
const folder = path.join(checkout, 'dist', 'linux-unpacked');
const program = path.join(folder, 'ai-shell-desktop');

/** Fuses as electron-builder.yml wants them; '0' is off, '1' on. */
const fuses: readonly [FuseV1Options, boolean][] = [
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, false],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false],
];

test.describe('the packed program', () => {
  test.skip(process.platform !== 'linux', 'the packed program is tried on Linux only');

  test.beforeAll(async () => {
    test.setTimeout(600_000);
    const { packProgram } = await import('../scripts/package.mjs');
    await packProgram([], { quiet: true });
  });

  test('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(program);
    const on = '1'.charCodeAt(0);
    for (const [fuse, wanted] of fuses) expect([FuseV1Options[fuse], Number(wire[fuse]) === on]).toEqual([FuseV1Options[fuse], wanted]);
  });

  test('carries no sources, no maps, no other system and no loader', () => {
    const resources = path.join(folder, 'resources');
    expect(readdirSync(resources).sort()).toEqual(['app.asar', 'app.asar.unpacked']);
    const loose = readdirSync(path.join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' });
    expect(loose.filter((name) => /\.(map|ts|h|cc)$|win32|darwin|\.dylib$|\.dll$/.test(name))).toEqual([]);
    // The list of files stands in plain at the head of the archive.
    const archive = readFileSync(path.join(resources, 'app.asar'));
    const head = archive.subarray(0, archive.readUInt32LE(4)).toString('latin1');
    const absent = ['electron-vite', '"playwright', '"typescript"', '"vitest"', '.js.map"', '"e2e"', '"src-main"'];
    expect(absent.filter((name) => head.includes(name))).toEqual([]);
  });

  test('starts as a plain process, shows its window and ends when it is told to', async () => {
    test.skip(!hasXvfb, 'Xvfb is not installed');
    test.setTimeout(400_000);
    const screen = await startScreen();
    const { home, remove } = temporaryHome();
    const readyFile = path.join(home, 'ready.json');
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(program, [...sandbox, `--ready-file=${readyFile}`], { env: { ...process.env, DISPLAY: screen.display, AI_SHELL_HOME: home }, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = outputOf(child);
    try {
      await expect.poll(() => existsSync(readyFile) || child.exitCode !== null, { timeout: 90_000, message: 'the ready file' }).toBe(true);
      expect(child.exitCode, output()).toBeNull();
      expect(JSON.parse(readFileSync(readyFile, 'utf8'))).toMatchObject({ pid: child.pid });
      // Tabs, tree and text cover a good part of a window that works; a blank or an error page does not.
      await expect.poll(() => drawnShare(screen.picture()), { timeout: 60_000, message: output() }).toBeGreaterThan(0.1);
      // The demo is built by workers inside the archive, with packages beside it.
      const demo = path.join(home, 'state', 'demo');
      await expect.poll(() => existsSync(demo) && readdirSync(demo).some((name) => /^shop-\d+$/.test(name)), { timeout: 180_000, message: output() }).toBe(true);
      writePng(path.join(checkout, 'test-results', 'screens', 'packed-program.png'), screen.picture());
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    } finally {
      child.kill('SIGKILL');
      screen.stop();
      remove();
    }
  });
});

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return () => output;
}
