import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { ServerTarget } from '../../src-preload/contract/connections';

/** A real PostgreSQL server on loopback; a superuser with a password (SCRAM). */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** True when this program started it and may therefore kill it. */
  readonly ours: boolean;
  /** Data folder, where it is ours. */
  readonly folder: string | null;
  url(database?: string): string;
  /** SIGKILL to the postmaster and its children, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** With fsync and full_page_writes; for tests of faults. Default false: faster. */
  readonly durable?: boolean;
  /** More `name=value` settings. */
  readonly settings?: readonly string[];
}

const environmentKey = 'AI_SHELL_TEST_POSTGRES';

/** The newest installed PostgreSQL's program folder, as Debian lays it out, or the one on the PATH. */
export function postgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  if (existsSync(debian)) {
    const versions = readdirSync(debian).filter((name) => existsSync(path.join(debian, name, 'bin', 'initdb')));
    const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
    if (newest) return path.join(debian, newest, 'bin');
  }
  const onPath = (process.env.PATH ?? '').split(path.delimiter).find((folder) => existsSync(path.join(folder, 'initdb')));
  return onPath ?? null;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** PostgreSQL refuses to run as root, so that root starts it as Debian's `postgres` user. */
function serverIdentity(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim());
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts a server of its own in a temporary folder; rejects when PostgreSQL is not installed. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (!programs) throw new Error('PostgreSQL is not installed. On Debian: apt-get install postgresql');
  const identity = serverIdentity();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-pg-'));
  const data = path.join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  const user = 'ai_shell_test';
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password);
  if ('uid' in identity) [folder, passwordFile].forEach((file) => chownSync(file, identity.uid, identity.gid));

  const init = spawnSync(
    path.join(programs, 'initdb'),
    ['-D', data, '-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...identity, cwd: folder, encoding: 'utf8' },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr || init.error?.message}`);

  const port = await freePort();
  const fast = options.durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'];
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, 'max_connections=100', 'timezone=UTC', ...fast, ...(options.settings ?? [])];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];

  let child: ChildProcess | null = null;
  const url = (database = 'postgres'): string => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  const start = async (): Promise<void> => {
    const started = spawn(path.join(programs, 'postgres'), args, { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    started.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    child = started;
    const deadline = Date.now() + 30_000;
    for (;;) {
      if (started.exitCode !== null) throw new Error(`PostgreSQL ended at once: ${log}`);
      if (await answers(url())) return;
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not answer within 30 s: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      const running = child;
      child = null;
      if (!running || running.exitCode !== null) return resolve();
      running.once('exit', () => resolve());
      if (signal === 'SIGKILL') spawnSync('pkill', ['-KILL', '-P', String(running.pid)]);
      running.kill(signal);
    });
  const onExit = (): void => void child?.kill('SIGQUIT');
  process.on('exit', onExit);
  await start();
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    ours: true,
    folder: data,
    url,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: async () => {
      await end('SIGINT');
      process.off('exit', onExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** For global set-ups: the server of the usual variables (PGHOST ...) if they name one, else one of our own. */
export async function provideTestServer(): Promise<() => Promise<void>> {
  if (process.env.PGHOST) {
    const { PGHOST, PGPORT = '5432', PGUSER = 'postgres', PGPASSWORD = '' } = process.env;
    process.env[environmentKey] = JSON.stringify({ host: PGHOST, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD });
    return async () => undefined;
  }
  const server = await startPostgres();
  process.env[environmentKey] = JSON.stringify({ host: server.host, port: server.port, user: server.user, password: server.password });
  return () => server.stop();
}

export interface TestDatabase {
  readonly target: ServerTarget;
  readonly password: string;
  readonly url: string;
  /** Runs SQL as the superuser on this database, on a connection of its own. */
  query<Row extends object = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A fresh database on the server of the global set-up; call `drop` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const shared = process.env[environmentKey];
  if (!shared) throw new Error('No test server: run this under vitest or Playwright with their global set-up.');
  const server = JSON.parse(shared) as { host: string; port: number; user: string; password: string };
  const database = `test_${randomBytes(6).toString('hex')}`;
  const onDatabase = async <T>(name: string, work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ ...server, database: name });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  await onDatabase('postgres', (client) => client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`));
  return {
    target: { engine: 'postgresql', host: server.host, port: server.port, database, user: server.user, tls: { mode: 'disable' } },
    password: server.password,
    url: `postgres://${server.user}:${encodeURIComponent(server.password)}@${server.host}:${server.port}/${database}`,
    query: <Row extends object>(text: string, parameters?: unknown[]) => onDatabase(database, async (client) => (await client.query<Row>(text, parameters)).rows),
    drop: () => onDatabase('postgres', async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))),
  };
}
