import { z } from 'zod';
import type { Connection, ResultSink } from '../../drivers/driver';
import { decodeBatch } from '../../drivers/rows';
import { AppError } from '../../errors';
import { createBuiltinTables } from '../builtinTable';
import { withOldSyntax } from '../mentions';
import type { Mentions } from '../mentions';
import { offlineRefusal } from '../offline';
import type { AllowedCode } from './allowed';
import { byName, readFunctions, readRelations, readUniverse } from './catalog';
import type { CatalogFunction, RelationRow, Universe } from './catalog';
import { FunctionJudge } from './functions';
import { liveRefusal } from './judge';
import { passwordsRefusal } from './passwords';
import { BUILTIN_FUNCTIONS, PRIVATE_LOOKUP, relationLookup, universeLookup } from './lookups';
import { LASTING_LOOKUP } from './lasting';
import { relationKey, type LookedRelation } from './privateColumns';

/** How long an answer of the catalog is trusted for classifying; the read-only lane asks anew each time. */
const FRESH_MS = 5_000;
/** Time-out of the guard's own questions to the server. */
const LOOKUP_TIMEOUT_MS = 15_000;
/** Older servers differ in too much that nobody has reviewed. */
const OLDEST_SERVER = 130_000;

const lookedRow = z.tuple([z.string(), z.string(), z.string(), z.array(z.string()).nullable(), z.array(z.tuple([z.string(), z.string()])).nullable(), z.string().nullable()]);

interface Builtin {
  readonly byOid: ReadonlyMap<number, CatalogFunction>;
  readonly byName: ReadonlyMap<string, readonly CatalogFunction[]>;
}

/** What is known of one session's database, and since when. */
interface Known {
  readonly since: number;
  readonly universe: Universe;
  readonly functions: FunctionJudge;
  /** By quoted name. */
  readonly relations: Map<string, readonly RelationRow[]>;
}

export interface LiveQuestion {
  readonly text: string;
  readonly mentions: Mentions;
  /** Ask the server even when the answer is known. */
  readonly fresh: boolean;
  /** Also refuse what reads passwords. */
  readonly withoutPasswords: boolean;
  readonly signal: AbortSignal;
}

export interface LiveCatalogs {
  /** Why the statement is not read-only on this connection; null when it is. Rejects as `Connection.run` does. */
  refusal(connection: Connection, question: LiveQuestion): Promise<string | null>;
  /** What the names mean to the session now, for the check of private columns, by `relationKey`. Rejects as `Connection.run` does. */
  relations(connection: Connection, names: readonly { schema: string | null; name: string }[], signal: AbortSignal): Promise<Map<string, LookedRelation>>;
  /** What of a table may do what a rollback does not undo, as the ends of sentences. Rejects as `Connection.run` does. */
  lasting(connection: Connection, relation: { schema: string | null; name: string }, signal: AbortSignal): Promise<string[]>;
  /** Names mean something else there by now. */
  forget(connection: Connection): void;
}

export function createLiveCatalogs(allowed: AllowedCode): LiveCatalogs {
  const tables = createBuiltinTables();
  const builtins = new Map<string, Builtin>();
  const sessions = new WeakMap<Connection, Known>();

  const builtinOf = async (connection: Connection, signal: AbortSignal): Promise<Builtin> => {
    const key = `${connection.server.product} ${connection.server.version}`;
    const known = builtins.get(key);
    if (known) return known;
    const functions = readFunctions(await ask(connection, BUILTIN_FUNCTIONS, [], signal));
    const builtin = { byOid: new Map(functions.map((entry) => [entry.oid, entry])), byName: byName(functions) };
    builtins.set(key, builtin);
    return builtin;
  };

  const knownOf = async (connection: Connection, { fresh, signal }: LiveQuestion): Promise<Known> => {
    const last = sessions.get(connection);
    if (last && !fresh && performance.now() - last.since < FRESH_MS) return last;
    const since = performance.now();
    const builtin = await builtinOf(connection, signal);
    const universe = readUniverse((await ask(connection, universeLookup(connection.server.versionNumber), [], signal)) ?? '{}');
    const known = { since, universe, functions: new FunctionJudge(builtin.byOid, builtin.byName, universe, allowed), relations: new Map() };
    sessions.set(connection, known);
    return known;
  };

  /** What reading these relations reaches; the names are quoted. */
  const reached = async (connection: Connection, known: Known, wanted: readonly string[], signal: AbortSignal): Promise<void> => {
    const missing = wanted.filter((name) => !known.relations.has(name));
    if (missing.length === 0) return;
    const found = readRelations(await ask(connection, relationLookup(connection.server.versionNumber), [arrayLiteral(missing)], signal));
    for (const name of missing) known.relations.set(name, found.get(name) ?? []);
  };

  return {
    forget: (connection) => void sessions.delete(connection),
    async lasting(connection, { schema, name }, signal) {
      return z.array(z.string()).parse(JSON.parse((await ask(connection, LASTING_LOOKUP, [qualified(schema, name)], signal)) ?? '[]'));
    },
    async relations(connection, names, signal) {
      if (names.length === 0) return new Map();
      const byQuoted = new Map(names.map((name) => [qualified(name.schema, name.name), relationKey(name)]));
      const rows = z.array(lookedRow).parse(JSON.parse((await ask(connection, PRIVATE_LOOKUP, [arrayLiteral([...byQuoted.keys()])], signal)) ?? '[]'));
      return new Map(rows.map(([quotedName, schema, name, columns, family, definition]) => [byQuoted.get(quotedName) ?? '', { schema, name, columns: columns ?? [], family: family ?? [], definition }]));
    },
    async refusal(connection, question) {
      const { versionNumber } = connection.server;
      if (versionNumber < OLDEST_SERVER) return `runs on PostgreSQL ${connection.server.version}, and the read-only lane needs 13 or newer`;
      const version = Math.floor(versionNumber / 10_000);
      const mentions = withOldSyntax(question.mentions, version);
      const table = tables(version);
      // A failed transaction answers nothing any more.
      if (connection.transaction === 'failed' && !question.fresh) return offlineRefusal(mentions, table);
      const known = await knownOf(connection, question);
      const named = relationNames(mentions);
      const rowTypes = rowTypeNames(mentions, (name) => table.hasType(name));
      await reached(connection, known, [...new Set([...named, ...rowTypes])], question.signal);
      const rows = (names: readonly string[]): RelationRow[] => names.flatMap((name) => known.relations.get(name) ?? []);
      const { universe, functions } = known;
      const passwords = question.withoutPasswords ? passwordsRefusal(mentions, rows(named)) : null;
      return passwords ?? liveRefusal({ text: question.text, mentions, universe, functions, relations: rows(named), madeRows: rows(rowTypes), hasBuiltinOperator: (name) => table.hasOperator(name) });
    },
  };
}

function relationNames(mentions: Mentions): string[] {
  return [...new Set(mentions.relations.map(({ schema, name }) => qualified(schema, name)))];
}

/** Names of types that may be the row type of a relation, or the array of one, whose own name begins with underscores. */
function rowTypeNames(mentions: Mentions, isBuiltinType: (name: string) => boolean): string[] {
  const candidates = mentions.types.filter(({ schema, name, asCall }) => !asCall && schema !== 'pg_catalog' && !(schema === null && isBuiltinType(name)));
  return [...new Set(candidates.flatMap(({ schema, name }) => [name, name.replace(/^_/, ''), name.replace(/^__/, '')].map((one) => qualified(schema, one))))];
}

function qualified(schema: string | null, name: string): string {
  return (schema === null ? [name] : [schema, name]).map(quoted).join('.');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function arrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}

/** The one cell of the one row that the guard's own question gives. */
async function ask(connection: Connection, text: string, parameters: string[], signal: AbortSignal): Promise<string | null> {
  let cell: string | null = null;
  const sink: ResultSink = {
    columns: () => undefined,
    rows: (batch) => {
      cell = decodeBatch(batch)[0]?.[0] ?? null;
    },
    notice: () => undefined,
    complete: () => undefined,
  };
  try {
    await connection.run({ text, parameters }, sink, { signal, timeoutMs: LOOKUP_TIMEOUT_MS });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'server_error') {
      throw new AppError('server_error', `The guard could not read the catalog: ${thrown.message}`, { ...thrown.data, hint: 'Without it the statement cannot be judged, so it was not run.' }, { cause: thrown });
    }
    throw thrown;
  }
  return cell;
}
