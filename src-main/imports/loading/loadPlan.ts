import { AppError } from '../../errors';
import type { ObjectDetail } from '../../../src-preload/contract/catalog';
import type { ImportColumn, ImportRequest } from '../../../src-preload/contract/imports';
import { quoteIdentifier, quoteLiteral } from '../../drivers/sqlText';

/** The temporary table of texts through which rows go that are looked at one by one. */
export const stage = 'pg_temp.ai_shell_import';

/** Rows of the stage by their line in the file, both ends included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Every statement of a load, in parts. */
export interface LoadPlan {
  readonly way: 'copy' | 'stage';
  /** Makes or empties the target. */
  readonly prepare: readonly string[];
  /** Takes the file's bytes; null where they cannot be taken as they are. */
  readonly copy: string | null;
  readonly createStage: string;
  /** Fills the stage: with COPY's data, or with an array for each column. */
  readonly fillStage: { readonly copy: string; readonly arrays: string };
  /** Moves rows from the stage to the target; all of them for null. */
  insert(range: LineRange | null): string;
  /** The value of one column of one staged row, as the target would take it. */
  probe(column: ImportColumn, line: number): string;
  /** The texts of one staged row. */
  staged(line: number): string;
  readonly notes: readonly string[];
}

export interface TargetFacts {
  /** Null for a table that does not exist yet. */
  readonly detail: Pick<ObjectDetail, 'columns' | 'triggers' | 'object'> | null;
  readonly copyIn: boolean;
}

/** Builds the statements; throws `bad_input` for a mapping that cannot work. */
export function loadPlan(request: ImportRequest, facts: TargetFacts): LoadPlan {
  const { target, columns, mode } = request;
  if (target.kind === 'script') throw new AppError('bad_input', 'A script has no table to load.');
  check(request, facts);
  const table = `${quoteIdentifier(target.schema)}.${quoteIdentifier(target.table)}`;
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const prepare = [
    ...(target.kind === 'new' ? [`CREATE TABLE ${table} (\n${columns.map(({ name, type }) => `  ${quoteIdentifier(name)} ${type}`).join(',\n')}\n)`] : []),
    ...(mode === 'truncate' ? [`TRUNCATE ${table}`] : []),
  ];
  const typeOf = (column: ImportColumn): string => facts.detail?.columns.find(({ name }) => name === column.name)?.type ?? column.type;
  const values = columns.map((column, index) => castOf(`c${index + 1}`, typeOf(column), column.dateOrder));
  const overriding = columns.some(({ name }) => facts.detail?.columns.find((column) => column.name === name)?.identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  const staged = columns.map((_, index) => `c${index + 1}`);
  const copy = copyStatement(request, facts, table, names);
  return {
    way: copy === null ? 'stage' : 'copy',
    prepare,
    copy,
    createStage: `CREATE TEMPORARY TABLE ai_shell_import (line bigint NOT NULL, ${staged.map((name) => `${name} text`).join(', ')}) ON COMMIT DROP`,
    fillStage: {
      copy: `COPY ${stage} (line, ${staged.join(', ')}) FROM STDIN`,
      arrays: `INSERT INTO ${stage} SELECT * FROM unnest($1::bigint[], ${staged.map((_, index) => `$${index + 2}::text[]`).join(', ')})`,
    },
    insert: (range) =>
      [`INSERT INTO ${table} (${names})${overriding}`, `SELECT ${values.join(', ')}`, `FROM ${stage}`, ...(range ? [`WHERE line BETWEEN ${range.from} AND ${range.to}`] : []), ...conflictOf(request)].join('\n'),
    probe: (column, line) => `SELECT ${values[columns.indexOf(column)] ?? 'NULL'} FROM ${stage} WHERE line = ${line}`,
    staged: (line) => `SELECT ${staged.join(', ')} FROM ${stage} WHERE line = ${line}`,
    notes: notesOf(request, facts, copy !== null, typeOf),
  };
}

function bad(message: string, hint: string): never {
  throw new AppError('bad_input', message, { hint });
}

function check(request: ImportRequest, { detail }: TargetFacts): void {
  const { target, columns, fileColumns } = request;
  if (columns.length === 0) bad('No column of the file goes anywhere.', 'Map at least one column.');
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) bad(`Two columns of the file go to “${twice}”.`, 'Skip one of them, or give it another name.');
  const beyond = columns.find(({ source }) => source >= fileColumns.length);
  if (beyond) bad(`The file has no column ${beyond.source + 1}.`, 'Read the file again.');
  const long = names.find((name) => Buffer.byteLength(name) > 63);
  if (long !== undefined && target.kind === 'new') bad(`The name “${long.slice(0, 40)}…” is longer than 63 bytes, which PostgreSQL would cut.`, 'Shorten it.');
  checkMode(request, names);
  if (detail) checkTarget(names, detail);
}

function checkTarget(names: readonly string[], detail: NonNullable<TargetFacts['detail']>): void {
  const unknown = names.find((name) => !detail.columns.some((column) => column.name === name));
  if (unknown !== undefined) bad(`The table has no column “${unknown}”.`, 'Choose one of its columns.');
  const generated = detail.columns.find((column) => column.generated !== null && names.includes(column.name));
  if (generated) bad(`“${generated.name}” is computed by the server and takes no value.`, 'Skip this column.');
}

function checkMode({ target, mode, key }: ImportRequest, names: readonly string[]): void {
  if (mode !== 'append' && target.kind === 'new') bad('A new table has no rows to replace.', 'Choose append.');
  const missing = key.find((name) => !names.includes(name));
  if ((mode === 'update' || mode === 'ignore') && (key.length === 0 || missing !== undefined)) bad('Which columns tell that a row is there already?', 'Name a key whose columns are all imported; the table needs a unique index on it.');
}

/** COPY straight from the file, where every byte of it means to the server what it means to us. */
function copyStatement(request: ImportRequest, { detail, copyIn }: TargetFacts, table: string, names: string): string | null {
  const { source, columns, fileColumns, mode, onError } = request;
  const oneToOne = columns.length === fileColumns.length && columns.every((column, index) => column.source === index && column.dateOrder === null);
  const takesCopy = detail === null || ['table', 'partition', 'foreign_table'].includes(detail.object.kind);
  const straight = mode === 'append' || mode === 'truncate';
  if (!copyIn || !oneToOne || !isPlainCsv(source) || !takesCopy || !straight || onError !== 'stop') return null;
  const options = [
    'FORMAT csv', `HEADER ${source.header}`, `DELIMITER ${quoteLiteral(source.delimiter)}`, `QUOTE ${quoteLiteral(source.quote)}`, `ESCAPE ${quoteLiteral(source.escape || source.quote)}`, `NULL ${quoteLiteral(source.nullText)}`,
    ...(source.nullQuoted ? [`FORCE_NULL (${names})`] : []),
    `ENCODING 'UTF8'`,
  ];
  return `COPY ${table} (${names}) FROM STDIN WITH (${options.join(', ')})`;
}

function isPlainCsv({ format, encoding, delimiter, quote, escape }: ImportRequest['source']): boolean {
  return (format === 'csv' || format === 'tsv') && encoding === 'utf-8' && quote !== '' && [delimiter, quote, escape].every(isPlain);
}

function isPlain(character: string): boolean {
  return /^[\x09\x20-\x7e]?$/.test(character);
}

const textTypes = /^(?:text|character varying|character|varchar|char|bpchar)(?:\(\d+\))?$/;

/**
 * An explicit cast to varchar(n) or bit(n) would silently cut what is too long; the assignment of the INSERT refuses it. Where the order of
 * day and month was chosen, the text is turned into ISO first, whatever DateStyle says.
 */
function castOf(column: string, type: string, dateOrder: ImportColumn['dateOrder']): string {
  const order = dateOrder === 'dmy' ? '\\3-\\2-\\1\\4' : '\\3-\\1-\\2\\4';
  const value = dateOrder === null ? column : `regexp_replace(${column}, ${quoteLiteral('^(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})(.*)$')}, ${quoteLiteral(order)})`;
  if (textTypes.test(type)) return value;
  const wide = type.replace(/^character varying\(\d+\)/, 'character varying').replace(/^character\(\d+\)/, 'character varying').replace(/^bit(?: varying)?(?:\(\d+\))?/, 'bit varying');
  return `CAST(${value} AS ${wide})`;
}

function conflictOf({ mode, key, columns }: ImportRequest): string[] {
  if (mode !== 'update' && mode !== 'ignore') return [];
  const target = `ON CONFLICT (${key.map(quoteIdentifier).join(', ')})`;
  const others = columns.filter(({ name }) => !key.includes(name)).map(({ name }) => `${quoteIdentifier(name)} = EXCLUDED.${quoteIdentifier(name)}`);
  return [mode === 'ignore' || others.length === 0 ? `${target} DO NOTHING` : `${target} DO UPDATE SET ${others.join(', ')}`];
}

function notesOf(request: ImportRequest, { detail, copyIn }: TargetFacts, straight: boolean, typeOf: (column: ImportColumn) => string): string[] {
  const notes: string[] = [];
  const triggers = detail?.triggers.filter(({ enabled }) => enabled) ?? [];
  if (triggers.length > 0) notes.push(`${triggers.length === 1 ? 'A trigger fires' : `${triggers.length} triggers fire`} for the rows: ${triggers.map(({ name }) => name).join(', ')}.`);
  if (!straight && copyIn) notes.push('The rows go through a temporary table of texts, so that each row that does not fit is found. It takes about the file’s size on the server until the end.');
  if (!copyIn) notes.push('This database takes no COPY from a client: the rows go by INSERT statements of many rows, which is slower.');
  const rounding = request.columns.filter((column) => /^numeric\(\d+,\d+\)$/.test(typeOf(column)) && detail !== null).map(({ name }) => name);
  if (rounding.length > 0) notes.push(`The server rounds values to the scale of ${rounding.slice(0, 5).join(', ')}${rounding.length > 5 ? ' …' : ''}.`);
  const identity = detail?.columns.filter((column) => column.identity !== null && request.columns.some(({ name }) => name === column.name)) ?? [];
  if (identity.length > 0) notes.push(`Values are given for ${identity.map(({ name }) => name).join(', ')}: its sequence does not move.`);
  return notes;
}
