import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AppError } from '../../errors';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import type { Confirmation } from '../../../src-preload/contract/queries';
import { cutScript, type GuardService, type ScriptPart } from '../../guard/service';
import { fileError } from '../fileError';

/** What stands in a SQL file, found without running any of it. */
export interface ScriptFacts {
  readonly statements: number;
  readonly copies: number;
  /** Backslash commands of psql's with their line; they are not run. */
  readonly commands: readonly string[];
  /** The first statement that begins or ends a transaction. */
  readonly transactionControl: { readonly text: string; readonly line: number } | null;
  readonly confirmations: readonly Confirmation[];
  /** SHA-256 of the file's text: a yes counts for no other. */
  readonly digest: string;
}

/** pg_dump guards its own output with these; a server needs nothing of them. */
const harmless = /^\\(?:un)?restrict\b/;
const transactionWords = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|PREPARE\s+TRANSACTION)\b(?!\s+TO\b)/i;
/** Only these can want a yes outside of production; everything else need not be parsed. */
const mayBeDangerous = /\b(?:UPDATE|DELETE|TRUNCATE|DROP|ALTER)\b/i;
const listedCommands = 20;
const listedConfirmations = 50;
const parsedChars = 200_000;

/** The parts of a file. Rejects with `disk` or `not_found` when it cannot be read. */
export function scriptParts(file: string, onBytes: (read: number, text: string) => void): AsyncGenerator<ScriptPart> {
  return cutScript(texts(file, onBytes));
}

async function* texts(file: string, onBytes: (read: number, text: string) => void): AsyncGenerator<string> {
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 });
  let first = true;
  try {
    for await (const chunk of stream) {
      const text = first ? (chunk as string).replace(/^\uFEFF/, '') : (chunk as string);
      first = false;
      onBytes(stream.bytesRead, text);
      yield text;
    }
  } catch (error) {
    throw fileError(file, error);
  } finally {
    stream.destroy();
  }
}

/** Reads a whole file for what is in it. */
export async function readScriptFacts(file: string, { guard, profile, serverVersion, signal }: { guard: GuardService; profile: ConnectionProfile; serverVersion: number; signal: AbortSignal }): Promise<ScriptFacts> {
  const commands: string[] = [];
  const confirmations: Confirmation[] = [];
  let transactionControl: ScriptFacts['transactionControl'] = null;
  let statements = 0;
  let copies = 0;
  const digest = createHash('sha256');
  const seen = profile.environment === 'production' ? ({ ...profile, environment: 'dev' } as const) : profile;
  const strict = await asksMore(guard, seen);
  for await (const part of scriptParts(file, (_read, text) => digest.update(text))) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    if (part.kind === 'command') {
      if (!harmless.test(part.text) && commands.length < listedCommands) commands.push(headOf(part));
      continue;
    }
    statements += 1;
    if (part.kind === 'copy') {
      copies += 1;
      await passOver(part.data, signal);
      continue;
    }
    if (transactionWords.test(part.text)) transactionControl ??= { text: part.text.slice(0, 80), line: part.line };
    if (confirmations.length >= listedConfirmations || !worthParsing(part.text, strict)) continue;
    const verdict = await guard.classify(part.text, { serverVersion });
    confirmations.push(...(await guard.confirmations([{ text: part.text, verdict }], seen)));
  }
  if (profile.environment === 'production') {
    const sentence = `Runs ${statements.toLocaleString('en-US')} statements of a file on production, ${profile.name}.`;
    confirmations.unshift({ reason: 'production_write', sentence, statement: `-- ${statements} statements of ${file}`, objects: [] });
  }
  return { statements, copies, commands, transactionControl, confirmations, digest: digest.digest('hex') };
}

const headOf = (part: { readonly text: string; readonly line: number }): string => `line ${part.line}: ${part.text.slice(0, 80)}`;

const worthParsing = (text: string, strict: boolean): boolean => (strict || mayBeDangerous.test(text)) && text.length <= parsedChars;

/** Reads data to its end, so that what stands behind it can be read. */
async function passOver(data: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
  const iterator = data[Symbol.asyncIterator]();
  while (!(await iterator.next()).done) if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
}

/** Whether the person's policy wants a yes for more than what is dangerous anywhere. */
async function asksMore(guard: GuardService, profile: ConnectionProfile): Promise<boolean> {
  const change = { text: 'CREATE TABLE probe ()', verdict: { class: 'ddl' as const, readOnly: false, reason: 'is a probe', objects: [] } };
  return (await guard.confirmations([change], profile)).length > 0;
}
