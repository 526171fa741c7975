import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { AppErrorData } from '../../src-preload/contract/error';
import type { EditColumn, EditTarget, ForeignKeyEnd, LookupRow } from '../../src-preload/contract/rowEdits';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import type { ReadOnlyLimits } from '../drivers/driver';
import { quoteIdentifier, quoteLiteral } from '../drivers/sqlText';
import { AppError, toAppError } from '../errors';
import type { GuardService } from '../guard/service';
import { keyIs } from './literals';
import { collect, type Returned } from './rows';

export interface Lookup {
  readonly columns: string[];
  readonly labelColumn: string | null;
  readonly rows: LookupRow[];
  readonly more: boolean;
}

export interface ReferenceCount {
  readonly foreignKey: string;
  readonly schema: string;
  readonly table: string;
  readonly rows: number | null;
  readonly error: AppErrorData | null;
}

interface Services {
  readonly connections: Pick<ConnectionsService, 'withSession'>;
  readonly catalog: Pick<CatalogService, 'editTarget'>;
  readonly guard: Pick<GuardService, 'runReadOnly'>;
}

interface OnTable {
  readonly connectionId: string;
  readonly object: ObjectRef;
}

const MOST_ROWS = 50;
/** Counting stops here: the person wants to know whether there are some, few or many. */
const MOST_COUNTED = 10_000;
const limits: ReadOnlyLimits = { statementTimeoutMs: 8_000, lockTimeoutMs: 2_000, maxRows: MOST_ROWS + 1, maxBytes: 2 ** 20, maxCellBytes: 300 };

/** A query of the program about somebody's table, through the read-only lane. */
async function read({ connections, guard }: Services, connectionId: string, texts: readonly string[], signal: AbortSignal): Promise<(Returned | AppError)[]> {
  return connections.withSession(connectionId, { applicationName: 'ai-shell lookup', signal }, async (connection) => {
    const all: (Returned | AppError)[] = [];
    for (const text of texts) {
      const { sink, returned } = collect();
      try {
        await guard.runReadOnly(connection, { text }, sink, limits, signal);
        all.push(returned);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'cancelled' || error.code === 'connection_lost') throw error;
        all.push(error);
      }
    }
    return all;
  });
}

const describing = /^(name|title|label|display_?name|full_?name|caption|subject|email|user_?name|login|code|sku|description)$/i;
const texts = /^(text|character varying|character|name|citext)\b/;

/** The column that tells a person which row it is: one with a telling name, else the first text that is not the key. */
export function labelColumn(columns: readonly Pick<EditColumn, 'name' | 'baseType'>[], key: readonly string[]): string | null {
  const candidates = columns.filter(({ name, baseType }) => !key.includes(name) && texts.test(baseType));
  const rank = ({ name }: { name: string }): number => {
    const index = ['name', 'title', 'label'].findIndex((word) => name.toLowerCase() === word);
    if (index >= 0) return index;
    return describing.test(name) ? 5 : /name|title/i.test(name) ? 6 : 9;
  };
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0]?.name ?? null;
}

/** The SELECT behind the picker. Keys are searched as text, from their beginning; the label anywhere. */
export function lookupStatement(references: ForeignKeyEnd['references'], label: string | null, search: string): string {
  const keys = references.columns.map(quoteIdentifier);
  const shown = label === null ? null : quoteIdentifier(label);
  const from = `SELECT ${[...keys, shown ?? 'NULL'].join(', ')}\nFROM ${quoteIdentifier(references.schema)}.${quoteIdentifier(references.table)}`;
  if (search === '') return `${from}\nORDER BY ${keys.join(', ')}\nLIMIT ${MOST_ROWS + 1}`;
  const pattern = search.replace(/[\\%_]/g, '\\$&');
  const conditions = [...keys.map((key) => `${key}::text ILIKE ${quoteLiteral(`${pattern}%`)}`), ...(shown === null ? [] : [`${shown} ILIKE ${quoteLiteral(`%${pattern}%`)}`])];
  const first = [`${keys.map((key) => `${key}::text = ${quoteLiteral(search)}`).join(' OR ')}`, ...(shown === null ? [] : [`coalesce(${shown} ILIKE ${quoteLiteral(`${pattern}%`)}, false)`])];
  return `${from}\nWHERE ${conditions.join('\n  OR ')}\nORDER BY ${first.map((one) => `(${one}) DESC`).join(', ')}, ${[...(shown === null ? [] : [shown]), ...keys].join(', ')}\nLIMIT ${MOST_ROWS + 1}`;
}

/** Rows that a foreign key may lead to. Rejects with `not_found` for a key that is gone, and with what the read-only lane says. */
export async function lookUp(services: Services, { connectionId, object, foreignKey, search }: OnTable & { foreignKey: string; search: string }, signal: AbortSignal): Promise<Lookup> {
  const target = await services.catalog.editTarget(connectionId, object, signal);
  const found = target.foreignKeys.find(({ name }) => name === foreignKey);
  if (found === undefined) throw new AppError('not_found', `There is no foreign key “${foreignKey}” any more.`, { hint: 'Read the table again.' });
  const { references } = found;
  const referenced = await services.catalog.editTarget(connectionId, { schema: references.schema, name: references.table, kind: references.kind }, signal);
  const label = labelColumn(referenced.columns, references.columns);
  const [result] = await read(services, connectionId, [lookupStatement(references, label, search.trim())], signal);
  if (result === undefined || result instanceof AppError) throw result ?? new AppError('internal', 'The lookup returned nothing.');
  const rows = result.rows.map((row) => ({ key: row.slice(0, references.columns.length).map((cell) => cell ?? ''), label: row[references.columns.length] ?? null }));
  return { columns: references.columns, labelColumn: label, rows: rows.slice(0, MOST_ROWS), more: rows.length > MOST_ROWS };
}

/** How many rows refer to a row, for each foreign key that leads to its table. */
export async function countReferences(services: Services, { connectionId, object, cells }: OnTable & { cells: Readonly<Record<string, string | null>> }, signal: AbortSignal): Promise<ReferenceCount[]> {
  const target = await services.catalog.editTarget(connectionId, object, signal);
  const statements = target.referencedBy.map((reference) => countStatement(target, reference, cells));
  const results = await read(services, connectionId, statements, signal);
  return target.referencedBy.map(({ name, schema, table }, index) => {
    const result = results[index];
    const failed = result instanceof AppError ? result.data : null;
    return { foreignKey: name, schema, table, rows: result === undefined || result instanceof AppError ? null : Number(result.rows[0]?.[0] ?? 0), error: failed };
  });
}

function countStatement(target: EditTarget, reference: EditTarget['referencedBy'][number], cells: Readonly<Record<string, string | null>>): string {
  const conditions = reference.columns.map((name, index) => {
    const to = target.columns.find((column) => column.name === reference.references.columns[index]);
    const cell = to === undefined ? null : (cells[to.name] ?? null);
    return to === undefined || cell === null ? 'false' : keyIs({ ...to, name, compare: 'value' }, cell);
  });
  return `SELECT count(*) FROM (SELECT 1 FROM ${quoteIdentifier(reference.schema)}.${quoteIdentifier(reference.table)}\nWHERE ${conditions.join(' AND ')} LIMIT ${MOST_COUNTED}) found`;
}
