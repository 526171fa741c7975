import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { ConnectionProfile, ConnectionStatus, ServerInfo, ServerTarget } from '../../src-preload/contract/connections';
import type { Connection, ConnectTarget, Driver, TransactionState } from '../drivers/driver';
import { AppError } from '../errors';
import type { SecretsService } from '../secrets/service';
import { createSecretsService } from '../secrets/secrets';
import { openWorkspace } from '../workspace/workspace';
import { createConnectionsService } from './connections';
import { connectionsHandlers } from './handlers';
import type { ConnectionsService } from './service';
import { Sessions } from './sessions';

const info: ServerInfo = { product: 'Fake', version: '1', versionNumber: 1, user: 'u', database: 'd', superuser: false, encoding: 'UTF8', timeZone: 'UTC', encrypted: false };

/** A session that the test moves by hand. */
class HandSession implements Connection {
  readonly server = info;
  transaction: TransactionState = 'idle';
  closed = false;
  pingFails: AppError | null = null;
  private readonly listeners: ((reason: Error) => void)[] = [];
  run = () => Promise.resolve();
  ping = () => (this.pingFails ? Promise.reject(this.pingFails) : Promise.resolve());
  close = () => {
    this.closed = true;
    return Promise.resolve();
  };
  onLost = (listener: (reason: Error) => void) => void this.listeners.push(listener);
  lose(): void {
    for (const listener of this.listeners) listener(new AppError('connection_lost', 'cut'));
  }
}

interface Attempt {
  readonly target: ConnectTarget;
  readonly signal: AbortSignal;
  accept(): HandSession;
  refuse(error: AppError): void;
}

function handDriver(): { driver: Driver; attempts: Attempt[]; automatic: boolean } {
  const attempts: Attempt[] = [];
  const state = { attempts, automatic: true, driver: undefined as unknown as Driver };
  const able = true as const;
  state.driver = {
    engine: 'postgresql',
    capabilities: { cancel: able, statementTimeout: able, parallelSessions: able, transactions: able, readOnlyLane: able, explain: able, explanation: able, ask: able, introspect: able, notices: able, parameters: able, copyIn: able, imports: able, tableExport: able, rowEdits: able, structure: able, tls: able, processes: able, roles: able },
    connect: (target, { signal }) =>
      new Promise((resolve, reject) => {
        const session = new HandSession();
        attempts.push({ target, signal, accept: () => (resolve(session), session), refuse: reject });
        signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled while connecting.')));
        if (state.automatic) resolve(session);
      }),
  };
  return state;
}

const profile = (over: Partial<ConnectionProfile> = {}): ConnectionProfile => ({
  id: '',
  name: 'Shop',
  target: { engine: 'postgresql', host: 'h', port: 5432, database: 'd', user: 'u', tls: { mode: 'prefer' } },
  environment: 'dev',
  color: 'blue',
  readOnly: false,
  ...over,
});
const demoProfile = profile({ id: 'demo', name: 'Demo shop', target: { engine: 'pglite', folder: '/demo' } });
const signal = new AbortController().signal;
const asked = { applicationName: 'test', signal };

let folder: string;
let secrets: SecretsService;
let hand: ReturnType<typeof handDriver>;
let connections: ConnectionsService;
let statuses: ConnectionStatus[];

const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };

function build(environment: Record<string, string> = {}): ConnectionsService {
  const service = createConnectionsService({ workspace: openWorkspace(path.join(folder, '.ai-shell')), secrets, drivers: { postgresql: hand.driver, mysql: hand.driver, pglite: hand.driver }, demoProfile, environment, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
  service.onStatus((status) => statuses.push(status));
  return service;
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'connections-'));
  secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  hand = handDriver();
  statuses = [];
  connections = build();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const yaml = (): Promise<string> => readFile(path.join(folder, '.ai-shell', 'connections.yaml'), 'utf8');
const lastPassword = (): string | undefined => hand.attempts.at(-1)?.target.password;

describe('profiles', () => {
  test('are saved without their secret, found by id, name and URL, and removed with their password', async () => {
    const saved = await connections.save(profile(), { kind: 'set', password: 'top-secret-1' });
    expect(saved.id).toMatch(/^shop-[0-9a-f]{8}$/);
    expect(await yaml()).not.toContain('top-secret-1');
    expect((await connections.list()).map((one) => one.id)).toEqual(['demo', saved.id]);
    expect(await connections.resolve('SHOP')).toEqual(saved);
    expect(await connections.resolve(saved.id)).toEqual(saved);
    const direct = await connections.resolve('postgres://u:in-the-url@other/d');
    expect(direct).toMatchObject({ name: 'postgres://u@other:5432/d?sslmode=prefer', target: { host: 'other' } });
    await connections.session(direct.id, 'k', asked);
    expect(lastPassword()).toBe('in-the-url');
    expect(secrets.redact('in-the-url')).toBe('***');
    expect(await connections.hasPassword(saved)).toBe(true);
    await connections.remove(saved.id);
    expect(await connections.hasPassword(saved)).toBe(false);
    await expect(connections.resolve('shop')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('have unique names; the demo is nobody\'s to change', async () => {
    const saved = await connections.save(profile(), { kind: 'ask' });
    await expect(connections.save(profile({ name: ' shop ' }), { kind: 'ask' })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(connections.save(profile({ name: 'demo SHOP' }), { kind: 'ask' })).rejects.toMatchObject({ code: 'bad_input' });
    await expect(connections.save({ ...demoProfile, name: 'x' }, { kind: 'ask' })).rejects.toMatchObject({ code: 'refused' });
    await expect(connections.remove('demo')).rejects.toMatchObject({ code: 'refused' });
    await expect(connections.save(profile({ id: 'gone', name: 'Gone' }), { kind: 'ask' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await connections.save({ ...saved, name: 'SHOP' }, { kind: 'keep' })).toMatchObject({ id: saved.id, name: 'SHOP' });
  });

  test('written by hand may leave out what has a default; a duplicate is named with its line', async () => {
    await connections.save(profile(), { kind: 'ask' });
    const file = path.join(folder, '.ai-shell', 'connections.yaml');
    const byHand = 'connections:\n  - id: a\n    name: A # mine\n    target: { engine: postgresql, host: h, database: d, user: u }\n';
    await writeFile(file, byHand);
    expect(await connections.resolve('a')).toMatchObject({ target: { port: 5432, tls: { mode: 'prefer' } }, environment: 'dev', readOnly: false });
    await writeFile(file, `${byHand}  - id: b\n    name: a\n    target: { engine: pglite, folder: x }\n`);
    await expect(connections.list()).rejects.toMatchObject({ code: 'bad_input', message: expect.stringMatching(/line 6: connections\[1\]\.name/) as string });
  });

  test('the window hears of password, status and demo, never of the password itself', async () => {
    const saved = await connections.save(profile(), { kind: 'set', password: 'top-secret-2' });
    const list = await connectionsHandlers(connections, (file) => file).list(undefined, { signal });
    expect(list).toMatchObject([{ id: 'demo', demo: true, hasPassword: false }, { id: saved.id, demo: false, hasPassword: true, status: { state: 'closed', sessions: 0 } }]);
    expect(JSON.stringify(list)).not.toContain('top-secret-2');
  });

  test('nothing is saved when the place of secrets is locked', async () => {
    secrets = createSecretsService({ folder: path.join(folder, 'elsewhere'), keychain: noKeychain });
    connections = build();
    await expect(connections.save(profile(), { kind: 'set', password: 'pass' })).rejects.toMatchObject({ code: 'secrets_locked' });
    expect(await connections.list()).toEqual([demoProfile]);
  });
});

describe('passwords', () => {
  const refused = new AppError('connection_failed', 'password authentication failed, you said wrong-one', { serverCode: '28P01' });

  test('typed, then stored, then PGPASSWORD', async () => {
    connections = build({ PGPASSWORD: 'from-variable' });
    const saved = await connections.save(profile(), { kind: 'ask' });
    const { id } = saved;
    await connections.session(id, 'a', asked);
    expect(lastPassword()).toBe('from-variable');
    await connections.save(saved, { kind: 'set', password: 'stored' });
    await connections.session(id, 'b', asked);
    expect(lastPassword()).toBe('stored');
    await connections.open(id, 'typed', signal);
    expect(lastPassword()).toBe('typed');
  });

  test('a wrong one that was typed is not tried again, and is cut from the error', async () => {
    hand.automatic = false;
    const { id } = await connections.save(profile(), { kind: 'ask' });
    const opening = connections.open(id, 'wrong-one', signal);
    await expect.poll(() => hand.attempts.length).toBe(1);
    hand.attempts[0]?.refuse(refused);
    await expect(opening).rejects.toMatchObject({ code: 'connection_failed', message: 'password authentication failed, you said ***', data: { connection: 'Shop', serverCode: '28P01' } });
    hand.automatic = true;
    await connections.session(id, 'x', asked);
    expect(lastPassword()).toBeUndefined();
  });

  test('a locked place only matters when the server wants a password', async () => {
    const { id } = await connections.save(profile(), { kind: 'ask' });
    secrets = createSecretsService({ folder: path.join(folder, 'elsewhere'), keychain: noKeychain });
    connections = build();
    await connections.session(id, 'trusting', asked);
    hand.automatic = false;
    const opening = connections.session(id, 'strict', asked);
    await expect.poll(() => hand.attempts.length).toBe(2);
    hand.attempts[1]?.refuse(refused);
    await expect(opening).rejects.toMatchObject({ code: 'secrets_locked' });
  });

  const elsewhere: Partial<ServerTarget>[] = [{ host: 'evil' }, { port: 6432 }, { user: 'other' }, { tls: { mode: 'require' } }, { tls: { mode: 'verify-full', ca: '/tmp/other.pem' } }];
  test.each(elsewhere)('neither a stored nor a typed one follows an edited definition to %j', async (edit) => {
    const target = { engine: 'postgresql', host: 'h', port: 5432, database: 'd', user: 'u', tls: { mode: 'verify-full', ca: '/tmp/ca.pem' } } as const;
    const saved = await connections.save(profile({ target }), { kind: 'set', password: 'stored' });
    const { id } = saved;
    await connections.open(id, undefined, signal);
    expect(lastPassword()).toBe('stored');
    await connections.close(id);
    const file = path.join(folder, '.ai-shell', 'connections.yaml');
    const changed = { ...saved, target: { ...target, ...edit } };
    await writeFile(file, stringify({ connections: [changed] }));
    expect(await connections.hasPassword(changed)).toBe(false);
    hand.automatic = false;
    const attempts = hand.attempts.length;
    const opening = connections.session(id, 'x', asked);
    await expect.poll(() => hand.attempts.length).toBe(attempts + 1);
    expect(lastPassword()).toBeUndefined();
    hand.attempts.at(-1)?.refuse(refused);
    await expect(opening).rejects.toMatchObject({ code: 'connection_failed', message: expect.stringContaining('u on h:5432 (TLS verify-full)') as unknown, data: { serverCode: '28P01' } });
    hand.automatic = true;
    await connections.test(id, changed.target, { kind: 'keep' }, signal);
    expect(lastPassword()).toBeUndefined();
    await connections.open(id, 'typed', signal);
    expect(lastPassword()).toBe('typed');
    await connections.close(id);
    await writeFile(file, stringify({ connections: [{ ...changed, target: { ...changed.target, host: 'third' } }] }));
    await connections.session(id, 'y', asked);
    expect(lastPassword()).toBeUndefined();
    connections = build();
    await writeFile(file, stringify({ connections: [{ ...saved, target: { ...target, host: 'H', database: 'other' } }] }));
    await connections.session(id, 'z', asked);
    expect(lastPassword()).toBe('stored');
  });

  test('the test button uses what the form says and saves nothing', async () => {
    const { id, target } = await connections.save(profile(), { kind: 'set', password: 'stored' });
    expect(await connections.test(id, target, { kind: 'keep' }, signal)).toMatchObject({ ok: true, server: info });
    expect(lastPassword()).toBe('stored');
    await connections.test(id, target, { kind: 'set', password: 'new-one' }, signal);
    expect(lastPassword()).toBe('new-one');
    await connections.test(id, target, { kind: 'keep' }, signal);
    expect(lastPassword()).toBe('stored');
    hand.automatic = false;
    const testing = connections.test('', target, { kind: 'set', password: 'wrong-one' }, signal);
    await expect.poll(() => hand.attempts.length).toBe(4);
    hand.attempts[3]?.refuse(refused);
    expect(await testing).toMatchObject({ ok: false, error: { code: 'connection_failed', serverCode: '28P01' } });
  });
});

describe('sessions', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await connections.save(profile(), { kind: 'ask' }));
  });
  const session = async (key = 'tab'): Promise<HandSession> => (await connections.session(id, key, asked)) as HandSession;

  test('one for each key, opened once even when many ask at once', async () => {
    const [a, b, c] = await Promise.all([session('1'), session('1'), session('2')]);
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    expect(hand.attempts).toHaveLength(2);
    expect(connections.status(id)).toMatchObject({ state: 'open', sessions: 2, server: info });
    await connections.closeSession(id, '1');
    expect(a.closed).toBe(true);
    expect(connections.status(id).sessions).toBe(1);
  });

  test('an opening is given up only when the last who waits goes away', async () => {
    hand.automatic = false;
    const [first, second] = [new AbortController(), new AbortController()];
    const one = connections.session(id, 'k', { applicationName: 't', signal: first.signal });
    const two = connections.session(id, 'k', { applicationName: 't', signal: second.signal });
    await expect.poll(() => hand.attempts.length).toBe(1);
    first.abort();
    await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    expect(hand.attempts[0]?.signal.aborted).toBe(false);
    second.abort();
    await expect(two).rejects.toMatchObject({ code: 'cancelled' });
    expect(hand.attempts[0]?.signal.aborted).toBe(true);
    await expect.poll(() => connections.status(id).state).toBe('closed');
  });

  test('lost while idle: the next who asks gets a new one', async () => {
    const first = await session();
    first.lose();
    expect(connections.status(id)).toMatchObject({ state: 'lost', error: { code: 'connection_lost' } });
    const second = await session();
    expect(second).not.toBe(first);
    expect(statuses.map((status) => status.state)).toEqual(['connecting', 'open', 'lost', 'connecting', 'open']);
  });

  test('lost inside a transaction: says so once, then opens a new one', async () => {
    const first = await session();
    first.transaction = 'open';
    first.lose();
    await expect(session()).rejects.toMatchObject({ code: 'connection_lost', message: expect.stringMatching(/transaction.*rolled/) as string });
    expect(hand.attempts).toHaveLength(1);
    expect(await session()).not.toBe(first);
  });

  test('a changed target is used once no transaction is open', async () => {
    const first = await session();
    first.transaction = 'open';
    const [, saved] = await connections.list();
    await connections.save({ ...(saved as ConnectionProfile), target: { ...(profile().target as object), host: 'moved' } as ConnectionProfile['target'] }, { kind: 'keep' });
    expect(await session()).toBe(first);
    first.transaction = 'idle';
    expect(await session()).not.toBe(first);
    expect(first.closed).toBe(true);
    expect(hand.attempts[1]?.target.target).toMatchObject({ host: 'moved' });
  });

  test('a short-lived one is closed also when the work fails', async () => {
    let used: HandSession | undefined;
    const work = connections.withSession(id, asked, (connection) => {
      used = connection as HandSession;
      expect(connections.status(id).sessions).toBe(1);
      return Promise.reject(new Error('work failed'));
    });
    await expect(work).rejects.toThrow('work failed');
    expect(used?.closed).toBe(true);
    expect(connections.status(id).sessions).toBe(0);
  });

  test('closing a connection gives up openings and closes all its sessions', async () => {
    const open = await session('1');
    hand.automatic = false;
    const opening = session('2');
    await expect.poll(() => hand.attempts.length).toBe(2);
    const settled = expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await connections.close(id);
    await settled;
    expect(open.closed).toBe(true);
    expect(connections.status(id)).toEqual({ id, state: 'closed', server: null, error: null, sessions: 0 });
  });

  test('after a rest a session is asked whether it still answers', async () => {
    let now = 0;
    const pool = new Sessions({ now: () => now });
    const { target } = profile();
    const made: HandSession[] = [];
    const open = () => {
      const connection = new HandSession();
      made.push(connection);
      return Promise.resolve({ connection, target });
    };
    const request = { id: 'c', key: 'k', applicationName: 't', signal };
    const first = await pool.get(request, target, open);
    now = 60_000;
    expect(await pool.get(request, target, open)).toBe(first);
    (first as HandSession).pingFails = new AppError('busy', 'runs');
    now = 120_000;
    expect(await pool.get(request, target, open)).toBe(first);
    (first as HandSession).pingFails = new AppError('connection_lost', 'cut');
    expect(await pool.get(request, target, open)).toBe(first);
    now = 180_000;
    expect(await pool.get(request, target, open)).toBe(made[1]);
    expect(made[0]?.closed).toBe(true);
  });
});
