import path from 'node:path';
import { Option, type Command } from 'commander';
import { AppError, toAppError } from '../errors';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { ColumnDetail } from '../../src-preload/contract/catalog';
import { importEncoding, importFormat, type ImportColumn, type ImportOutcome, type ImportPreview, type ImportRequest, type ImportSource } from '../../src-preload/contract/imports';
import { connectionOf, timedOut, type CliContext } from './context';
import type { AreaCommand } from './program';

export interface ImportOptions {
  readonly into?: string;
  readonly dryRun?: boolean;
  readonly format?: ImportSource['format'];
  readonly encoding?: ImportSource['encoding'];
  readonly delimiter?: string;
  readonly quote?: string;
  readonly header?: boolean;
  readonly null?: string;
  readonly sheet?: string;
  readonly jsonPath?: string;
  readonly mode: ImportRequest['mode'];
  readonly key?: string;
  readonly onError: ImportRequest['onError'];
  readonly rejects?: string;
  readonly type: readonly string[];
  readonly dateOrder?: 'dmy' | 'mdy';
  readonly transaction?: boolean;
}

/** `import FILE -c NAME --into TABLE [--dry-run]` */
export function addImportArea(area: AreaCommand): void {
  area(null, '')('import <file>', 'load a CSV, TSV, JSON, NDJSON, XLSX, Parquet or SQL file: all of it or nothing', importOptions, runImport);
}

function importOptions(command: Command): Command {
  return command
    .option('--into <table>', 'the table, as name or schema.name; made when it is not there')
    .option('--dry-run', 'do everything, report, and roll it back')
    .addOption(new Option('--format <format>', 'what the file is; else its name and content decide').choices(importFormat.options))
    .addOption(new Option('--encoding <encoding>', 'of a text file').choices(importEncoding.options))
    .option('--delimiter <character>', 'between the fields of a CSV; \\t is a tab')
    .option('--quote <character>', 'around the fields of a CSV; an empty one: nothing is quoted')
    .option('--header', 'the first row holds the names')
    .option('--no-header', 'the first row holds values')
    .option('--null <text>', 'an unquoted field with this text is NULL (default: the empty one)')
    .option('--sheet <name>', 'of a workbook; default the first')
    .option('--json-path <keys>', 'keys that lead to the array, such as data.items')
    .addOption(new Option('--mode <mode>', 'what happens to rows that are there').choices(['append', 'truncate', 'update', 'ignore']).default('append'))
    .option('--key <columns>', 'for update and ignore: the columns of a unique index, with commas between')
    .addOption(new Option('--on-error <what>', 'skip writes rows that do not fit to a file').choices(['stop', 'skip']).default('stop'))
    .option('--rejects <file>', 'where skipped rows go; default beside the file')
    .option('--type <column=type>', 'a column’s type in a new table; may be repeated', (text: string, all: string[]) => [...all, text], [])
    .addOption(new Option('--date-order <order>', 'of dates such as 01/02/2024').choices(['dmy', 'mdy']))
    .option('--no-transaction', 'run the statements of a SQL file each for itself');
}

async function runImport(context: CliContext, [file = '']: readonly string[], options: ImportOptions): Promise<void> {
  const { services, signal, output } = context;
  const profile = await connectionOf(context);
  try {
    if (services.connections.isDemo(profile.id)) await services.demo.ensure(signal);
    const preview = await services.imports.inspect({ path: path.resolve(file), ...sourceOf(options) }, signal);
    const request = preview.source.format === 'sql' ? scriptOf(profile, preview, options) : await tableOf(context, profile, preview, options);
    const plan = await services.imports.plan(request, signal);
    for (const note of [...preview.notes, ...plan.notes]) output.say(note);
    if (plan.confirmations.length > 0 && context.options.yes !== true) {
      throw new AppError('confirm_required', plan.confirmations.map(({ sentence }) => sentence).join(' '), { hint: 'Give --yes when it is meant.', connection: profile.name });
    }
    const order = { request, dryRun: options.dryRun ?? false, confirmedHash: plan.hash, rejectPath: options.rejects === undefined ? null : path.resolve(options.rejects), origin: 'command' as const };
    await report(context, await services.imports.run(order, signal, teller(context)));
  } catch (thrown) {
    throw timedOut(signal, context.options.timeout, true) ?? toAppError(thrown);
  }
}

/** Progress on stderr, every two seconds. */
function teller({ output }: CliContext): (progress: number | null, message: string) => void {
  let told = performance.now();
  return (progress, message) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    output.say(`${progress === null ? '' : `${Math.round(progress * 100)} %, `}${message}`);
  };
}

async function report({ output }: CliContext, outcome: ImportOutcome): Promise<void> {
  const { error, problems, rowsLoaded, rowsRejected, dryRun, rejectFile, milliseconds, statements, notices, committed, way } = outcome;
  for (const problem of problems.slice(0, output.json ? 0 : 20)) output.warn(`line ${problem.line}${problem.column === null ? '' : `, ${problem.column}`}: ${problem.message}${problem.value === null ? '' : ` (${problem.value})`}`);
  if (error) {
    const { code, message, ...rest } = error;
    const lines = problems.map(({ line, column, message: words }) => `line ${line}${column === null ? '' : `, ${column}`}: ${words}`).join('\n');
    throw new AppError(code, message, { ...rest, ...(lines === '' ? {} : { detail: lines }) });
  }
  if (output.json) return output.document({ rows: rowsLoaded, rejected: rowsRejected, dryRun, committed, way, rejectFile, milliseconds, problems, notices, statements });
  await output.results.write(`${rowsLoaded} ${rowsLoaded === 1 ? 'row' : 'rows'} ${dryRun ? 'would be loaded (dry run, rolled back)' : 'loaded'}${rowsRejected > 0 ? `, ${rowsRejected} skipped` : ''}${rejectFile === null ? '' : `: ${rejectFile}`}\n`);
}

function sourceOf({ format, encoding, delimiter, quote, header, null: nullText, sheet, jsonPath }: ImportOptions): Partial<ImportSource> {
  const field = delimiter === '\\t' ? '\t' : delimiter;
  if (field !== undefined && field.length !== 1) throw new AppError('bad_input', 'The delimiter is one character.');
  if (quote !== undefined && quote.length > 1) throw new AppError('bad_input', 'The quote is one character, or none.');
  const given = { format, encoding, delimiter: field, quote, header, nullText, sheet, jsonPath };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function scriptOf(profile: ConnectionProfile, { source }: ImportPreview, options: ImportOptions): ImportRequest {
  if (options.into !== undefined) throw new AppError('bad_input', 'A SQL file names its own tables: leave --into out.');
  return { connectionId: profile.id, source, fileColumns: [], target: { kind: 'script', transaction: options.transaction ?? true }, columns: [], mode: 'append', key: [], onError: 'stop' };
}

async function tableOf(context: CliContext, profile: ConnectionProfile, preview: ImportPreview, options: ImportOptions): Promise<ImportRequest> {
  const { services, signal } = context;
  if (options.into === undefined) throw new AppError('bad_input', 'Into which table?', { hint: 'Give --into TABLE, or --into SCHEMA.TABLE.' });
  const snapshot = await services.catalog.snapshot(profile.id, signal);
  const { schema, table } = nameOf(options.into, schemaFor(snapshot.searchPath));
  const there = snapshot.relations.find((relation) => relation.schema === schema && relation.name === table);
  const base = { connectionId: profile.id, source: preview.source, mode: options.mode, key: options.key?.split(',').map((name) => name.trim()) ?? [], onError: options.onError };
  const json = preview.source.format === 'json' || preview.source.format === 'ndjson';
  if (there && !json) {
    const detail = await services.catalog.detail(profile.id, { schema, name: table, kind: there.kind }, signal);
    return { ...base, fileColumns: preview.columns, target: { kind: 'existing', schema, table }, columns: matching(preview, detail.columns, options.dateOrder) };
  }
  // The types of a new table, and the keys of JSON, are known only when all of the file was read.
  const scan = await services.imports.scan(preview.source, (bytes, size) => teller(context)(size === 0 ? null : bytes / size, 'Reading the whole file'), signal);
  const fileColumns = scan.columns.map(({ name }) => name);
  if (there) {
    const detail = await services.catalog.detail(profile.id, { schema, name: table, kind: there.kind }, signal);
    return { ...base, fileColumns, target: { kind: 'existing', schema, table }, columns: matching({ ...preview, columns: fileColumns }, detail.columns, options.dateOrder) };
  }
  const types = new Map(options.type.map((text): [string, string] => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  const columns = scan.columns.map((guess, source): ImportColumn => {
    const order = guess.dateOrder === 'ask' ? (options.dateOrder ?? null) : guess.dateOrder;
    if (guess.dateOrder === 'ask') context.output.warn(`${guess.name}: ${guess.reason}${options.dateOrder === undefined ? ' (--date-order; read as text)' : ''}`);
    const type = types.get(guess.name) ?? (guess.dateOrder === 'ask' && order !== null ? 'timestamp' : guess.type);
    return { source, name: guess.name, type, dateOrder: order };
  });
  return { ...base, fileColumns, target: { kind: 'new', schema, table }, columns };
}

/** By name, or by place where the file has no names. */
function matching({ columns, source: { header, format } }: ImportPreview, target: readonly ColumnDetail[], dateOrder: 'dmy' | 'mdy' | undefined): ImportColumn[] {
  const taking = target.filter(({ generated }) => generated === null);
  const named = header || format === 'json' || format === 'ndjson' || format === 'parquet';
  return columns.map((name, source): ImportColumn => {
    const found = named ? (taking.find((column) => column.name === name) ?? taking.find((column) => column.name.toLowerCase() === name.trim().toLowerCase())) : taking[source];
    if (!found) throw new AppError('bad_input', `The table has no column for “${name}”.`, { hint: `Its columns: ${taking.map((column) => column.name).join(', ')}` });
    return { source, name: found.name, type: found.type, dateOrder: /^(?:date|timestamp)/.test(found.type) ? (dateOrder ?? null) : null };
  });
}

/** Where a new table goes that has no schema in its name: the path begins with the server's own schemas, in which nobody makes any. */
function schemaFor(searchPath: readonly string[]): string {
  return searchPath.find((schema) => !schema.startsWith('pg_')) ?? 'public';
}

/** `name`, `schema.name`; each may be quoted as in SQL. */
function nameOf(text: string, defaultSchema: string): { schema: string; table: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|([^."]+)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
  const [first, second, ...more] = parts;
  if (first === undefined || more.length > 0) throw new AppError('bad_input', `“${text}” is no name of a table.`, { hint: 'Write name, schema.name or "Any name".' });
  return second === undefined ? { schema: defaultSchema, table: first } : { schema: first, table: second };
}
