import { objectKind, type ObjectKind, type ObjectPage, type SchemaEntry } from '../../../../src-preload/contract/catalog';
import type { Introspector } from '../../introspect';
import type { MysqlSession } from '../session';
import { quoteText } from '../sqlText';

const systemSchemas = ['information_schema', 'mysql', 'performance_schema', 'sys'];

/** Schema, kind, name, comment, estimated rows and bytes of everything that the tree shows. */
const everything = `SELECT TABLE_SCHEMA AS s, CASE WHEN TABLE_TYPE LIKE '%VIEW%' THEN 'view' WHEN TABLE_TYPE = 'SEQUENCE' THEN 'sequence' ELSE 'table' END AS k, TABLE_NAME AS n,
  IF(TABLE_TYPE LIKE '%VIEW%', '', TABLE_COMMENT) AS c, TABLE_ROWS AS r, DATA_LENGTH + INDEX_LENGTH AS b FROM information_schema.TABLES
UNION ALL SELECT ROUTINE_SCHEMA, LOWER(ROUTINE_TYPE), ROUTINE_NAME, ROUTINE_COMMENT, NULL, NULL FROM information_schema.ROUTINES WHERE ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
UNION ALL SELECT EVENT_SCHEMA, 'event', EVENT_NAME, EVENT_COMMENT, NULL, NULL FROM information_schema.EVENTS`;

/** Counted without the columns that make the server open every table. */
const counts = `SELECT s, k, COUNT(*) FROM (
  SELECT TABLE_SCHEMA AS s, CASE WHEN TABLE_TYPE LIKE '%VIEW%' THEN 'view' WHEN TABLE_TYPE = 'SEQUENCE' THEN 'sequence' ELSE 'table' END AS k FROM information_schema.TABLES
  UNION ALL SELECT ROUTINE_SCHEMA, LOWER(ROUTINE_TYPE) FROM information_schema.ROUTINES WHERE ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
  UNION ALL SELECT EVENT_SCHEMA, 'event' FROM information_schema.EVENTS) o GROUP BY s, k`;

/** The connected database comes first: there may be very many others. */
export async function readSchemas(session: MysqlSession, signal: AbortSignal): Promise<SchemaEntry[]> {
  const names = await session.readRows('SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME <> COALESCE(DATABASE(), SCHEMA_NAME), SCHEMA_NAME', signal);
  const entries = new Map<string, SchemaEntry>(names.map(([name]) => [name ?? '', { name: name ?? '', system: systemSchemas.includes((name ?? '').toLowerCase()), counts: {} }]));
  for (const [schema, kind, count] of await session.readRows(counts, signal)) {
    const entry = entries.get(schema ?? '');
    if (entry) entry.counts[objectKind.parse(kind)] = Number(count);
  }
  return [...entries.values()].sort((a, b) => Number(a.system) - Number(b.system));
}

type PageQuery = Parameters<Introspector['objects']>[1];

export async function readPage(session: MysqlSession, { schema, kind, search, offset, limit }: PageQuery, signal: AbortSignal): Promise<ObjectPage> {
  const conditions = [
    schema === null ? `s NOT IN (${systemSchemas.map(quoteText).join(', ')})` : `s = ${quoteText(schema)}`,
    ...(kind === null ? [] : [`k = ${quoteText(kind)}`]),
    ...(search === '' ? [] : [`LOCATE(${quoteText(search.toLowerCase())}, LOWER(n)) > 0`]),
  ].join(' AND ');
  const [total] = await session.readRows(`SELECT COUNT(*) FROM (${everything}) o WHERE ${conditions}`, signal);
  const rows = await session.readRows(`SELECT s, k, n, c, r, b FROM (${everything}) o WHERE ${conditions} ORDER BY n, s, k LIMIT ${limit} OFFSET ${offset}`, signal);
  const number = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : Number(text));
  return {
    total: Number(total?.[0] ?? 0),
    objects: rows.map(([objectSchema, objectKindName, name, comment, estimate, bytes]) => ({
      schema: objectSchema ?? '',
      name: name ?? '',
      kind: objectKindName as ObjectKind,
      comment: comment ? comment : null,
      rows: number(estimate),
      bytes: number(bytes),
    })),
  };
}
