import type { AnswerPart } from '../../src-preload/contract/assistant';
import type { AskOutcome } from '../assistant/service';
import { connectionOf, timedOut, type CliContext } from './context';
import { toAppError } from '../errors';
import type { ByteSink } from './output';
import type { AreaCommand } from './program';
import { formatOf } from './query';
import { runStatements } from './runStatements';

interface AskOptions {
  readonly run?: boolean;
  readonly format?: string;
}

/** `ask "question in words" -c NAME [--run]` */
export function addAskArea(area: AreaCommand): void {
  const top = area(null, '');
  top(
    'ask <question>',
    'a checked query for a question in words; with --run its rows',
    (command) => command.option('--run', 'run the query, read-only').option('--format <format>', 'of the rows: table, csv, json or ndjson'),
    ask,
  );
}

async function ask(context: CliContext, [question = '']: readonly string[], { run, format }: AskOptions): Promise<void> {
  const { services, output, signal, options } = context;
  const rowFormat = formatOf(format, output.json);
  const profile = await connectionOf(context);
  const outcome = await services.assistant.askOnce({ connectionId: profile.id, question, run: false }, (part) => progress(context, part), signal).catch((thrown: unknown) => {
    throw timedOut(signal, options.timeout, false) ?? toAppError(thrown);
  });
  const sql = outcome.sql?.text ?? null;
  const document = rowFormat === 'document';
  if (!document) await tell(context, outcome, sql, run === true && rowFormat !== 'table');
  else if (!run || sql === null) return output.document({ ...answer(outcome), result: null });
  if (!run || sql === null) return;
  const sink = document ? prefixed(output.results, `${JSON.stringify(answer(outcome)).slice(0, -1)},"result":`) : output.results;
  await runStatements(context, { profile, text: sql, parameters: new Map(), format: rowFormat, sink, limit: null, write: false, enclosed: document ? '}' : '' });
}

/** Writes the beginning of a document together with the first of its rest, so that a query that fails at once leaves none. */
function prefixed(sink: ByteSink, prefix: string): ByteSink {
  let missing = prefix;
  return {
    ...sink,
    write: (text) => {
      const head = missing;
      missing = '';
      return sink.write(head + text);
    },
  };
}

function answer({ message, text, sql, proposals, conversationId }: AskOutcome): object {
  return { conversationId, text, sql: sql?.text ?? null, check: sql?.check ?? null, proposals, usage: message.usage, model: message.model };
}

/** The words go to stderr when stdout is to hold rows for a program. */
async function tell({ output }: CliContext, { text, proposals }: AskOutcome, sql: string | null, rowsOnly: boolean): Promise<void> {
  const words = [text, sql === null ? '' : `${sql}\n`].filter((part) => part !== '').join('\n\n');
  if (rowsOnly) output.say(words);
  else await output.results.write(`${words.trimEnd()}\n`);
  for (const { text: statement, purpose } of proposals) output.say(`Proposed, not run: ${purpose}\n${statement}\nLook at it in the window; nothing is written from here.`);
}

function progress({ output }: CliContext, part: AnswerPart): void {
  if (part.kind !== 'part' || part.part.kind !== 'tool') return;
  const { title, state, summary } = part.part;
  if (state !== 'running') output.say(`· ${title}${summary === '' ? '' : `: ${summary}`}`);
}
