import type { ColumnDetail, ObjectDetail, ObjectRef } from '../../../../src-preload/contract/catalog';
import { AppError } from '../../../errors';
import type { MysqlSession } from '../session';
import { quoteName, quoteText } from '../sqlText';

type Row = readonly (string | null)[];
type Read = (text: string) => Promise<Row[]>;

/** Columns, keys, indexes, constraints, triggers, size and DDL of one object. Rejects with `not_found`. */
export async function readDetail(session: MysqlSession, object: ObjectRef, signal: AbortSignal): Promise<ObjectDetail> {
  const read: Read = (text) => session.readRows(text, signal);
  const ddl = await readDdl(session, object, signal);
  const blank: ObjectDetail = {
    object, comment: null, owner: null, columns: [], primaryKey: [], foreignKeys: [], referencedBy: [], indexes: [], constraints: [], triggers: [], partitions: [], rows: null, bytes: null, ddl,
  };
  if (object.kind !== 'table' && object.kind !== 'view') return blank;
  const at = `TABLE_SCHEMA = ${quoteText(object.schema)} AND TABLE_NAME = ${quoteText(object.name)}`;
  const columns = await readColumns(read, at);
  const described = { ...blank, columns, primaryKey: await readPrimaryKey(read, at), triggers: await readTriggers(read, object) };
  if (object.kind === 'view') return described;
  return {
    ...described,
    foreignKeys: await readForeignKeys(read, object),
    referencedBy: await readReferencing(read, object),
    indexes: await readIndexes(read, at),
    constraints: await readConstraints(read, at, session.isMariaDb),
    partitions: await readPartitions(read, object, at),
    ...(await readSize(read, at)),
  };
}

async function readSize(read: Read, at: string): Promise<Pick<ObjectDetail, 'comment' | 'rows' | 'bytes'>> {
  const [[comment, rows = null, table = null, indexes = null] = []] = await read(`SELECT TABLE_COMMENT, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH FROM information_schema.TABLES WHERE ${at}`);
  const bytes = table === null ? null : { table: Number(table), indexes: Number(indexes), total: Number(table) + Number(indexes) };
  return { comment: comment ? comment : null, rows: rows === null ? null : Number(rows), bytes };
}

async function readDdl(session: MysqlSession, { schema, name, kind }: ObjectRef, signal: AbortSignal): Promise<string> {
  const words: Partial<Record<ObjectRef['kind'], readonly [string, number]>> = { table: ['TABLE', 1], view: ['VIEW', 1], sequence: ['SEQUENCE', 1], function: ['FUNCTION', 2], procedure: ['PROCEDURE', 2], event: ['EVENT', 3] };
  const [word, column] = words[kind] ?? ['TABLE', 1];
  try {
    const [row] = await session.readRows(`SHOW CREATE ${word} ${quoteName(schema)}.${quoteName(name)}`, signal);
    // Without the right to read the code the server answers with NULL.
    return row?.[column] ?? `-- The server shows the definition of ${name} to its owner only.\n`;
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'server_error') throw thrown;
    if (['1146', '1305', '1539', '1049', '4089'].includes(thrown.data.serverCode ?? '')) throw new AppError('not_found', `There is no ${kind} ${schema}.${name} any more.`, { hint: 'Refresh the tree.' }, { cause: thrown });
    return `-- ${thrown.message}\n`;
  }
}

async function readColumns(read: Read, at: string): Promise<ColumnDetail[]> {
  const rows = await read(`SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, GENERATION_EXPRESSION, EXTRA, COLUMN_COMMENT, COLUMN_KEY FROM information_schema.COLUMNS WHERE ${at} ORDER BY ORDINAL_POSITION`);
  return rows.map(([name, type, nullable, value, generated, extra, comment, key]) => ({
    name: name ?? '',
    type: type ?? '',
    nullable: nullable === 'YES',
    default: value ?? null,
    generated: generated ? generated : null,
    identity: extra?.includes('auto_increment') ? ('by default' as const) : null,
    comment: comment ? comment : null,
    primaryKey: key === 'PRI',
  }));
}

async function readPrimaryKey(read: Read, at: string): Promise<string[]> {
  return (await read(`SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE ${at} AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX`)).map(([name]) => name ?? '');
}

/** Name, schema, table, column, and the other end's schema, table and column; then the rules. */
const keyColumns = `SELECT k.CONSTRAINT_NAME, k.TABLE_SCHEMA, k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME`;

interface Key {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: string[];
  readonly references: { schema: string; table: string; columns: string[] };
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** Rows of `keyColumns`, a column each, as keys. */
function keysOf(rows: readonly Row[]): Key[] {
  const keys = new Map<string, Key>();
  for (const [name, schema, table, column, refSchema, refTable, refColumn, onDelete, onUpdate] of rows) {
    const id = JSON.stringify([schema, table, name]);
    const key = keys.get(id) ?? { name: name ?? '', schema: schema ?? '', table: table ?? '', columns: [], references: { schema: refSchema ?? '', table: refTable ?? '', columns: [] }, onDelete: onDelete ?? '', onUpdate: onUpdate ?? '' };
    key.columns.push(column ?? '');
    key.references.columns.push(refColumn ?? '');
    keys.set(id, key);
  }
  return [...keys.values()];
}

async function readForeignKeys(read: Read, { schema, name }: ObjectRef): Promise<ObjectDetail['foreignKeys']> {
  const rows = await read(`${keyColumns} WHERE k.TABLE_SCHEMA = ${quoteText(schema)} AND k.TABLE_NAME = ${quoteText(name)} ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION`);
  return keysOf(rows).map(({ name: keyName, columns, references, onDelete, onUpdate }) => ({ name: keyName, columns, references, onDelete, onUpdate }));
}

async function readReferencing(read: Read, { schema, name }: ObjectRef): Promise<ObjectDetail['referencedBy']> {
  const rows = await read(`${keyColumns} WHERE k.REFERENCED_TABLE_SCHEMA = ${quoteText(schema)} AND k.REFERENCED_TABLE_NAME = ${quoteText(name)} ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`);
  return keysOf(rows).map((key) => ({ name: key.name, schema: key.schema, table: key.table, columns: key.columns, to: key.references.columns }));
}

async function readIndexes(read: Read, at: string): Promise<ObjectDetail['indexes']> {
  const rows = await read(`SELECT INDEX_NAME, NON_UNIQUE, INDEX_TYPE, COALESCE(CONCAT('\`', REPLACE(COLUMN_NAME, '\`', '\`\`'), '\`', IF(SUB_PART IS NULL, '', CONCAT('(', SUB_PART, ')')), IF(COLLATION = 'D', ' DESC', '')), 'expression')
FROM information_schema.STATISTICS WHERE ${at} ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`);
  const parts = new Map<string, { type: string; unique: boolean; columns: string[] }>();
  for (const [name, nonUnique, type, column] of rows) {
    const index = parts.get(name ?? '') ?? { type: type ?? '', unique: nonUnique === '0', columns: [] };
    index.columns.push(column ?? '');
    parts.set(name ?? '', index);
  }
  return [...parts].map(([name, { type, unique, columns }]) => {
    const kind = name === 'PRIMARY' ? 'PRIMARY KEY' : `${type === 'FULLTEXT' || type === 'SPATIAL' ? `${type} ` : unique ? 'UNIQUE ' : ''}INDEX ${quoteName(name)}`;
    return { name, definition: `${kind} (${columns.join(', ')})${type === 'HASH' ? ' USING HASH' : ''}`, unique, primary: name === 'PRIMARY', valid: true, bytes: null, scans: null };
  });
}

async function readConstraints(read: Read, at: string, isMariaDb: boolean): Promise<ObjectDetail['constraints']> {
  const checks = isMariaDb
    ? `SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE ${at.replace('TABLE_SCHEMA', 'CONSTRAINT_SCHEMA')} ORDER BY CONSTRAINT_NAME`
    : `SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME) WHERE ${at} ORDER BY c.CONSTRAINT_NAME`;
  return (await read(checks)).map(([name, clause]) => ({ name: name ?? '', kind: 'check' as const, definition: `CHECK (${clause})` }));
}

async function readTriggers(read: Read, { schema, name }: ObjectRef): Promise<ObjectDetail['triggers']> {
  const rows = await read(`SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ${quoteText(schema)} AND EVENT_OBJECT_TABLE = ${quoteText(name)} ORDER BY TRIGGER_NAME`);
  return rows.map(([trigger, timing, event, body]) => ({ name: trigger ?? '', definition: `CREATE TRIGGER ${quoteName(trigger ?? '')} ${timing} ${event} ON ${quoteName(name)} FOR EACH ROW\n${body}`, enabled: true }));
}

async function readPartitions(read: Read, { schema }: ObjectRef, at: string): Promise<ObjectDetail['partitions']> {
  const rows = await read(`SELECT PARTITION_NAME, CONCAT_WS(' ', PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION) FROM information_schema.PARTITIONS WHERE ${at} AND PARTITION_NAME IS NOT NULL ORDER BY PARTITION_ORDINAL_POSITION`);
  return rows.map(([name, bound]) => ({ schema, name: name ?? '', bound: bound ?? '' }));
}
