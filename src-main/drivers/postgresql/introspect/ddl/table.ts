import type { Reader } from '../read';
import { readAttachments, readConstraintClauses, readOwnedSequences } from './attachments';
import { type ColumnFacts, type RelationFacts, readColumnFacts, readRelationFacts } from './facts';

/**
 * The statements that make a table, a partition or a foreign table in an empty database that has what it refers to: sequences
 * that columns own, the table, and what hangs on it. Owner and grants are left out.
 */
export async function tableDdl(reader: Reader, oid: string): Promise<string> {
  const facts = await readRelationFacts(reader, oid);
  if (facts === undefined) return '';
  const columns = await readColumnFacts(reader, oid);
  const constraints = await readConstraintClauses(reader, oid);
  const sequences = await readOwnedSequences(reader, oid);
  const asPartition = facts.bound !== null && facts.sameColumns;
  const create = createTable(
    facts,
    columns,
    constraints.filter(({ inline }) => inline).map(({ clause }) => clause),
    asPartition,
  );
  const later = constraints.filter(({ inline }) => !inline).map(({ clause }) => `ALTER TABLE ${facts.name} ADD ${clause};`);
  return [
    ...sequences.map(({ create: statement }) => statement),
    create,
    ...attach(facts, asPartition),
    ...sequences.map(({ own }) => own),
    ...columnChanges(facts, columns, asPartition),
    ...later,
    ...(await readAttachments(reader, oid, facts)),
    ...comments(facts, columns),
  ].join('\n\n');
}

function createTable(facts: RelationFacts, columns: readonly ColumnFacts[], constraints: readonly string[], asPartition: boolean): string {
  const own = asPartition ? [] : columns.filter(({ local }) => local || facts.bound !== null).map((column) => columnClause(column, facts));
  const members = [...own, ...constraints];
  const list = members.length > 0 ? ` (\n${members.map((member) => `  ${member}`).join(',\n')}\n)` : asPartition ? '' : ' ()';
  const inherits = facts.bound === null && facts.parents.length > 0 ? `INHERITS (${facts.parents.join(', ')})` : '';
  const head = `CREATE ${words(facts)} ${facts.name}`;
  const clauses = [
    inherits,
    facts.partitionKey === null ? '' : `PARTITION BY ${facts.partitionKey}`,
    facts.accessMethod === null ? '' : `USING ${facts.accessMethod}`,
    facts.options.length === 0 ? '' : `WITH (${facts.options.join(', ')})`,
    facts.server === null ? '' : `SERVER ${facts.server}`,
    facts.serverOptions.length === 0 ? '' : `OPTIONS (${facts.serverOptions.join(', ')})`,
    facts.tablespace === null ? '' : `TABLESPACE ${facts.tablespace}`,
  ].filter((clause) => clause !== '');
  const start = asPartition ? `${head} PARTITION OF ${facts.parents[0]}${list} ${facts.bound}` : `${head}${list}`;
  return `${[start, ...clauses].join('\n')};`;
}

function words({ kind, persistence }: RelationFacts): string {
  if (kind === 'f') return 'FOREIGN TABLE';
  return persistence === 'u' ? 'UNLOGGED TABLE' : persistence === 't' ? 'TEMPORARY TABLE' : 'TABLE';
}

function columnClause(column: ColumnFacts, facts: RelationFacts): string {
  return [
    column.name,
    column.type,
    column.serverOptions.length === 0 ? '' : `OPTIONS (${column.serverOptions.join(', ')})`,
    column.collation === null ? '' : `COLLATE ${column.collation}`,
    valueClause(column, facts),
    notNullClause(column),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function notNullClause(column: ColumnFacts): string {
  if (!column.notNull) return '';
  const name = column.notNullName === null ? '' : `CONSTRAINT ${column.notNullName} `;
  return `${name}NOT NULL${column.notNullNoInherit ? ' NO INHERIT' : ''}`;
}

function valueClause(column: ColumnFacts, facts: RelationFacts): string {
  if (column.identity !== '')
    return `GENERATED ${column.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${identityOptions(column, facts)}`;
  if (column.default === null) return '';
  if (column.generated === 's') return `GENERATED ALWAYS AS (${column.default}) STORED`;
  if (column.generated === 'v') return `GENERATED ALWAYS AS (${column.default}) VIRTUAL`;
  return `DEFAULT ${column.default}`;
}

function identityOptions(column: ColumnFacts, facts: RelationFacts): string {
  // Without quotes on either side the server's own choice of a name is easy to tell.
  const usual = `${facts.name}_${column.name}_seq`;
  const name = column.identitySequence === null || column.identitySequence === usual ? '' : `SEQUENCE NAME ${column.identitySequence}`;
  const options = [name, column.identityOptions ?? ''].filter((part) => part !== '').join(' ');
  return options === '' ? '' : ` (${options})`;
}

/** A partition with a layout of its own is made first and attached then, as it came about. */
function attach(facts: RelationFacts, asPartition: boolean): string[] {
  if (facts.bound === null || asPartition) return [];
  return [`ALTER TABLE ONLY ${facts.parents[0]} ATTACH PARTITION ${facts.name} ${facts.bound};`];
}

function columnChanges(facts: RelationFacts, columns: readonly ColumnFacts[], asPartition: boolean): string[] {
  const table = facts.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  const alter = (column: ColumnFacts, what: string): string => `ALTER ${table} ONLY ${facts.name} ALTER COLUMN ${column.name} ${what};`;
  return columns.flatMap((column) => {
    const inherited = asPartition || (!column.local && facts.bound === null);
    const changes: string[] = [];
    if (inherited && column.generated === '' && column.default !== column.parentDefault) {
      changes.push(alter(column, column.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${column.default}`));
    }
    if (inherited && column.notNull && !column.parentNotNull) changes.push(alter(column, 'SET NOT NULL'));
    if (column.storage !== null) changes.push(alter(column, `SET STORAGE ${column.storage}`));
    if (column.compression !== null) changes.push(alter(column, `SET COMPRESSION ${column.compression}`));
    if (column.statistics !== null) changes.push(alter(column, `SET STATISTICS ${column.statistics}`));
    if (column.options.length > 0) changes.push(alter(column, `SET (${column.options.join(', ')})`));
    return changes;
  });
}

function comments(facts: RelationFacts, columns: readonly ColumnFacts[]): string[] {
  const table = facts.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  return [
    ...(facts.commentLiteral === null ? [] : [`COMMENT ON ${table} ${facts.name} IS ${facts.commentLiteral};`]),
    ...columns
      .filter(({ commentLiteral }) => commentLiteral !== null)
      .map((column) => `COMMENT ON COLUMN ${facts.name}.${column.name} IS ${column.commentLiteral};`),
  ];
}
