import type { CatalogSnapshot } from '../../../../src-preload/contract/catalog';
import type { MysqlSession } from '../session';

const others = "NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')";

type Relation = CatalogSnapshot['relations'][number];

type Read = (text: string) => Promise<string[][]>;

/** Everything that completion and name resolution need, without the server's own databases; sorted, so that it is stable. */
export async function readSnapshot(session: MysqlSession, signal: AbortSignal): Promise<CatalogSnapshot> {
  // NULL reads as empty: names are neither.
  const read: Read = async (text) => (await session.readRows(text, signal)).map((row) => row.map((cell) => cell ?? ''));
  const [[current = ''] = []] = await read('SELECT DATABASE()');
  const schemas = await read(`SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME ${others} ORDER BY SCHEMA_NAME`);
  const functions = await read(`SELECT ROUTINE_SCHEMA, ROUTINE_NAME, DTD_IDENTIFIER FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_SCHEMA ${others} ORDER BY ROUTINE_SCHEMA, ROUTINE_NAME`);
  return {
    searchPath: current === '' ? [] : [current],
    schemas: schemas.flat(),
    relations: await readRelations(read),
    foreignKeys: await readForeignKeys(read),
    functions: functions.map(([schema = '', name = '', returns = '']) => ({ schema, name, arguments: '', returns })),
    enums: [],
  };
}

async function readRelations(read: Read): Promise<Relation[]> {
  const relations = new Map<string, Relation>();
  for (const [schema = '', name = '', type = '', comment = '', rows = ''] of await read(`SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_COMMENT, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA ${others} ORDER BY TABLE_SCHEMA, TABLE_NAME`)) {
    const kind = type.includes('VIEW') ? 'view' : type === 'SEQUENCE' ? 'sequence' : 'table';
    relations.set(idOf(schema, name), { schema, name, kind, comment: kind === 'table' && comment !== '' ? comment : null, rows: rows === '' ? null : Number(rows), columns: [], primaryKey: [] });
  }
  await addColumns(read, relations);
  return [...relations.values()];
}

async function addColumns(read: Read, relations: ReadonlyMap<string, Relation>): Promise<void> {
  for (const [schema = '', table = '', name = '', type = '', nullable, comment = '', key] of await read(`SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT, COLUMN_KEY FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ${others} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`)) {
    const relation = relations.get(idOf(schema, table));
    relation?.columns.push({ name, type, nullable: nullable === 'YES', comment: comment === '' ? null : comment });
    if (key === 'PRI') relation?.primaryKey.push(name);
  }
}

function idOf(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

async function readForeignKeys(read: Read): Promise<CatalogSnapshot['foreignKeys']> {
  const keys = new Map<string, CatalogSnapshot['foreignKeys'][number]>();
  const rows = await read(`SELECT CONSTRAINT_NAME, TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE
WHERE REFERENCED_TABLE_NAME IS NOT NULL AND TABLE_SCHEMA ${others} ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`);
  for (const [name, schema = '', table = '', column = '', refSchema = '', refTable = '', refColumn = ''] of rows) {
    const id = JSON.stringify([schema, table, name]);
    const key = keys.get(id) ?? { schema, table, columns: [], refSchema, refTable, refColumns: [] };
    key.columns.push(column);
    key.refColumns.push(refColumn);
    keys.set(id, key);
  }
  return [...keys.values()];
}
