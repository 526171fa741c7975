import { createHash } from 'node:crypto';
import { appendFile, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { AppErrorData } from '../../src-preload/contract/error';
import { writeFileAtomic } from '../atomicFile';
import { AppError, toAppError } from '../errors';
import { explanationMarkdown } from '../explain/service';
import { connectionOf, readAll, readyDemo, timedOut, type CliContext } from './context';
import type { AreaCommand } from './program';

interface ExplainOptions {
  readonly file?: string;
  readonly output?: string;
  /** False with --no-model. */
  readonly model: boolean;
}

/** `explain "SQL" | --file queries.sql [--output explained.md] [-c NAME] [--no-model]` */
export function addExplainArea(area: AreaCommand): void {
  const top = area(null, '');
  top(
    'explain [sql]',
    'what a statement does, in plain words; with -c also from the catalog and the plan, with an API key also by Claude',
    (command) =>
      command
        .option('--file <file>', 'explain every statement of a file; - is stdin')
        .option('--output <file>', 'write Markdown to a file, which appears when it is complete; interrupted work goes on where it stopped')
        .option('--no-model', 'ask no model, also where a key is there'),
    explain,
  );
}

/** One statement with all that was said of it. */
interface Told {
  readonly statement: string;
  readonly markdown: string;
  /** What `--json` prints. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Why it could not be explained; null when it was. */
  readonly error: AppErrorData | null;
}

interface Work {
  readonly context: CliContext;
  readonly connectionId: string | null;
  /** The model's name; null when none is asked. */
  readonly model: string | null;
}

async function explain(context: CliContext, [operand]: readonly string[], options: ExplainOptions): Promise<void> {
  const { services } = context;
  const { statements } = await services.guard.split(await textOf(context, operand, options.file));
  if (statements.length === 0) throw new AppError('bad_input', 'There is no statement to explain.', { hint: 'Give one as an operand, with --file, or on stdin.' });
  const single = statements.length === 1 && options.file === undefined && options.output === undefined;
  const told = await explainAll(await workOf(context, options), statements.map(({ text }) => text), options.output, single);
  const broken = told.filter(({ error }) => error !== null).length;
  await write(context, told, options, single);
  if (broken > 0) throw new AppError('bad_input', `${broken} of ${told.length} statements do not parse, and are told as such.`, { hint: 'Correct them and run the command again.' });
}

async function workOf(context: CliContext, { model }: ExplainOptions): Promise<Work> {
  const { services, options } = context;
  const profile = options.connection === undefined ? null : await connectionOf(context);
  if (profile && services.connections.isDemo(profile.id)) await readyDemo(context);
  const settings = model ? await services.assistant.settings() : null;
  return { context, connectionId: profile?.id ?? null, model: settings?.hasKey === true ? settings.model : null };
}

/** Explains one after the other; with an output, what an interrupted run explained before is taken from its journal. */
async function explainAll(work: Work, statements: readonly string[], file: string | undefined, single: boolean): Promise<Told[]> {
  const { output, signal } = work.context;
  const journal = file === undefined ? null : await openJournal(file, work);
  const told: Told[] = [];
  for (const statement of statements) {
    const before = journal?.kept(statement) ?? null;
    if (!single) output.say(`${told.length + 1} of ${statements.length}${before ? ', explained before' : ''}: ${statement.replace(/\s+/g, ' ').slice(0, 80)}`);
    try {
      told.push(before ?? (await explainOne(work, statement, single, signal)));
      if (!before) await journal?.keep(told.at(-1) as Told);
    } catch (thrown) {
      throw stopped(work.context, thrown, file, told.length);
    }
  }
  return told;
}

async function textOf(context: CliContext, operand: string | undefined, file: string | undefined): Promise<string> {
  if (operand !== undefined && file !== undefined) throw new AppError('bad_input', 'Give a statement or --file, not both.');
  if (operand !== undefined) return operand;
  if (file !== undefined && file !== '-') {
    const read = await readFile(file, 'utf8').catch((error: unknown) => Promise.reject(new AppError('bad_input', `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`, {}, { cause: error })));
    return read.replace(/^\uFEFF/, '');
  }
  if (context.options.passwordStdin) throw new AppError('bad_input', 'stdin cannot hold both the password and the statements.');
  if (file === undefined && context.stdin.isTTY) throw new AppError('bad_input', 'Which statement?', { hint: 'Give it as an operand, with --file, or on stdin.' });
  return readAll(context.stdin);
}

/** Explains one statement. One that does not parse is told as such among others, and an error when it is the only one. */
async function explainOne({ context, connectionId, model }: Work, statement: string, single: boolean, signal: AbortSignal): Promise<Told> {
  const { services, output } = context;
  try {
    const { explanation, problem } = await services.explain.explain({ text: statement, connectionId }, signal);
    if (problem && ['connection_failed', 'connection_lost', 'secrets_locked', 'busy'].includes(problem.code)) throw asError(problem);
    if (problem) output.say(`The plan is left out: ${problem.message}`);
    const depth = model === null ? null : await services.explain.inDepth({ text: statement, connectionId }, () => undefined, signal);
    const more = depth === null ? '' : `\n## In more depth\n\n${depth.markdown.trim()}\n\n_Told by ${depth.model} and not checked; everything above is made from the statement itself._\n`;
    return { statement, markdown: explanationMarkdown(explanation) + more, document: { ...explanation, inDepth: depth }, error: null };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'bad_input' || single) throw error;
    return { statement, markdown: `\`\`\`sql\n${statement}\n\`\`\`\n\n${error.message}\n`, document: { statement, error: error.data }, error: error.data };
  }
}

function asError({ code, message, ...rest }: AppErrorData): AppError {
  return new AppError(code, message, rest);
}

/** The error of work that ends before its end, with what to do about it. */
function stopped({ signal, options }: CliContext, thrown: unknown, output: string | undefined, done: number): AppError {
  const error = timedOut(signal, options.timeout, true) ?? toAppError(thrown);
  if (output === undefined || done === 0) return error;
  const { code, message, hint, ...rest } = error.data;
  return new AppError(code, message, { ...rest, hint: `${hint === undefined ? '' : `${hint} `}The first ${done} are kept: the same command goes on from there.` }, { cause: thrown });
}

async function write({ output }: CliContext, told: readonly Told[], options: ExplainOptions, single: boolean): Promise<void> {
  const markdown = single ? (told[0]?.markdown ?? '') : wholeFile(told, options.file);
  if (options.output !== undefined) {
    await writeFileAtomic(options.output, markdown, { mode: 0o644 });
    await rm(journalOf(options.output), { force: true });
    output.say(`${told.length} explained in ${options.output}`);
    if (output.json) await output.document({ file: options.output, statements: told.length });
  } else if (output.json) await output.document(single ? told[0]?.document : { statements: told.map(({ document }) => document) });
  else await output.results.write(markdown);
}

function wholeFile(told: readonly Told[], file: string | undefined): string {
  const name = file === undefined || file === '-' ? 'Statements' : path.basename(file);
  return [`# ${name}, explained\n`, ...told.map(({ markdown }, index) => `## Statement ${index + 1}\n\n${markdown.replace(/^(#{2,3}) /gm, '#$1 ')}`)].join('\n');
}

const kept = z.object({ key: z.string(), statement: z.string(), markdown: z.string(), document: z.record(z.string(), z.unknown()), error: z.null() });

const journalOf = (output: string): string => path.join(path.dirname(output), `.${path.basename(output)}.explained`);

/**
 * What was explained so far, one line of JSON a statement, in a hidden file beside the output: after an interruption, also by kill -9,
 * these are not asked again. A statement counts as the same when its text, the connection and the model are.
 */
async function openJournal(output: string, { connectionId, model }: Work): Promise<{ kept(statement: string): Told | undefined; keep(told: Told): Promise<void> }> {
  const file = journalOf(output);
  const keyOf = (statement: string): string => createHash('sha256').update(JSON.stringify([statement, connectionId, model])).digest('hex');
  const found = new Map<string, Told>();
  const before = await readFile(file, 'utf8').catch(() => '');
  for (const line of before.split('\n')) {
    const one = readLine(line);
    if (one) found.set(one.key, one);
  }
  // A line that was cut in the middle must not run into the next.
  let separator = before === '' || before.endsWith('\n') ? '' : '\n';
  return {
    kept: (statement) => found.get(keyOf(statement)),
    async keep(told) {
      if (told.error !== null) return;
      await appendFile(file, `${separator}${JSON.stringify({ key: keyOf(told.statement), ...told })}\n`, { mode: 0o600 }).catch((error: unknown) =>
        Promise.reject(new AppError('disk', `${file} could not be written: ${error instanceof Error ? error.message : String(error)}`, { hint: 'Check the folder, its permissions and the free space.' }, { cause: error })),
      );
      separator = '';
    },
  };
}

function readLine(line: string): z.infer<typeof kept> | null {
  try {
    return kept.parse(JSON.parse(line));
  } catch {
    // An empty line, or one that the interruption cut: its statement is explained again.
    return null;
  }
}
