import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import type { ServerTarget } from '../../src-preload/contract/connections';
import { freePort } from './postgresql';

/** A real MariaDB server on loopback, or the MySQL server that MYSQL_URL names; its user may do everything. */
export interface MysqlServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** SIGKILL, as a crash would; absent where it is not ours. */
  readonly kill?: () => Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no MariaDB here; null when there is one. */
export function mariadbMissing(): string | null {
  return program('mariadbd') && program('mariadb-install-db') ? null : 'MariaDB is not installed. On Debian: apt-get install mariadb-server';
}

function program(name: string): string | null {
  const folders = ['/usr/sbin', '/usr/bin', ...(process.env.PATH ?? '').split(path.delimiter)];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** MariaDB does not run as root unless told to: root starts it as Debian's `mysql` user. */
function serverIdentity(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'mysql'], { encoding: 'utf8' }).stdout.trim());
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts a server of its own in a temporary folder; rejects when MariaDB is not installed. */
export async function startMariadb(options: { settings?: readonly string[] } = {}): Promise<MysqlServer> {
  const missing = mariadbMissing();
  if (missing) throw new Error(missing);
  const identity = serverIdentity();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-maria-'));
  const data = path.join(folder, 'data');
  const user = 'ai_shell_test';
  const password = randomBytes(12).toString('hex');
  const initFile = path.join(folder, 'init.sql');
  writeFileSync(initFile, `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';\nGRANT ALL PRIVILEGES ON *.* TO '${user}'@'%' WITH GRANT OPTION;\n`);
  if (identity) [folder, initFile].forEach((file) => chownSync(file, identity.uid, identity.gid));
  const as = identity ?? {};

  const init = spawnSync(program('mariadb-install-db') ?? '', ['--no-defaults', `--datadir=${data}`, `--tmpdir=${folder}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', '--innodb-flush-method=nosync'], { ...as, cwd: folder, encoding: 'utf8' });
  if (init.status !== 0) throw new Error(`mariadb-install-db failed: ${init.stdout}${init.stderr}`);

  const port = await freePort();
  const args = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${folder}`, `--socket=${path.join(folder, 'socket')}`, `--port=${port}`, '--bind-address=127.0.0.1', `--init-file=${initFile}`, '--skip-log-bin', '--skip-name-resolve', '--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--default-time-zone=+00:00', '--event-scheduler=ON', ...(options.settings ?? [])];
  const started: ChildProcess = spawn(program('mariadbd') ?? '', args, { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  started.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
  const onExit = (): void => void started.kill('SIGKILL');
  process.on('exit', onExit);
  const deadline = Date.now() + 60_000;
  while (!(await answers({ host: '127.0.0.1', port, user, password }))) {
    if (started.exitCode !== null) throw new Error(`MariaDB ended at once: ${log}`);
    if (Date.now() > deadline) throw new Error(`MariaDB did not answer within 60 s: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (started.exitCode !== null || started.signalCode !== null) return resolve();
      started.once('exit', () => resolve());
      started.kill(signal);
    });
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      process.off('exit', onExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The MySQL server that MYSQL_URL names, or null. */
export function givenMysql(): MysqlServer | null {
  if (!process.env.MYSQL_URL) return null;
  const { hostname, port, username, password } = new URL(process.env.MYSQL_URL);
  return { host: hostname, port: Number(port || 3306), user: decodeURIComponent(username), password: decodeURIComponent(password), stop: () => Promise.resolve() };
}

async function answers(server: { host: string; port: number; user: string; password: string }): Promise<boolean> {
  try {
    const connection = await createConnection(server);
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

export interface MysqlDatabase {
  readonly target: ServerTarget;
  readonly password: string;
  readonly url: string;
  /** Runs statements as a user that may do everything, on a connection of its own; resolves with the last one's rows. */
  query<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A fresh database on a server. */
export async function mysqlDatabase(server: MysqlServer): Promise<MysqlDatabase> {
  const { host, port, user, password } = server;
  const database = `test_${randomBytes(6).toString('hex')}`;
  const connected = async <T>(name: string | undefined, work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await createConnection({ host, port, user, password, multipleStatements: true, ...(name === undefined ? {} : { database: name }) });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  await connected(undefined, (connection) => connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`));
  return {
    target: { engine: 'mysql', host, port, database, user, tls: { mode: 'disable' } },
    password,
    url: `mysql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}?ssl-mode=DISABLED`,
    query: <Row extends object>(text: string) =>
      connected(database, async (connection) => {
        const [rows] = await connection.query(text);
        return rows as Row[];
      }),
    drop: () => connected(undefined, async (connection) => void (await connection.query(`DROP DATABASE IF EXISTS ${database}`))),
  };
}
