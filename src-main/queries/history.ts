import { parameterValue, type HistoryEntry, type ParameterValue } from '../../src-preload/contract/queries';
import { currentOwner, ownerAlive, type Store } from '../store/service';
import { maskSecrets } from './maskSecrets';

/** Older entries are dropped at start. */
const keptEntries = 100_000;

interface HistoryRow {
  id: number;
  at: string;
  connection_id: string;
  connection_name: string;
  text: string;
  origin: HistoryEntry['origin'];
  status: HistoryEntry['status'];
  milliseconds: number | null;
  rows: number | null;
  error: string | null;
  parameters: string | null;
}

export interface HistoryBeginning {
  readonly connectionId: string;
  readonly connectionName: string;
  readonly text: string;
  readonly origin: HistoryEntry['origin'];
  /** The tab that ran it. */
  readonly documentId?: string | undefined;
  /** What the text's parameters were; secret ones are left out. */
  readonly parameters?: readonly ParameterValue[] | undefined;
}

/** What was run, by whom, how it ended. Rows that were `running` when their program died are `interrupted` at the next start. */
export interface HistoryService {
  /** Passwords that the text states are masked. */
  begin(entry: HistoryBeginning): number;
  end(id: number, result: { status: 'done' | 'failed' | 'cancelled'; milliseconds: number; rows: number | null; error: string | null }): void;
  /** Newest first. `search` is found anywhere in the text, without regard to ASCII case; `before` is an id, `since` ISO 8601 in UTC. */
  list(query: { search: string; connectionId?: string | undefined; documentId?: string | undefined; before?: number | undefined; since?: string | undefined; limit: number }): HistoryEntry[];
}

/** `redact` cuts the run's known secrets out of what is stored. */
export function createHistoryService({ store, redact = (text) => text }: { store: Store; redact?: (text: string) => string }): HistoryService {
  const owner = currentOwner();
  const cleaned = (text: string): string => maskSecrets(redact(text));
  markInterrupted(store);
  store.run('DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?', keptEntries);
  return {
    begin: ({ connectionId, connectionName, text, origin, documentId, parameters = [] }) =>
      store.run(
        `INSERT INTO history (at, connection_id, connection_name, text, origin, status, owner, document_id, parameters) VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?)`,
        new Date().toISOString(),
        connectionId,
        connectionName,
        cleaned(text),
        origin,
        owner,
        documentId ?? null,
        storedParameters(parameters, redact),
      ).lastInsertRowid,
    end(id, { status, milliseconds, rows, error }) {
      store.run('UPDATE history SET status = ?, milliseconds = ?, rows = ?, error = ? WHERE id = ?', status, milliseconds, rows, error === null ? null : cleaned(error), id);
    },
    list: (query) => listEntries(store, query),
  };
}

function markInterrupted(store: Store): void {
  const owners = store.all<{ owner: string }>(`SELECT DISTINCT owner FROM history WHERE status = 'running'`);
  for (const { owner } of owners) {
    if (!ownerAlive(owner)) store.run(`UPDATE history SET status = 'interrupted' WHERE status = 'running' AND owner = ?`, owner);
  }
}

function listEntries(store: Store, query: Parameters<HistoryService['list']>[0]): HistoryEntry[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add(`text LIKE ? ESCAPE '\\'`, query.search === '' ? undefined : `%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
  // Other databases of the connection are among it.
  add(`? IN (connection_id, substr(connection_id, 1, instr(connection_id || '#', '#') - 1))`, query.connectionId);
  add('document_id = ?', query.documentId);
  add('id < ?', query.before);
  add('at >= ?', query.since);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const columns = 'id, at, connection_id, connection_name, text, origin, status, milliseconds, rows, error, parameters';
  return store.all<HistoryRow>(`SELECT ${columns} FROM history ${where} ORDER BY id DESC LIMIT ?`, ...values, query.limit).map(entryOf);
}

function entryOf({ connection_id: connectionId, connection_name: connectionName, parameters, ...row }: HistoryRow): HistoryEntry {
  return { ...row, connectionId, connectionName, parameters: readParameters(parameters) };
}

function storedParameters(parameters: readonly ParameterValue[], redact: (text: string) => string): string | null {
  const told = parameters.map((parameter) => (parameter.secret ? { ...parameter, value: '' } : { ...parameter, value: redact(parameter.value) }));
  return told.length === 0 ? null : JSON.stringify(told);
}

function readParameters(text: string | null): ParameterValue[] {
  if (text === null) return [];
  const read = parameterValue.array().safeParse(JSON.parse(text));
  return read.success ? read.data : [];
}
