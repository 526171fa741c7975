import type { Driver } from './driver';
import { mysqlDriver } from './mysql/driver';
import { createPgliteDriver } from './pglite/driver';
import { postgresqlDriver } from './postgresql/driver';

/** Parts of the contract that an engine may lack; the suite skips them with the engine's reason, which the report shows. */
type OptionalPart = 'password' | 'observer' | 'terminate' | 'cancelKeepsSession' | 'copyIn';

/** What the suite asks of every engine, in the engine's own words. */
interface SuiteSql {
  /** A statement that runs so many seconds. */
  readonly sleep: (seconds: number) => string;
  /** A statement that returns so many rows. */
  readonly rows: (count: number) => string;
  /** Returns the table's name when it exists, else NULL. */
  readonly tableName: (name: string) => string;
  /** The number of the session's own process. */
  readonly process: string;
  /** Ends a process. */
  readonly endProcess: (process: string) => string;
  /** Has a row while this text runs in another session. */
  readonly running: (text: string) => string;
  /** The server's code for a wrong password, and for a session that was ended from outside while it was idle, where it says one. */
  readonly codes: { readonly wrongPassword: string; readonly ended?: string };
  readonly encoding: string;
  readonly oldestVersion: number;
}

/** An engine as the contract suite sees it. How to start one stands in the suite, for it needs the test servers. */
export interface EngineUnderTest {
  readonly name: 'postgresql' | 'pglite' | 'mysql';
  readonly driver: Driver;
  readonly sql: SuiteSql;
  /** Why a part of the contract does not hold for this engine. */
  readonly lacks: Partial<Record<OptionalPart, string>>;
  /** Frees what the driver itself holds, once all its sessions are closed. */
  readonly close?: () => Promise<void>;
}

const pglite = createPgliteDriver({ program: 'the contract suite' });

const postgresqlSql: SuiteSql = {
  sleep: (seconds) => `SELECT pg_sleep(${seconds})`,
  rows: (count) => `SELECT generate_series(1, ${count})`,
  tableName: (name) => `SELECT to_regclass('${name}')`,
  process: 'SELECT pg_backend_pid()',
  endProcess: (process) => `SELECT pg_terminate_backend(${process})`,
  running: (text) => `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = '${text}'`,
  codes: { wrongPassword: '28P01', ended: '57P01' },
  encoding: 'UTF8',
  oldestVersion: 120_000,
};

/** MySQL and MariaDB: one driver, which server it is started with stands in the suite. */
export const mysqlEngine: EngineUnderTest = {
  name: 'mysql',
  driver: mysqlDriver,
  sql: {
    sleep: (seconds) => `SELECT SLEEP(${seconds})`,
    rows: (count) => `WITH RECURSIVE one AS (SELECT 1 n UNION ALL SELECT n + 1 FROM one WHERE n < 500) SELECT a.n FROM one a, one b, one c, one d LIMIT ${count}`,
    tableName: (name) => `SELECT MAX(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${name}'`,
    process: 'SELECT CONNECTION_ID()',
    endProcess: (process) => `KILL CONNECTION ${process}`,
    running: (text) => `SELECT 1 FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND INFO = '${text}'`,
    codes: { wrongPassword: '1045' },
    encoding: 'utf8mb4',
    oldestVersion: 80_000,
  },
  lacks: { copyIn: 'MySQL and MariaDB have no COPY.' },
};

export const engines: readonly EngineUnderTest[] = [
  { name: 'postgresql', driver: postgresqlDriver, sql: postgresqlSql, lacks: {} },
  {
    name: 'pglite',
    driver: pglite,
    sql: postgresqlSql,
    lacks: {
      password: 'The embedded database has no passwords: who may read the folder may open it.',
      observer: 'There is one backend: nobody can look while a statement runs.',
      terminate: 'There are no server processes that could be ended one by one.',
      copyIn: 'PGlite reads the data of a COPY together with the statement; imports use INSERT instead.',
      cancelKeepsSession: 'A statement without rows is stopped by restarting the embedded database.',
    },
    close: () => pglite.close(),
  },
];
