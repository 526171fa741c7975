import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemKeychain } from './keychain';
import { createSecretsService } from './secrets';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;
const present = process.platform === 'linux' && has('dbus-daemon') && has('gnome-keyring-daemon');

describe.skipIf(!present)('gnome-keyring, the real one', () => {
  let home: string;
  let bus: ChildProcess;
  const before = { ...process.env };

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'keyring-'));
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
    bus = daemon;
    const [address] = (await once(daemon.stdout, 'data')) as [Buffer];
    // libsecret reads the environment of this process.
    Object.assign(process.env, { DBUS_SESSION_BUS_ADDRESS: address.toString().trim(), HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: path.join(home, 'data') });
    // It puts itself into the background once it serves, and ends with its bus.
    const ring = spawnSync('gnome-keyring-daemon', ['--unlock', '--components=secrets'], { input: 'login password', env: process.env, stdio: ['pipe', 'ignore', 'ignore'] });
    if (ring.status !== 0) throw new Error('gnome-keyring-daemon did not start');
  });
  afterAll(async () => {
    bus.kill('SIGTERM');
    for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'HOME', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await rm(home, { recursive: true, force: true });
  });

  test('is found, keeps a secret for another service to read, and deletes it', async () => {
    const secrets = createSecretsService({ folder: path.join(home, 'config'), keychain: systemKeychain(process.env) });
    expect(await secrets.status()).toEqual({ place: 'keychain', keychain: { available: true, reason: null }, locked: false });
    expect(await secrets.get('connection:x:password')).toBeNull();
    await secrets.set('connection:x:password', 'im Schlüsselbund');
    const other = createSecretsService({ folder: path.join(home, 'other'), keychain: systemKeychain(process.env) });
    expect(await other.get('connection:x:password')).toBe('im Schlüsselbund');
    await other.delete('connection:x:password');
    expect(await secrets.get('connection:x:password')).toBeNull();
  });

  test('nothing that it stored lies readable on disk', async () => {
    const secrets = createSecretsService({ folder: path.join(home, 'config'), keychain: systemKeychain(process.env) });
    await secrets.set('connection:y:password', 'needle-in-the-ring');
    const files = await readdir(home, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(files.filter((entry) => entry.isFile()).map((entry) => readFile(path.join(entry.parentPath, entry.name), 'latin1')));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join('')).not.toContain('needle-in-the-ring');
  });
});

test('without a session bus the answer comes at once, with the reason', async () => {
  // `disabled:` is what Chromium leaves in the environment of a program that has no bus.
  for (const bus of [{}, { DBUS_SESSION_BUS_ADDRESS: 'disabled:' }]) {
    const answer = await systemKeychain({ PATH: process.env['PATH'], ...bus }).probe();
    if (process.platform === 'linux') expect(answer).toEqual({ available: false, reason: expect.stringContaining('There is no D-Bus session') as string });
  }
});

test('a bus that never answers does not hold the process', async () => {
  const { createServer } = await import('node:net');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deaf-bus-'));
  const socket = path.join(folder, 'bus');
  const server = createServer(() => undefined).listen(socket);
  await once(server, 'listening');
  try {
    const began = Date.now();
    const answer = await systemKeychain({ ...process.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` }).probe();
    expect(answer).toEqual({ available: false, reason: expect.stringContaining('did not answer') as string });
    expect(Date.now() - began).toBeLessThan(10_000);
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
