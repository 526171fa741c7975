import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import { addLine, passwordUser, sshdProgram, startAgent, startSsh, type SshServer } from '../../e2e/servers/ssh';
import type { ServerTarget } from '../../src-preload/contract/connections';
import type { AppErrorData } from '../../src-preload/contract/error';
import { lockOfHop } from '../../src-preload/contract/locks';
import type { TunnelHop } from '../../src-preload/contract/tunnels';
import type { Driver, ResultSink } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { AppError } from '../errors';
import { createSecretsService } from '../secrets/secrets';
import type { SecretsService } from '../secrets/service';
import { openWorkspace } from '../workspace/workspace';
import { createConnectionsService } from './connections';
import type { ConnectionsService } from './service';
import { HostKeys } from './ssh/hostKeys';
import { Tunnels } from './ssh/tunnels';

const signal = new AbortController().signal;
const asked = { applicationName: 'ai-shell tunnel test', signal };
const quiet: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };
const embedded: Driver = { engine: 'pglite', capabilities: postgresqlDriver.capabilities, connect: () => Promise.reject(new AppError('unsupported', 'not in these tests')) };
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };
const missing = sshdProgram() ? null : 'sshd is not installed: apt-get install openssh-server';

let ssh: SshServer;
let jump: SshServer;
let database: TestDatabase;
let folder: string;
let secrets: SecretsService;
let connections: ConnectionsService;

const build = (environment: Record<string, string> = {}): ConnectionsService =>
  createConnectionsService({
    workspace: openWorkspace(folder),
    secrets,
    drivers: { postgresql: postgresqlDriver, mysql: embedded, pglite: embedded },
    environment: {},
    cwd: folder,
    personal: { home: folder, environment },
    knownHosts: path.join(folder, 'config', 'known_hosts'),
  });

beforeAll(async () => {
  if (missing) return;
  [ssh, jump, database] = await Promise.all([startSsh(), startSsh(), testDatabase()]);
  await database.query('CREATE TABLE kept (n int)');
});
afterAll(async () => {
  if (missing) return;
  await Promise.all([ssh.stop(), jump.stop(), database.drop()]);
});
beforeEach(async (context) => {
  if (missing) return context.skip(missing);
  folder = mkdtempSync(path.join(os.tmpdir(), 'tunnels-'));
  secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  connections = build();
});
afterEach(async () => {
  await connections?.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const hop = (server: SshServer, authentication: TunnelHop['authentication'] = { kind: 'key', file: server.keyFile }): TunnelHop => ({ host: server.host, port: server.port, user: server.user, authentication });
const target = (...tunnel: TunnelHop[]): ServerTarget => ({ ...database.target, tunnel });
const password = (): { kind: 'set'; password: string } => ({ kind: 'set', password: database.password });
const knows = (...servers: SshServer[]): void => servers.forEach((server) => addLine(path.join(folder, '.ssh', 'known_hosts'), server.knownHostsLine));
const save = async (to: ServerTarget): Promise<string> => (await connections.save({ id: '', name: 'through', target: to, environment: 'dev', color: 'gray', readOnly: false }, password())).id;
const failure = async (to: ServerTarget, locks?: { lock: string; secret: string }[]): Promise<AppErrorData> => {
  const result = await connections.test('', to, password(), signal, locks);
  if (result.ok) throw new Error('should have failed');
  return result.error;
};
const backends = async (): Promise<number> => (await database.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'ai-shell tunnel test'`)).length;

describe('the key of an SSH server', () => {
  test('is asked about once, kept in the program’s own file for its owner only, and never silently', async () => {
    const error = await failure(target(hop(ssh)));
    expect(error).toMatchObject({ code: 'connection_failed', question: { kind: 'hostKey', host: ssh.host, port: ssh.port, keyType: 'ssh-ed25519', fingerprint: ssh.fingerprint } });
    expect(error.hint).toContain(`--accept-host-key ${ssh.fingerprint}`);
    const own = path.join(folder, 'config', 'known_hosts');
    expect(existsSync(own)).toBe(false);
    await expect(connections.trustHostKey(ssh.host, ssh.port, 'SHA256:somethingelse')).rejects.toMatchObject({ code: 'not_found' });
    await connections.trustHostKey(ssh.host, ssh.port, ssh.fingerprint);
    expect(readFileSync(own, 'utf8')).toBe(ssh.knownHostsLine);
    expect(statSync(own).mode & 0o777).toBe(0o600);
    expect(await connections.test('', target(hop(ssh)), password(), signal)).toMatchObject({ ok: true, server: { product: 'PostgreSQL' } });
    expect(existsSync(path.join(folder, '.ssh'))).toBe(false);
  });

  test('is accepted by the command only when it has the named fingerprint', async () => {
    connections.acceptHostKey(jump.fingerprint);
    expect(await failure(target(hop(ssh)))).toMatchObject({ question: { kind: 'hostKey' } });
    connections.acceptHostKey(ssh.fingerprint);
    expect(await connections.test('', target(hop(ssh)), password(), signal)).toMatchObject({ ok: true });
  });

  test('that changed is refused with both fingerprints and the line that holds the old one', async () => {
    const changing = await startSsh();
    try {
      knows(changing);
      const old = changing.fingerprint;
      await changing.changeHostKey();
      const error = await failure(target(hop(changing)));
      expect(error.message).toContain(old);
      expect(error.message).toContain(changing.fingerprint);
      expect(error.hint).toContain(`line 1 of ${path.join(folder, '.ssh', 'known_hosts')}`);
      expect(error.question).toBeUndefined();
      connections.acceptHostKey(changing.fingerprint);
      expect((await failure(target(hop(changing)))).message).toContain('another key');
    } finally {
      await changing.stop();
    }
  });
});

describe('the login', () => {
  test('by a key behind a passphrase asks for it, says when it is wrong, and stores it beside the password', async () => {
    knows(ssh);
    const locked = hop(ssh, { kind: 'key', file: ssh.lockedKeyFile });
    const lock = lockOfHop(locked)?.lock ?? '';
    expect(await failure(target(locked))).toMatchObject({ question: { kind: 'secret', lock } });
    expect(await failure(target(locked), [{ lock, secret: 'not-it-at-all' }])).toMatchObject({ message: expect.stringContaining('does not open') as string, question: { lock } });
    expect(await connections.test('', target(locked), password(), signal, [{ lock, secret: ssh.passphrase }])).toMatchObject({ ok: true });
    const saved = await connections.save({ id: '', name: 'locked', target: target(locked), environment: 'dev', color: 'gray', readOnly: false }, password(), [{ lock, secret: ssh.passphrase }]);
    expect(await connections.knownLocks(saved)).toEqual([lock]);
    expect(readFileSync(path.join(folder, 'connections.yaml'), 'utf8')).not.toContain(ssh.passphrase);
    await (await connections.session(saved.id, 'a', asked)).ping(signal);
    expect(secrets.redact(`said ${ssh.passphrase}`)).toBe('said ***');
    // A definition that now names another file gets nothing of it.
    await connections.save({ ...saved, target: target(hop(ssh)) }, { kind: 'keep' });
    expect(await connections.knownLocks(saved)).toEqual([]);
  });

  test('by an agent', async () => {
    knows(ssh);
    expect(await failure(target(hop(ssh, { kind: 'agent' })))).toMatchObject({ message: expect.stringContaining('no SSH agent') as string });
    const agent = startAgent(ssh.keyFile);
    try {
      expect(await connections.test('', target(hop(ssh, { kind: 'agent', socket: agent.socket })), password(), signal)).toMatchObject({ ok: true });
      await connections.closeAll();
      connections = build({ SSH_AUTH_SOCK: agent.socket });
      expect(await connections.test('', target(hop(ssh, { kind: 'agent' })), password(), signal)).toMatchObject({ ok: true });
    } finally {
      agent.stop();
    }
  });

  test('by a password', async (context) => {
    const account = passwordUser();
    if (!account) return context.skip('a user with a password can only be made by root');
    try {
      knows(ssh);
      const by = { ...hop(ssh, { kind: 'password' }), user: account.user };
      const lock = lockOfHop(by)?.lock ?? '';
      expect(await failure(target(by))).toMatchObject({ question: { kind: 'secret', lock } });
      expect(await failure(target(by), [{ lock, secret: 'not-the-password' }])).toMatchObject({ message: expect.stringContaining('refused the password') as string, question: { lock } });
      connections.supplySecret(lock, account.password);
      expect(await connections.test('', target(by), password(), signal)).toMatchObject({ ok: true });
    } finally {
      account.remove();
    }
  });

  test('that cannot be says which server and what to try', async () => {
    knows(ssh);
    expect(await failure(target({ ...hop(ssh), user: 'nobody-like-this' }))).toMatchObject({ code: 'connection_failed', message: expect.stringContaining('refused the login') as string });
    expect(await failure(target({ ...hop(ssh), port: 1 }))).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') as string, hint: expect.stringContaining('port') as string });
    expect(await failure(target(hop(ssh, { kind: 'key', file: path.join(folder, 'no-key') })))).toMatchObject({ message: expect.stringContaining('cannot be read') as string });
    expect(await failure({ ...target(hop(ssh)), port: 1 })).toMatchObject({ message: expect.stringContaining('could not reach 127.0.0.1:1') as string });
    expect(await failure(target({ ...hop(ssh), host: '127.0.0.1', port: database.target.port }))).toMatchObject({ code: 'connection_failed', message: expect.stringContaining('SSH server') as string });
  });
});

describe('the tunnel', () => {
  test('leads through a jump host, whose keys are checked one by one, and to a Unix socket', async () => {
    knows(jump);
    expect(await failure(target(hop(jump), hop(ssh)))).toMatchObject({ question: { kind: 'hostKey', port: ssh.port } });
    knows(ssh);
    expect(await connections.test('', target(hop(jump), hop(ssh)), password(), signal)).toMatchObject({ ok: true });
    const sockets = (await database.query<{ folder: string }>(`SELECT current_setting('unix_socket_directories') AS folder`))[0]?.folder ?? '';
    expect(await connections.test('', { ...target(hop(jump), hop(ssh)), host: sockets }, password(), signal)).toMatchObject({ ok: true });
  });

  test('opens no port of this machine, is shared by sessions and their cancel, and ends with the last of them', async () => {
    knows(ssh);
    const listened = net.Server.prototype.listen;
    const listens: unknown[] = [];
    net.Server.prototype.listen = function (this: net.Server, ...args: unknown[]) {
      listens.push(args);
      return listened.apply(this, args as never);
    } as typeof listened;
    try {
      const id = await save(target(hop(ssh)));
      const [first] = await Promise.all(['1', '2', '3'].map((key) => connections.session(id, key, asked)));
      expect(ssh.connections()).toBe(1);
      const cancel = new AbortController();
      const running = first?.run({ text: 'SELECT pg_sleep(60)' }, quiet, { signal: cancel.signal });
      await expect.poll(async () => (await database.query(`SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'`)).length).toBe(1);
      cancel.abort();
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(ssh.connections()).toBe(1);
      await connections.close(id);
      await expect.poll(() => ssh.connections(), { timeout: 10_000 }).toBe(0);
      expect(await backends()).toBe(0);
      expect(listens).toEqual([]);
    } finally {
      net.Server.prototype.listen = listened;
    }
  });

  test('carries large results both ways without loss', async () => {
    knows(ssh);
    const session = await connections.session(await save(target(hop(ssh))), 'big', asked);
    let bytes = 0;
    await session.run({ text: `SELECT repeat(chr(97 + g % 26), 100000) FROM generate_series(1, 300) g` }, { ...quiet, rows: (batch) => void (bytes += batch.bytes.length) }, { signal });
    expect(bytes).toBe(300 * (100_000 + 11));
    await session.run({ text: `SELECT length('${'x'.repeat(5_000_000)}')` }, quiet, { signal });
  });

  test('that is cut while nothing runs is opened anew by the next statement', async () => {
    knows(ssh);
    const id = await save(target(hop(ssh)));
    const first = await connections.session(id, 'idle', asked);
    const lost = new Promise<Error>((resolve) => first.onLost(resolve));
    ssh.cut();
    expect((await lost).message).toContain('SSH tunnel');
    expect(connections.status(id)).toMatchObject({ state: 'lost', error: { code: 'connection_lost' } });
    const second = await connections.session(id, 'idle', asked);
    await second.run({ text: 'SELECT 1' }, quiet, { signal });
    expect(connections.status(id)).toMatchObject({ state: 'open' });
  });

  test('that is cut while a write runs: nobody sends it again, and its outcome is said to be unknown', async () => {
    knows(ssh);
    const id = await save(target(hop(ssh)));
    const session = await connections.session(id, 'write', asked);
    const running = session.run({ text: 'INSERT INTO kept SELECT 7 FROM pg_sleep(5)' }, quiet, { signal });
    const outcome = running.then(() => null, (thrown: unknown) => thrown as AppError);
    const active = async (): Promise<number> => (await database.query(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'INSERT INTO kept SELECT 7%' AND state = 'active'`)).length;
    await expect.poll(active, { interval: 10, timeout: 4000 }).toBe(1);
    ssh.cut();
    expect((await outcome)?.data).toMatchObject({ code: 'connection_lost', message: expect.stringContaining('SSH tunnel') as string, hint: expect.stringContaining('may have run or not') as string });
    const again = await connections.session(id, 'write', asked);
    await again.run({ text: 'SELECT 1' }, quiet, { signal });
    await expect.poll(active, { timeout: 20_000 }).toBe(0);
    expect((await database.query('SELECT * FROM kept WHERE n = 7')).length).toBeLessThanOrEqual(1);
  });

  test('that is cut inside a transaction says once that the transaction is gone', async () => {
    knows(ssh);
    const id = await save(target(hop(ssh)));
    const session = await connections.session(id, 'tx', asked);
    await session.run({ text: 'BEGIN; INSERT INTO kept VALUES (8)' }, quiet, { signal });
    const lost = new Promise((resolve) => session.onLost(resolve));
    ssh.cut();
    await lost;
    await expect(connections.session(id, 'tx', asked)).rejects.toMatchObject({ code: 'connection_lost', message: expect.stringContaining('inside a transaction') as string });
    expect((await connections.session(id, 'tx', asked)).transaction).toBe('idle');
    expect(await database.query('SELECT * FROM kept WHERE n = 8')).toEqual([]);
  });

  test('that answers nothing after a sleep is found at once; one that answers is kept', async () => {
    knows(ssh);
    const id = await save(target(hop(ssh)));
    const session = await connections.session(id, 'sleep', asked);
    await connections.checkAll();
    expect(await connections.session(id, 'sleep', asked)).toBe(session);
    ssh.freeze();
    await connections.checkAll();
    expect(connections.status(id)).toMatchObject({ state: 'lost' });
    const second = await connections.session(id, 'sleep', asked);
    expect(second).not.toBe(session);
    await second.run({ text: 'SELECT 1' }, quiet, { signal });
    ssh.thaw();
  });

  test('whose line is silent is cut by its keep-alive, with the reason', async () => {
    knows(ssh);
    const hostKeys = new HostKeys({ ownFile: path.join(folder, 'own'), otherFiles: [path.join(folder, '.ssh', 'known_hosts')] });
    const tunnels = new Tunnels({ hostKeys, agent: undefined, keepAlive: 200 });
    const dial = tunnels.dialer('one', [hop(ssh)], () => Promise.resolve(undefined));
    const stream = await dial({ host: database.target.host, port: database.target.port }, signal);
    const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
    ssh.freeze();
    expect((await failed).message).toMatch(/SSH tunnel .* was cut \(Keepalive timeout\)/);
    ssh.thaw();
    tunnels.closeAll();
  });

  test('is given up when the person stops connecting', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const stop = new AbortController();
    const test = connections.test('', target({ ...hop(ssh), port: (silent.address() as net.AddressInfo).port }), password(), stop.signal);
    silent.once('connection', () => stop.abort());
    await expect(test).rejects.toMatchObject({ code: 'cancelled' });
    silent.close();
  });

  test('is part of where the database password may go', async () => {
    knows(ssh, jump);
    const id = await save(target(hop(ssh)));
    const [profile] = await connections.list();
    if (!profile) throw new Error('not saved');
    expect(await connections.hasPassword(profile)).toBe(true);
    expect(await connections.hasPassword({ id, target: target(hop(jump)) })).toBe(false);
    expect(await connections.hasPassword({ id, target: database.target })).toBe(false);
  });
});

test('the password file is used, and told, and ignored while others may read it', async () => {
  const { host, port, user } = database.target;
  const file = path.join(folder, '.pgpass');
  writeFileSync(file, `# mine\nother:*:*:*:no\n${host}:${port}:*:${user}:${database.password}\n`);
  chmodSync(file, 0o600);
  expect(await connections.passwordSource(database.target)).toEqual({ file, ignored: null });
  expect(await connections.test('', database.target, { kind: 'ask' }, signal)).toMatchObject({ ok: true });
  chmodSync(file, 0o644);
  expect(await connections.passwordSource(database.target)).toMatchObject({ file, ignored: expect.stringContaining('chmod 600') as string });
  expect(await connections.test('', database.target, { kind: 'ask' }, signal)).toMatchObject({ ok: false, error: { serverCode: '28P01', message: expect.stringContaining('.pgpass was not used') as string } });
});
