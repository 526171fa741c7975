import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { AppServices } from '../app';
import type { Connection } from '../drivers/driver';
import { AppError, toAppError } from '../errors';
import { QUERY_CANCELED } from './exit';
import type { Output } from './output';

/** The options that every area takes, before or after its verb. */
export interface GlobalOptions {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly color?: boolean;
  readonly timeout?: number;
  readonly connection?: string;
  readonly passwordStdin?: boolean;
  readonly acceptHostKey?: string[];
}

/** One run of the command. */
export interface CliContext {
  readonly options: GlobalOptions;
  readonly services: AppServices;
  readonly output: Output;
  /** Aborts on Ctrl+C and when --timeout has passed. */
  readonly signal: AbortSignal;
  readonly stdin: Readable & { isTTY?: boolean };
}

const APPLICATION = 'ai-shell command';

/** All of stdin as text. */
export function readAll(stdin: Readable): Promise<string> {
  return text(stdin);
}

/** The connection that -c names. Rejects with `bad_input` without one, `not_found` for an unknown name. */
export async function connectionOf(context: CliContext): Promise<ConnectionProfile> {
  const { connection, passwordStdin } = context.options;
  if (connection === undefined) {
    throw new AppError('bad_input', 'Which connection?', { hint: 'Give -c NAME (see `ai-shell connections list`) or -c URL.' });
  }
  const profile = await context.services.connections.resolve(connection);
  if (passwordStdin) context.services.connections.supplyPassword(profile.id, await passwordFromStdin(context));
  return profile;
}

/** The first line of stdin. */
export async function passwordFromStdin(context: CliContext): Promise<string> {
  const [line = ''] = (await readAll(context.stdin)).split(/\r?\n/);
  if (line === '') throw new AppError('bad_input', '--password-stdin: nothing came on stdin.');
  context.services.secrets.remember(line);
  return line;
}

/** Runs work on a server session of its own; an expired --timeout becomes `timeout`, told apart by whether the server was reached. */
export async function onSession<T>(context: CliContext, profile: ConnectionProfile, work: (connection: Connection) => Promise<T>): Promise<T> {
  const { services, signal, options } = context;
  let connected = false;
  try {
    if (services.connections.isDemo(profile.id)) await readyDemo(context);
    return await services.connections.withSession(profile.id, { applicationName: APPLICATION, signal }, (connection) => {
      connected = true;
      return work(connection);
    });
  } catch (thrown) {
    throw timedOut(signal, options.timeout, connected) ?? toAppError(thrown);
  }
}

/** Waits for the demo database. The first time it is built, which takes longer than a person waits without a word. */
export async function readyDemo({ services, output, signal }: CliContext): Promise<void> {
  const stop = services.demo.onChange(({ state, progress, message }) => {
    if (state === 'building') output.say(`Building the demo database, ${Math.round(progress * 100)} %: ${message}`);
  });
  try {
    await services.demo.ensure(signal);
  } finally {
    stop();
  }
}

/** The error of an expired --timeout, null when it has not expired. */
export function timedOut(signal: AbortSignal, seconds: number | undefined, connected: boolean): AppError | null {
  const reason: unknown = signal.aborted ? signal.reason : null;
  if (!(reason instanceof Error) || reason.name !== 'TimeoutError') return null;
  const rest = connected ? { serverCode: QUERY_CANCELED } : {};
  return new AppError('timeout', `Stopped: the --timeout of ${seconds ?? 0} s has passed.`, { ...rest, hint: 'Allow more time with --timeout.' });
}
