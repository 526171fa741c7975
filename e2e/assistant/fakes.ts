import type { CatalogSnapshot, ObjectDetail } from '../../src-preload/contract/catalog';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { Column } from '../../src-preload/contract/queries';
import { AppError } from '../../src-main/errors';
import type { CatalogService } from '../../src-main/catalog/service';
import type { ConnectionsService } from '../../src-main/connections/service';
import type { Connection, ResultSink } from '../../src-main/drivers/driver';
import { encodeRows } from '../../src-main/drivers/rows';
import type { GuardService } from '../../src-main/guard/service';
import type { HistoryService, ResultStore } from '../../src-main/queries/service';

/** Stand-ins for the assistant's neighbours, for tests of the talk with the model; what touches a server is tested on real ones. */

export const profile: ConnectionProfile = {
  id: 'c1',
  name: 'shop',
  target: { engine: 'postgresql', host: '127.0.0.1', port: 5432, database: 'shop', user: 'reader', tls: { mode: 'disable' } },
  environment: 'dev',
  color: 'blue',
  readOnly: false,
};

export interface FakeServer {
  profile: ConnectionProfile;
  /** Statements that ran in the read-only lane. */
  readonly reads: string[];
  /** Statements that ran on sessions of their own. */
  readonly writes: string[];
  readonly closed: string[];
  /** Answers a read; default one row. */
  onRead: (text: string, signal: AbortSignal) => (string | null)[][] | Promise<(string | null)[][]>;
  onWrite: (text: string) => void;
}

export function fakeServer(): FakeServer {
  return { profile, reads: [], writes: [], closed: [], onRead: () => [['1']], onWrite: () => undefined };
}

const planJson = JSON.stringify([{ Plan: { 'Node Type': 'Seq Scan', 'Plan Rows': 7, 'Total Cost': 12.5 } }]);
const column = (name: string): Column => ({ name, type: 'text', family: 'text', source: null });

function fakeConnection(server: FakeServer): Connection {
  return {
    async run(statement: { text: string }, sink: ResultSink) {
      server.writes.push(statement.text);
      server.onWrite(statement.text);
      sink.complete({ command: 'UPDATE', rowsAffected: 3 });
    },
  } as unknown as Connection;
}

export function fakeConnections(server: FakeServer): ConnectionsService {
  return {
    async resolve(id: string) {
      if (id !== server.profile.id) throw new AppError('not_found', 'No such connection.');
      return server.profile;
    },
    driver: () => ({ capabilities: { ask: true } }),
    status: () => ({ id: 'c1', state: 'closed', server: null, error: null, sessions: 0 }),
    session: async () => fakeConnection(server),
    closeSession: async (_id: string, key: string) => void server.closed.push(key),
    withSession: async (_id: string, _options: unknown, work: (connection: Connection) => Promise<unknown>) => work(fakeConnection(server)),
  } as unknown as ConnectionsService;
}

/** Reads begin with SELECT; nothing is parsed. */
export function fakeGuard(server: FakeServer): GuardService {
  const reads = (text: string): boolean => /^\s*(explain|select)\b/i.test(text);
  const guard = {
    of: (): unknown => guard,
    split: async (text: string) => ({ statements: [{ text, range: { from: 0, to: text.length } }], error: null }),
    classify: async (text: string) => (reads(text) ? { class: 'read', readOnly: true, reason: 'only reads', objects: [] } : { class: 'write', readOnly: false, reason: 'updates rows', objects: ['shop.orders'] }),
    confirmations: async () => [],
    async runReadOnly(_connection: Connection, { text }: { text: string }, sink: ResultSink, _limits: unknown, signal: AbortSignal) {
      server.reads.push(text);
      const rows = text.startsWith('EXPLAIN') ? await explained(server, text, signal) : await server.onRead(text, signal);
      signal.throwIfAborted();
      sink.columns((rows[0] ?? ['']).map((_cell, index) => column(`c${index + 1}`)));
      await sink.rows(encodeRows(rows));
      sink.complete({ command: 'SELECT', rowsAffected: rows.length });
      return { rows: rows.length, truncatedBy: null, cellsCut: 0 };
    },
  };
  return guard as unknown as GuardService;
}

/** EXPLAIN answers with a plan, and with the server's error when the query fails. */
async function explained(server: FakeServer, text: string, signal: AbortSignal): Promise<(string | null)[][]> {
  if (text.includes('missing')) await server.onRead(text, signal);
  return [[planJson]];
}

export function fakeCatalog(snapshot: CatalogSnapshot): CatalogService {
  return {
    snapshot: async () => snapshot,
    invalidate: () => undefined,
    async detail(_id: string, object: { schema: string; name: string; kind: 'table' }): Promise<ObjectDetail> {
      const found = snapshot.relations.find((relation) => relation.name === object.name);
      const columns = (found?.columns ?? []).map((known) => ({ ...known, default: null, generated: null, identity: null, primaryKey: known.name === 'id' }));
      return { object, comment: null, owner: null, columns, primaryKey: ['id'], foreignKeys: [], referencedBy: [], indexes: [], constraints: [], triggers: [], partitions: [], rows: 1, bytes: null, ddl: '' };
    },
  } as unknown as CatalogService;
}

export function fakeResults(): ResultStore & { readonly released: string[] } {
  let next = 0;
  const released: string[] = [];
  return {
    released,
    create: () => ({ resultId: `r${++next}`, rows: 0, bytes: 0, append: () => undefined, finish: async () => undefined }),
    release: (ids: readonly string[]) => void released.push(...ids),
  } as unknown as ResultStore & { readonly released: string[] };
}

export function fakeHistory(): HistoryService & { readonly entries: { text: string; status: string }[] } {
  const entries: { text: string; status: string }[] = [];
  return {
    entries,
    begin: ({ text }: { text: string }) => entries.push({ text, status: 'running' }) - 1,
    end: (id: number, { status }: { status: string }) => {
      const entry = entries[id];
      if (entry) entry.status = status;
    },
    list: () => [],
  };
}
