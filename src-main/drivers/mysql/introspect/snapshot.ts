import type { CatalogSnapshot } from '../../../../src-preload/contract/catalog';
import type { MysqlSession } from '../session';

const others = "NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')";

type Relation = CatalogSnapshot['relations'][number];

/** Everything that completion and name resolution need, without the server's own databases; sorted, so that it is stable. */
export async function readSnapshot(session: MysqlSession, signal: AbortSignal): Promise<CatalogSnapshot> {
  const read = (text: string): Promise<(string | null)[][]> => session.readRows(text, signal);
  const [[current = null] = []] = await read('SELECT DATABASE()');
  const schemas = (await read(`SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME ${others} ORDER BY SCHEMA_NAME`)).map(([name]) => name ?? '');
  const relations = new Map<string, Relation>();
  for (const [schema, name, type, comment, rows] of await read(`SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_COMMENT, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA ${others} ORDER BY TABLE_SCHEMA, TABLE_NAME`)) {
    const kind = type?.includes('VIEW') ? 'view' : type === 'SEQUENCE' ? 'sequence' : 'table';
    relations.set(idOf(schema, name), { schema: schema ?? '', name: name ?? '', kind, comment: kind === 'table' && comment ? comment : null, rows: rows === null || rows === undefined ? null : Number(rows), columns: [], primaryKey: [] });
  }
  for (const [schema, table, name, type, nullable, comment, key] of await read(`SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT, COLUMN_KEY FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ${others} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`)) {
    const relation = relations.get(idOf(schema, table));
    relation?.columns.push({ name: name ?? '', type: type ?? '', nullable: nullable === 'YES', comment: comment ? comment : null });
    if (key === 'PRI') relation?.primaryKey.push(name ?? '');
  }
  return {
    searchPath: current === null ? [] : [current],
    schemas,
    relations: [...relations.values()],
    foreignKeys: await readForeignKeys(read),
    functions: (await read(`SELECT ROUTINE_SCHEMA, ROUTINE_NAME, DTD_IDENTIFIER FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_SCHEMA ${others} ORDER BY ROUTINE_SCHEMA, ROUTINE_NAME`)).map(([schema, name, returns]) => ({ schema: schema ?? '', name: name ?? '', arguments: '', returns: returns ?? '' })),
    enums: [],
  };
}

function idOf(schema: string | null | undefined, name: string | null | undefined): string {
  return JSON.stringify([schema, name]);
}

async function readForeignKeys(read: (text: string) => Promise<(string | null)[][]>): Promise<CatalogSnapshot['foreignKeys']> {
  const keys = new Map<string, CatalogSnapshot['foreignKeys'][number]>();
  const rows = await read(`SELECT CONSTRAINT_NAME, TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE
WHERE REFERENCED_TABLE_NAME IS NOT NULL AND TABLE_SCHEMA ${others} ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`);
  for (const [name, schema, table, column, refSchema, refTable, refColumn] of rows) {
    const id = JSON.stringify([schema, table, name]);
    const key = keys.get(id) ?? { schema: schema ?? '', table: table ?? '', columns: [], refSchema: refSchema ?? '', refTable: refTable ?? '', refColumns: [] };
    key.columns.push(column ?? '');
    key.refColumns.push(refColumn ?? '');
    keys.set(id, key);
  }
  return [...keys.values()];
}
