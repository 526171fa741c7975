import type { Readable, Writable } from 'node:stream';
import { toAppError } from '../errors';
import { programPaths } from '../paths';
import type { SecretsService } from '../secrets/service';
import type { CliContext, GlobalOptions } from './context';
import { EXIT, exitStatus } from './exit';
import { createOutput, type Output } from './output';
import { createProgram, grammarError, isHelp, shieldStatements } from './program';

export interface CliProcess {
  /** What stands behind the program's name. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: Writable & { isTTY?: boolean };
  readonly stderr: Writable;
  readonly version: string;
  /** Aborts on Ctrl+C, and when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  /** Whether the reader of stdout went away: then there is nobody to tell. */
  readonly nobodyReads: () => boolean;
}

/** Runs one command and resolves with its exit status; never rejects. */
export async function runCli(process: CliProcess): Promise<number> {
  const redactors: ((text: string) => string)[] = [];
  const redact = (text: string): string => redactors.reduce((rest, cut) => cut(rest), text);
  // Known before the grammar has read it, so that also a bad argument is told in the form that was asked for.
  let output = outputOf(process, { json: process.args.includes('--json'), quiet: process.args.includes('--quiet') }, redact);
  const run = async (globals: GlobalOptions, action: (context: CliContext) => Promise<void>): Promise<void> => {
    output = outputOf(process, globals, redact);
    await withServices(process, globals, output, redactors, action);
  };
  try {
    await createProgram(process.version, run).configureOutput({ writeOut: (text) => void process.stdout.write(text), writeErr: () => undefined }).parseAsync(shieldStatements(process.args), { from: 'user' });
    return EXIT.done;
  } catch (thrown) {
    if (isHelp(thrown)) return EXIT.done;
    const error = toAppError(grammarError(thrown));
    if (!process.nobodyReads()) await output.error(error.data);
    return exitStatus(error.data);
  }
}

async function withServices(process: CliProcess, globals: GlobalOptions, output: Output, redactors: ((text: string) => string)[], action: (context: CliContext) => Promise<void>): Promise<void> {
  const { environment, cwd, stdin } = process;
  const paths = programPaths({ workspace: globals.workspace, cwd, environment });
  // Loaded only now: help and bad arguments need none of it.
  const { createApp } = await import('../app');
  const services = createApp({ paths, environment, connectionEnvironment: environment, program: 'the ai-shell command', cwd });
  redactors.push((text) => services.secrets.redact(text));
  const deadline = globals.timeout === undefined ? [] : [AbortSignal.timeout(globals.timeout * 1000)];
  try {
    for (const fingerprint of globals.acceptHostKey ?? []) services.connections.acceptHostKey(fingerprint);
    await openSecrets(services.secrets, environment['AI_SHELL_PASSPHRASE']);
    await action({ options: globals, services, output, signal: AbortSignal.any([process.signal, ...deadline]), stdin });
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'internal') services.log.area('command').error('failed', { error });
    throw error;
  } finally {
    await services.close();
  }
}

/** The variable unlocks the file of secrets, and where there is no keychain it is the choice of that file. */
async function openSecrets(secrets: SecretsService, passphrase: string | undefined): Promise<void> {
  if (passphrase === undefined || passphrase === '') return;
  const { place, locked } = await secrets.status();
  if (place === null) await secrets.choose('file', passphrase);
  else if (locked) await secrets.unlock(passphrase);
}

function outputOf({ stdout, stderr, environment }: CliProcess, { json, quiet, color }: Pick<GlobalOptions, 'json' | 'quiet' | 'color'>, redact: (text: string) => string): Output {
  const colored = stdout.isTTY === true && color !== false && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return createOutput({ stdout, stderr, json: json ?? false, quiet: quiet ?? false, color: colored, redact });
}
