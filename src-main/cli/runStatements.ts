import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { Column, Confirmation } from '../../src-preload/contract/queries';
import type { Connection, ReadOnlyLimits, ResultSink, RowBatch } from '../drivers/driver';
import { decodeRow, nextRow } from '../drivers/rows';
import { AppError, toAppError } from '../errors';
import type { Guard } from '../guard/service';
import { onSession, type CliContext } from './context';
import type { ByteSink } from './output';
import { FilePrinter, type FileTarget } from './filePrinter';
import { bindParameters, type BoundStatement } from './parameters';
import { rowWriter, type RowFormat, type RowWriter } from './rowFormats';

export interface StatementsRequest {
  readonly profile: ConnectionProfile;
  readonly text: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly format: RowFormat;
  readonly sink: ByteSink;
  readonly limit: number | null;
  /** The person's own lane: sent as written. Else the read-only lane, each statement by itself. */
  readonly write: boolean;
  /** Where the result goes instead of the sink, in a format that is no text; `format` is not used then. */
  readonly file?: FileTarget;
  /** Of the INSERT statements of the format `sql`; default `result`. */
  readonly table?: string;
  /** What closes the document that this result stands in; default nothing. */
  readonly enclosed?: string;
}

/** A week, in milliseconds: the read-only lane wants a bound, and a person at a terminal has Ctrl+C and --timeout. */
const NO_TIMEOUT = 604_800_000;
/** Text is handed on in pieces of about this many characters. */
const CHUNK = 64 * 1024;

/** Runs the statements of a text one after the other and writes what they return; stops at the first that fails. */
export async function runStatements(context: CliContext, request: StatementsRequest): Promise<{ rows: number }> {
  const guard = context.services.guard.of(request.profile.target.engine);
  const statements = await prepare(guard, request);
  if (request.write) await allowWrites(context, guard, statements, request.profile);
  return onSession(context, request.profile, async (connection) => {
    const many = statements.length > 1;
    const document = request.format === 'document' && many;
    let rows = 0;
    if (document) await request.sink.write('{"results":[');
    for (const [index, statement] of statements.entries()) {
      if (many && index > 0) await request.sink.write(document ? ',' : request.format === 'table' || request.format === 'csv' ? '\n' : '');
      rows += await withHistory(context, request, statement, () => runOne(context, guard, connection, request, statement, document));
    }
    if (request.format === 'document') await request.sink.write(`${document ? ']}' : ''}${request.enclosed ?? ''}\n`);
    return { rows };
  });
}

async function prepare(guard: Guard, { text, parameters, format, file }: StatementsRequest): Promise<BoundStatement[]> {
  const bound = bindParameters(text, parameters);
  const { statements, error } = await guard.split(bound.text);
  if (statements.length === 0) {
    throw error ? new AppError('bad_input', error.message, { position: bound.original(error.position) }) : new AppError('bad_input', 'The text holds no statement.');
  }
  const [only] = statements;
  if (statements.length === 1 && only) {
    return [{ text: only.text, parameters: bound.parameters, original: (offset) => bound.original(offset + only.range.from) }];
  }
  if (parameters.size > 0) throw new AppError('bad_input', '--param works with one statement at a time.');
  if (file) throw new AppError('bad_input', `--format ${file.spec.format} holds one result.`, { hint: 'Run the statements one by one.' });
  if (format === 'json') throw new AppError('bad_input', '--format json holds one result.', { hint: 'Use --json or --format ndjson for several statements.' });
  return statements.map((statement) => ({ text: statement.text, parameters: [], original: (offset) => offset + statement.range.from }));
}

async function allowWrites({ options, output, signal }: CliContext, guard: Guard, statements: readonly BoundStatement[], profile: ConnectionProfile): Promise<void> {
  if (profile.readOnly) {
    throw new AppError('refused', `The connection ${profile.name} is read-only.`, { hint: 'Leave --write out, or change the connection.', connection: profile.name });
  }
  const judged = await Promise.all(statements.map(async ({ text }) => ({ text, verdict: await guard.classify(text, { signal }) })));
  const confirmations = await guard.confirmations(judged, profile);
  if (confirmations.length === 0) return;
  const sentences = confirmations.map((confirmation: Confirmation) => confirmation.sentence);
  if (options.yes) return output.say(sentences.join('\n'));
  throw new AppError('confirm_required', sentences.join(' '), { hint: 'Nothing was sent. Say yes with --yes.', detail: confirmations.map(({ statement }) => statement).join(';\n'), connection: profile.name });
}

/** Runs one statement with a line in the history. */
async function withHistory(context: CliContext, { profile, parameters, text: written }: StatementsRequest, statement: BoundStatement, work: () => Promise<number>): Promise<number> {
  const began = performance.now();
  const { history } = context.services;
  // With parameters as it was written: their values are not for the history.
  const text = parameters.size === 0 ? statement.text : written;
  const id = history.begin({ connectionId: profile.id, connectionName: profile.name, text, origin: 'command' });
  const end = (status: 'done' | 'failed' | 'cancelled', rows: number | null, error: string | null): void => {
    history.end(id, { status, milliseconds: performance.now() - began, rows, error });
  };
  try {
    const rows = await work();
    end('done', rows, null);
    return rows;
  } catch (thrown) {
    const error = toAppError(thrown);
    end(error.code === 'cancelled' ? 'cancelled' : 'failed', null, context.services.secrets.redact(error.message));
    throw thrown;
  }
}

async function runOne(context: CliContext, guard: Guard, connection: Connection, request: StatementsRequest, statement: BoundStatement, nested: boolean): Promise<number> {
  const { output, signal } = context;
  const printer = request.file ? new FilePrinter(request.file, request.limit, output, signal) : new ResultPrinter(rowWriter(request.format, output.color, request.table ?? 'result'), request, output);
  const began = performance.now();
  try {
    const truncated = await send(guard, connection, request, statement, printer, signal);
    await printer.finish(truncated);
  } catch (thrown) {
    const error = located(toAppError(thrown), statement, request.text);
    await printer.fail(error, nested);
    throw error;
  }
  printer.tell(performance.now() - began);
  return printer.count;
}

/** Resolves with whether a limit cut the result short. */
async function send(guard: Guard, connection: Connection, { write, limit }: StatementsRequest, statement: BoundStatement, sink: ResultPrinter | FilePrinter, signal: AbortSignal): Promise<boolean> {
  const { text, parameters } = statement;
  const sent = parameters.length === 0 ? { text } : { text, parameters };
  if (write) {
    await connection.run(sent, sink, { signal });
    return sink.truncated;
  }
  const limits: ReadOnlyLimits = {
    statementTimeoutMs: NO_TIMEOUT,
    lockTimeoutMs: NO_TIMEOUT,
    maxRows: limit ?? Number.MAX_SAFE_INTEGER - 1,
    maxBytes: Number.MAX_SAFE_INTEGER,
    maxCellBytes: Number.MAX_SAFE_INTEGER,
  };
  const outcome = await guard.runReadOnly(connection, sent, sink, limits, signal);
  return outcome.truncatedBy !== null;
}

/** The server counts in the text that was sent; a person in the text that they wrote, and by lines. */
function located(error: AppError, statement: BoundStatement, written: string): AppError {
  const { code, message, position: sent, detail, ...rest } = error.data;
  if (sent === undefined) return error;
  const position = statement.original(sent);
  const start = written.lastIndexOf('\n', position - 1) + 1;
  const [line = ''] = written.slice(start).split('\n');
  const number = written.slice(0, start).split('\n').length;
  const place = `Line ${number}: ${line.trimEnd().slice(0, 200)}`;
  return new AppError(code, message, { ...rest, detail: detail === undefined ? place : `${place}\n${detail}`, position }, { cause: error });
}

/** Writes rows as they come. */
class ResultPrinter implements ResultSink {
  /** Rows written so far. */
  count = 0;
  truncated = false;
  private described: readonly Column[] | null = null;
  private command = '';
  private rowsAffected: number | null = null;
  private pending = '';

  constructor(
    private readonly writer: RowWriter,
    private readonly request: StatementsRequest,
    private readonly output: CliContext['output'],
  ) {}

  columns(columns: readonly Column[]): void {
    this.described = columns;
    this.pending += this.writer.begin(columns);
  }

  rows(batch: RowBatch): void | Promise<void> {
    let offset = 0;
    const room = this.request.limit === null ? batch.count : Math.min(batch.count, this.request.limit - this.count);
    if (room < batch.count) this.truncated = true;
    for (let row = 0; row < room; row += 1) {
      this.pending += this.writer.row(decodeRow(batch.bytes, offset));
      offset = nextRow(batch.bytes, offset);
    }
    this.count += Math.max(0, room);
    if (this.pending.length >= CHUNK) return this.flush();
  }

  notice({ severity, message }: { severity: string; message: string }): void {
    this.output.say(`${severity}: ${message}`);
  }

  complete(result: { command: string; rowsAffected: number | null }): void {
    this.command = result.command;
    this.rowsAffected = result.rowsAffected;
  }

  async finish(truncated: boolean): Promise<void> {
    this.truncated = truncated;
    if (!this.described && this.request.format === 'document') this.columns([]);
    if (this.described) this.pending += this.writer.end({ rows: this.count, truncated, command: this.command, rowsAffected: this.rowsAffected });
    await this.flush();
  }

  /** Leaves what came, and says in the result itself that it broke off, where its format can. */
  async fail(error: AppError, nested: boolean): Promise<void> {
    if (this.described && this.writer.fail) this.pending += this.writer.fail(error.data);
    else if (nested) this.pending += JSON.stringify({ error: error.data });
    if (nested) this.pending += ']}';
    if (this.request.format === 'document' && this.pending !== '') this.pending += `${this.request.enclosed ?? ''}\n`;
    await this.flush();
  }

  tell(milliseconds: number): void {
    const time = `${Math.round(milliseconds)} ms`;
    if (this.described) this.output.say(`${this.count} ${this.count === 1 ? 'row' : 'rows'}, ${time}`);
    else this.output.say(`${this.command}${this.rowsAffected === null ? '' : `, ${this.rowsAffected} rows affected`}, ${time}`);
    if (this.truncated) this.output.warn(`Cut after ${this.count} rows: there are more (--limit).`);
  }

  private async flush(): Promise<void> {
    if (this.pending === '') return;
    const text = this.pending;
    this.pending = '';
    await this.request.sink.write(text);
  }
}
