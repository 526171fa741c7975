import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { ConnectionProfile, ServerTarget } from '../../src-preload/contract/connections';
import type { EditValue, Original, RowChange } from '../../src-preload/contract/rowEditLog';
import { rowId } from '../../src-preload/contract/rowEditFold';
import type { ApplyOutcome, EditTarget } from '../../src-preload/contract/rowEdits';
import { createCatalogService } from '../catalog/service';
import type { Connection } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import type { GuardService } from '../guard/service';
import { originalCell } from './capture';
import { runText } from './rows';
import { createRowEditsService, type RowEditsDependencies, type RowEditsService } from './service';

export const signal = new AbortController().signal;
export const text = (value: string): EditValue => ({ kind: 'text', text: value });

/** The service over a real database, with a session to look at it. */
export interface Bench {
  readonly database: TestDatabase;
  readonly service: RowEditsService;
  readonly session: Connection;
  readonly history: { text: string; status: string }[];
  run(sql: string): Promise<(string | null)[][]>;
  target(name: string, kind?: ObjectRef['kind']): Promise<EditTarget>;
  /** The changes of rows as they are read right now, found by a condition. */
  read(name: string, where: string): Promise<{ row: string; original: Original }>;
  apply(name: string, changes: RowChange[], options?: { confirmed?: boolean; signal?: AbortSignal; onTransaction?: (transaction: string) => void }): Promise<ApplyOutcome>;
  close(): Promise<void>;
}

export const table = (name: string, kind: ObjectRef['kind'] = 'table'): ObjectRef => ({ schema: 'public', name, kind });

/** How a bench is made: `profile` changes the connection's settings, `reach` the address under which it is reached. */
type MakeBench = (sql: string, profile?: Partial<ConnectionProfile>, reach?: (target: ServerTarget) => ServerTarget, existing?: TestDatabase) => Promise<Bench>;

export const benchWith =
  (guard: GuardService): MakeBench =>
  (...given) =>
    makeBench(guard, ...given);

async function makeBench(guard: GuardService, sql: string, profile: Partial<ConnectionProfile> = {}, reach: (target: ServerTarget) => ServerTarget = (target) => target, existing?: TestDatabase): Promise<Bench> {
  const database = existing ?? (await testDatabase());
  const open = (target: ServerTarget = database.target): Promise<Connection> =>
    postgresqlDriver.connect({ target, password: database.password }, { signal, applicationName: 'ai-shell test' });
  const session = await open();
  const run = async (statement: string): Promise<(string | null)[][]> => (await runText(session, statement, signal)).rows;
  await run(sql);
  const complete: ConnectionProfile = { id: 'c', name: 'shop', target: database.target, environment: 'dev', color: 'gray', readOnly: false, ...profile };
  const browsing = await open();
  const history: { text: string; status: string }[] = [];
  const catalog = createCatalogService({ connections: { resolve: async () => complete, driver: () => postgresqlDriver, session: async () => browsing, onStatus: () => () => undefined } });
  const connections: RowEditsDependencies['connections'] = {
    resolve: async () => complete,
    status: () => ({ id: 'c', state: 'open', server: session.server, error: null, sessions: 1 }),
    withSession: async (_id, _options, work) => {
      const connection = await open(reach(database.target));
      try {
        return await work(connection);
      } finally {
        await connection.close();
      }
    },
  };
  const nothingStored = (): never => {
    throw new Error('No result is stored here.');
  };
  const service = createRowEditsService({
    connections,
    catalog,
    guard,
    history: { begin: (entry) => history.push({ text: entry.text, status: 'running' }) - 1, end: (id, { status }) => void (history[id] = { text: history[id]?.text ?? '', status }) },
    results: { columns: nothingStored, window: nothingStored, cell: nothingStored },
  });
  const on = (name: string, kind?: ObjectRef['kind']) => ({ connectionId: 'c', object: table(name, kind) });
  const target = (name: string, kind?: ObjectRef['kind']): Promise<EditTarget> => service.target(on(name, kind), signal);
  return {
    database,
    service,
    session,
    history,
    run,
    target,
    async read(name, where) {
      const { columns, rows } = await runText(session, `SELECT * FROM "${name.replaceAll('"', '""')}" WHERE ${where}`, signal);
      const original = Object.fromEntries(columns.map((column, index) => [column, originalCell(rows[0]?.[index] ?? null)]));
      const { key } = await target(name);
      return { row: rowId(key.map((column) => rows[0]?.[columns.indexOf(column)] ?? '')), original };
    },
    async apply(name, changes, options = {}) {
      const plan = await service.plan({ ...on(name), changes }, signal);
      return service.apply({ ...on(name), changes, hash: plan.hash, confirmed: options.confirmed ?? false }, options.onTransaction ?? (() => undefined), options.signal ?? signal);
    },
    async close() {
      await Promise.all([session.close(), browsing.close()]);
      if (!existing) await database.drop();
    },
  };
}
