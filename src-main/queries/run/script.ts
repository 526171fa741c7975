import { createHash } from 'node:crypto';
import { AppError, toAppError } from '../../errors';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import type { Verdict } from '../../../src-preload/contract/guard';
import type { Confirmation, ParameterValue } from '../../../src-preload/contract/queries';
import type { Connection } from '../../drivers/driver';
import { bindPlaceholders, type Guard, type StatementFacts } from '../../guard/service';

/** One statement of a run; `from` and `to` are its UTF-16 offsets in the run's text. */
export interface ScriptStatement {
  /** As the person wrote it. */
  readonly text: string;
  /** The same with `$1`, `$2`, ... for its parameters. */
  readonly sent: string;
  /** The names of its parameters, in the order of their numbers. */
  readonly parameters: readonly string[];
  readonly facts: StatementFacts;
  /** The offset in `text` for an offset in `sent`. */
  readonly original: (offset: number) => number;
  readonly from: number;
  readonly to: number;
  readonly verdict: Verdict;
}

export interface Script {
  readonly statements: readonly ScriptStatement[];
  /** What a person must say yes to before any of it is sent. */
  readonly confirmations: readonly Confirmation[];
}

/** Whose catalog decides on functions; null goes by the shipped table of the server's version. */
export type WithCatalog = <T>(work: (connection: Connection | null) => Promise<T>) => Promise<T>;

export interface ScriptContext {
  readonly guard: Guard;
  readonly profile: ConnectionProfile;
  /** Major version. */
  readonly serverVersion: number;
  readonly withCatalog: WithCatalog;
  readonly signal: AbortSignal;
}

/** SHA-256, in hex, of what a person confirms: the text, with the values that it is sent with and the search path that its names are looked up in. */
export function hashOf(text: string, parameters: readonly ParameterValue[] = [], searchPath: readonly string[] | null = null): string {
  const hash = createHash('sha256').update(text);
  if (parameters.length > 0) hash.update('\0').update(JSON.stringify(parameters.map(({ name, type, value }) => [name, type, value])));
  if (searchPath !== null) hash.update('\0').update(JSON.stringify(searchPath));
  return hash.digest('hex');
}

/** Splits and classifies a text. A text that does not parse becomes one statement, on a read-only connection it is `refused`. */
export async function readScript(text: string, context: ScriptContext): Promise<Script> {
  const { guard, profile } = context;
  // The grammar knows no `:name`; what belongs to one statement is found again in its own text below.
  const readable = bindPlaceholders(text, guard.placeholders(text, { numbered: false }));
  const { statements: pieces, error } = await guard.split(readable.text);
  if (error) return unreadableScript(text, { ...error, position: readable.original(error.position) }, context);
  if (pieces.length === 0) return { statements: [], confirmations: [] };
  const statements = await context.withCatalog(async (connection) => {
    const found: ScriptStatement[] = [];
    for (const { range } of pieces) {
      throwIfAborted(context.signal);
      const [from, to] = [readable.original(range.from), readable.original(range.to)];
      const written = text.slice(from, to);
      const { text: sent, names, original } = bindPlaceholders(written, guard.placeholders(written));
      found.push({ text: written, from, to, sent, parameters: names, original, facts: await guard.facts(sent), verdict: await classify(sent, connection, context) });
    }
    return found;
  });
  return { statements, confirmations: profile.readOnly ? [] : await confirmationsOf(statements, context) };
}

/** The statement is parsed with its numbers, and shown as it was written. */
async function confirmationsOf(statements: readonly ScriptStatement[], { guard, profile }: ScriptContext): Promise<Confirmation[]> {
  const found: Confirmation[] = [];
  for (const { text, sent, verdict } of statements) {
    const wanted = await guard.confirmations([{ text: sent, verdict }], profile);
    found.push(...wanted.map((confirmation) => ({ ...confirmation, statement: text })));
  }
  return found;
}

/** Where the live catalog cannot be asked, the shipped table decides, for which an unknown function writes. */
async function classify(text: string, connection: Connection | null, { guard, serverVersion, signal }: ScriptContext): Promise<Verdict> {
  if (!connection) return guard.classify(text, { serverVersion });
  try {
    return await guard.classify(text, { connection, signal });
  } catch (thrown) {
    throwIfAborted(signal);
    if (toAppError(thrown).code === 'internal') throw thrown;
    return guard.classify(text, { serverVersion });
  }
}

async function unreadableScript(text: string, error: { message: string; position: number }, { guard, profile, serverVersion }: ScriptContext): Promise<Script> {
  if (profile.readOnly) {
    throw new AppError('refused', `${profile.name} is read-only, and this text cannot be analysed: ${error.message}`, {
      hint: 'Correct the text. Only statements that were read and found harmless are sent to a read-only connection.',
      position: error.position,
      connection: profile.name,
    });
  }
  const statement: ScriptStatement = {
    text,
    sent: text,
    parameters: [],
    original: (offset) => offset,
    facts: await guard.facts(text),
    from: 0,
    to: text.length,
    verdict: await guard.classify(text, { serverVersion }),
  };
  // The server reads a whole message before it runs any of it, so that what does not parse does nothing: a slip of the pen needs no yes
  // there. On production it might be a newer server's syntax.
  if (profile.environment !== 'production') return { statements: [statement], confirmations: [] };
  const found = await guard.confirmations([statement], profile);
  const sentence = `Could not be analysed (${error.message}), and would be sent to ${profile.name} in one piece, as it is written.`;
  const confirmations = found.length > 0 ? found : [{ reason: 'unknown_statement' as const, sentence, statement: text, objects: [] }];
  return { statements: [statement], confirmations };
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
}
