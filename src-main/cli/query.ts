import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { AppError } from '../errors';
import { connectionOf, readAll, type CliContext } from './context';
import { fileSink } from './output';
import { fileTarget } from './filePrinter';
import { parseParameters } from './parameters';
import type { AreaCommand } from './program';
import { ROW_FORMATS, type RowFormat } from './rowFormats';
import { runStatements } from './runStatements';

export interface QueryOptions {
  readonly file?: string;
  readonly param: readonly string[];
  readonly format?: string;
  readonly output?: string;
  readonly table?: string;
  readonly limit?: number;
  readonly write?: boolean;
  readonly from?: string;
  readonly federated?: boolean | string;
  readonly cache?: boolean;
  readonly ttl?: string;
}

/** `query "SELECT ..." -c NAME [--file F] [--param k=v] [--format F] [--output FILE] [--limit N] [--write]` */
export function addQueryArea(area: AreaCommand): void {
  const top = area(null, '');
  top('query [sql]', 'run a statement: read-only unless --write is given and the connection allows it', queryOptions, query);
}

function queryOptions(command: Command): Command {
  return command
    .option('--file <file>', 'read the statements from a file; - is stdin')
    .option('--param <name=value>', 'a value for :name in the statement; may be repeated', (text: string, all: string[]) => [...all, text], [])
    .option('--format <format>', 'table, csv, json, ndjson, sql, xlsx or parquet; the last two need --output')
    .option('--table <name>', 'the table of the INSERT statements of --format sql; default result')
    .option('--output <file>', 'write the result to a file, which appears when it is complete')
    .option('--limit <rows>', 'at most this many rows', rows)
    .option('--write', 'send the statements as written, on a connection that allows it')
    .option('--from <sources>', 'not in this version')
    .option('--federated [sql]', 'not in this version')
    .option('--cache', 'not in this version')
    .option('--ttl <seconds>', 'not in this version');
}

async function query(context: CliContext, [operand]: readonly string[], options: QueryOptions): Promise<void> {
  refuseLater(options);
  const file = fileTarget(options.format, options.output);
  const format = file ? 'ndjson' : formatOf(options.format, context.output.json);
  if (context.options.connection === undefined && operand !== undefined && (await isWords(context, operand))) {
    throw new AppError('unsupported', 'A question over several databases is not in this version.', { hint: 'Give -c NAME and ask with `ai-shell ask`, or write a statement.' });
  }
  const parameters = parseParameters(options.param);
  const text = await statementText(context, operand, options.file);
  const profile = await connectionOf(context);
  const sink = options.output === undefined || file ? context.output.results : fileSink(options.output);
  try {
    const { rows } = await runStatements(context, { profile, text, parameters, format, sink, limit: options.limit ?? null, write: options.write ?? false, ...(file ? { file } : {}), ...(options.table === undefined ? {} : { table: options.table }) });
    await sink.end();
    await reportFile(context, options.output, rows);
  } catch (thrown) {
    await sink.discard();
    throw thrown;
  }
}

async function reportFile({ output }: CliContext, file: string | undefined, rows: number): Promise<void> {
  if (file === undefined) return;
  output.say(`${rows} ${rows === 1 ? 'row' : 'rows'} written to ${file}`);
  if (output.json) await output.document({ file, rows });
}

function refuseLater(options: QueryOptions): void {
  const later = (['from', 'federated', 'cache', 'ttl'] as const).find((name) => options[name] !== undefined);
  if (later) throw new AppError('unsupported', `--${later} is not in this version.`, { hint: 'Leave it out.' });
}

export function formatOf(asked: string | undefined, json: boolean): RowFormat {
  if (asked === undefined) return json ? 'document' : 'table';
  const known = ROW_FORMATS.find((format) => format === asked && format !== 'document');
  if (!known) throw new AppError('bad_input', `There is no format ${asked}.`, { hint: 'Use table, csv, json, ndjson, sql, xlsx or parquet.' });
  if (json && (known === 'table' || known === 'csv' || known === 'sql')) throw new AppError('bad_input', `--json and --format ${known} contradict each other.`);
  return known;
}

async function isWords({ services }: CliContext, text: string): Promise<boolean> {
  return (await services.guard.split(text)).error !== null;
}

async function statementText(context: CliContext, operand: string | undefined, file: string | undefined): Promise<string> {
  if (operand !== undefined && file !== undefined) throw new AppError('bad_input', 'Give a statement or --file, not both.');
  if (operand !== undefined) return operand;
  if (file === '-' || (file === undefined && !context.stdin.isTTY && !context.options.passwordStdin)) {
    if (context.options.passwordStdin) throw new AppError('bad_input', 'stdin cannot hold both the password and the statements.');
    return readAll(context.stdin);
  }
  if (file === undefined) throw new AppError('bad_input', 'Which statement?', { hint: 'Give it as an operand, with --file, or on stdin.' });
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new AppError('bad_input', `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`, {}, { cause: error });
  }
}

function rows(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It is a number of rows.');
  return value;
}
