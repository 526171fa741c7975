import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { Connection, ResultSink } from '../../../src-main/drivers/driver';
import { postgresqlDriver } from '../../../src-main/drivers/postgresql/driver';
import { decodeBatch } from '../../../src-main/drivers/rows';
import { EVIL, EVIL_OBJECTS } from '../../../src-main/guard/corpus/evilFixture';
import { SHOP } from '../../../src-main/guard/corpus/fixture';
import type { ProbeSite } from '../../../src-main/guard/probes/probe';
import { startPostgres } from '../../servers/postgresql';
import type { PostgresServer } from '../../servers/postgresql';

/** A real server of its own with the shop, the traps, and everything that the probes watch. */
export interface GuardWorld extends ProbeSite {
  /** Fills in the placeholders of a statement. */
  fill(text: string): string;
  /** A new session of the program's own driver; a superuser's unless a role is named. */
  connect(role?: string): Promise<Connection>;
  /** Makes sure that the session that must not be disturbed is there and asleep. */
  restoreCanary(): Promise<void>;
  /** Resolves when notifications that were sent before have arrived. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const SECRET = 'secret-7f3a9c';

export async function buildWorld(): Promise<GuardWorld> {
  const server = await startPostgres({ settings: ['autovacuum=off', 'shared_preload_libraries=pg_stat_statements', 'wal_level=logical', 'max_replication_slots=20', 'jit=off'] });
  const listener = await listen();
  const folders = makeFolders();
  const admin = await clientOf(server, 'probes');
  const listening = await clientOf(server, 'listening');
  let notified = 0;
  listening.on('notification', () => (notified += 1));
  await listening.query('listen bait');
  let canary = await sleepingSession(server, admin);

  const fill = (text: string): string => {
    const conninfo = `host=127.0.0.1 port=${server.port} user=${server.user} password=${server.password} dbname=postgres`;
    const values: Record<string, string> = {
      conninfo, port: String(listener.port), secret: path.join(folders.secrets, 'bait.txt'), secrets: folders.secrets, drop: folders.drop, canary: String(canary.pid),
    };
    return text.replaceAll(/\{(conninfo|port|secret|secrets|drop|canary)\}/g, (_whole, key: string) => values[key] ?? '');
  };
  await admin.query(`create extension pg_stat_statements; ${SHOP}`);
  await admin.query(fill(EVIL));
  await admin.query(fill(EVIL_OBJECTS));

  return {
    admin,
    notifications: () => notified,
    connections: () => listener.count(),
    secret: SECRET,
    dropFolder: folders.drop,
    dataFolder: server.folder ?? '',
    canary: () => canary.pid,
    fill,
    async connect(role) {
      const target = { engine: 'postgresql', host: server.host, port: server.port, database: 'postgres', user: role ?? server.user, tls: { mode: 'disable' } } as const;
      const password = role === undefined ? server.password : 'plain';
      return postgresqlDriver.connect({ target, password }, { signal: new AbortController().signal, applicationName: 'ai-shell guard' });
    },
    async restoreCanary() {
      const [row] = (await admin.query<{ state: string }>(`select state from pg_stat_activity where pid = $1`, [canary.pid])).rows;
      if (row?.state === 'active') return;
      await canary.end();
      canary = await sleepingSession(server, admin);
    },
    async settle() {
      // The server sends notifications before it answers the next question.
      await listening.query('select 1');
    },
    async close() {
      await canary.end();
      await listening.end();
      await admin.end();
      listener.close();
      await server.stop();
      folders.remove();
    },
  };
}

function makeFolders(): { secrets: string; drop: string; remove(): void } {
  const root = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-guard-'));
  chmodSync(root, 0o755);
  const [secrets, drop] = [path.join(root, 'secrets'), path.join(root, 'drop')];
  mkdirSync(secrets);
  // The path of the file stands in the text of traps, so that only its content, and a name that only a listing tells, prove a reading.
  writeFileSync(path.join(secrets, 'bait.txt'), `${SECRET}\n`);
  writeFileSync(path.join(secrets, SECRET), '');
  mkdirSync(drop);
  // The server runs as another user.
  chmodSync(drop, 0o777);
  return { secrets, drop, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A loopback listener that counts who connects and hangs up. */
async function listen(): Promise<{ port: number; count(): number; close(): void }> {
  let count = 0;
  const server = net.createServer((socket) => {
    count += 1;
    socket.on('error', () => undefined);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, count: () => count, close: () => server.close() };
}

async function clientOf(server: PostgresServer, applicationName: string): Promise<Client> {
  const client = new Client({ connectionString: server.url(), application_name: applicationName });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function sleepingSession(server: PostgresServer, admin: Client): Promise<{ pid: number; end(): Promise<void> }> {
  const client = await clientOf(server, 'canary');
  const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
  const asleep = client.query('select pg_sleep(86400)').catch(() => undefined);
  for (let active = false; !active; ) {
    active = (await admin.query(`select from pg_stat_activity where pid = $1 and state = 'active' and wait_event = 'PgSleep'`, [pid])).rowCount === 1;
  }
  return {
    pid,
    async end() {
      await admin.query('select pg_terminate_backend($1)', [pid]);
      await asleep;
    },
  };
}

/** A sink that keeps all cells as text. */
export function cellSink(): ResultSink & { readonly cells: string[] } {
  const cells: string[] = [];
  return {
    cells,
    columns: () => undefined,
    rows: (batch) => void cells.push(...decodeBatch(batch).flatMap((row) => row.map(String))),
    notice: () => undefined,
    complete: () => undefined,
  };
}
