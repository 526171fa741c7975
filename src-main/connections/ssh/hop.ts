import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { AnyAuthMethod, Client, ConnectConfig, ParsedKey, ServerHostKeyAlgorithm } from 'ssh2';
import { hopAddress, lockOfHop } from '../../../src-preload/contract/locks';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';
import { AppError } from '../../errors';
import type { HostKeys } from './hostKeys';

/** What a connection to an SSH server needs beside the hop itself. */
export interface HopContext {
  readonly hostKeys: HostKeys;
  /** The secret behind a lock, if it is known. */
  readonly secret: (lock: string) => Promise<string | undefined>;
  /** Milliseconds between questions whether the line is alive. */
  readonly keepAlive: number;
  /** The path of the session's agent: `SSH_AUTH_SOCK`. */
  readonly agent: string | undefined;
  readonly signal: AbortSignal;
}

/** Milliseconds for one server's greeting, keys and login. */
const READY_TIMEOUT = 15_000;
/** A line that answers none of so many questions is cut. */
const KEEP_ALIVE_MISSES = 3;

/** By preference where no key is known: as ssh2 has them. */
const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];

/**
 * Logs in to one SSH server, over `through` when it is reached by another one. Its key is checked before anything secret is sent.
 * Rejects with `connection_failed` (a missing or wrong secret and an unknown host key carry a question), or the signal's reason.
 */
export async function connectHop(hop: TunnelHop, through: Duplex | undefined, context: HopContext): Promise<Client> {
  context.signal.throwIfAborted();
  const login = await loginOf(hop, context);
  const known = await context.hostKeys.knownTypes(hop.host, hop.port);
  const { Client } = await ssh2();
  const client = new Client();
  let hostKeyProblem: unknown = null;
  const config: ConnectConfig = {
    ...(through === undefined ? { host: hop.host, port: hop.port } : { sock: through }),
    username: hop.user,
    readyTimeout: READY_TIMEOUT,
    keepaliveInterval: context.keepAlive,
    keepaliveCountMax: KEEP_ALIVE_MISSES,
    algorithms: { serverHostKey: ordered(known) },
    authHandler: login.methods,
    hostVerifier: (key: Buffer, verify: (good: boolean) => void) => {
      context.hostKeys.check(hop.host, hop.port, key).then(
        () => verify(true),
        (problem: unknown) => {
          hostKeyProblem = problem;
          verify(false);
        },
      );
    },
  };
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => {
    // A second factor cannot be answered by the password; sending it there would be wrong.
    answer(prompts.length === 1 && prompts[0]?.echo === false && login.password !== undefined ? [login.password] : []);
  });
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      client.destroy();
      reject(context.signal.reason as Error);
    };
    const settled = (): void => context.signal.removeEventListener('abort', abort);
    context.signal.addEventListener('abort', abort, { once: true });
    client.once('ready', () => {
      settled();
      resolve();
    });
    client.on('error', (error) => {
      settled();
      client.destroy();
      reject((hostKeyProblem as Error | null) ?? refused(hop, error));
    });
    client.once('close', () => {
      settled();
      reject((hostKeyProblem as Error | null) ?? new AppError('connection_failed', `The SSH server ${hopAddress(hop)} closed the connection while logging in.`, { hint: 'Its log says why.' }));
    });
    client.connect(config);
  });
  return client;
}

/** Loaded at the first tunnel: most starts need none. */
async function ssh2(): Promise<typeof import('ssh2')> {
  return (await import('ssh2')).default;
}

/** A path that may begin with the person's home. */
export function expandHome(file: string): string {
  return file === '~' || file.startsWith('~/') ? path.join(os.homedir(), file.slice(1)) : file;
}

interface Login {
  readonly methods: AnyAuthMethod[];
  readonly password?: string;
}

async function loginOf(hop: TunnelHop, context: HopContext): Promise<Login> {
  const { authentication, user } = hop;
  if (authentication.kind === 'agent') {
    const agent = authentication.socket === undefined ? context.agent : expandHome(authentication.socket);
    if (agent === undefined || agent === '') {
      throw new AppError('connection_failed', `There is no SSH agent for ${hopAddress(hop)}.`, { hint: 'Start the program where SSH_AUTH_SOCK is set (ssh-add -l then lists keys), or choose a key file.' });
    }
    return { methods: [{ type: 'agent', username: user, agent }] };
  }
  const lock = lockOfHop(hop)?.lock ?? '';
  const secret = await context.secret(lock);
  if (authentication.kind === 'key') return { methods: [{ type: 'publickey', username: user, key: await readKey(hop, authentication.file, secret) }] };
  if (secret === undefined) throw asking(hop, `The SSH server ${hopAddress(hop)} wants a password, and none is known.`);
  return {
    password: secret,
    methods: [
      { type: 'password', username: user, password: secret },
      { type: 'keyboard-interactive', username: user, prompt: (_name, _instructions, _language, prompts, answer) => answer(prompts.length === 1 && prompts[0]?.echo === false ? [secret] : []) },
    ],
  };
}

async function readKey(hop: TunnelHop, file: string, passphrase: string | undefined): Promise<ParsedKey> {
  let text: Buffer;
  try {
    text = await readFile(expandHome(file));
  } catch (thrown) {
    throw new AppError('connection_failed', `The SSH key cannot be read: ${(thrown as Error).message}`, { hint: 'Check the path, and who may read it.' }, { cause: thrown });
  }
  const { utils } = await ssh2();
  const parsed = utils.parseKey(text, passphrase);
  if (!(parsed instanceof Error)) {
    // ssh2 gives a list for OpenSSH's format, which its types do not say.
    const key = [parsed].flat()[0];
    if (key?.isPrivateKey() === true) return key;
    throw new AppError('connection_failed', `${file} holds no private key.`, { hint: 'Choose the file without .pub.' });
  }
  if (passphrase === undefined && /no passphrase given/.test(parsed.message)) throw asking(hop, `The key ${file} is behind a passphrase.`);
  if (passphrase !== undefined) throw asking(hop, `The passphrase does not open the key ${file}.`);
  throw new AppError('connection_failed', `${file} cannot be used as an SSH key: ${parsed.message}`, { hint: 'OpenSSH, PEM and PuTTY (version 2) formats can be read.' });
}

function asking(hop: TunnelHop, message: string): AppError {
  const lock = lockOfHop(hop);
  return new AppError('connection_failed', message, { hint: `Enter ${lock?.label ?? 'it'}, or let an SSH agent hold the key.`, ...(lock === null ? {} : { question: { kind: 'secret', ...lock } }) });
}

/** Known types first, so that the server shows a key that can be compared. */
function ordered(knownTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean => knownTypes.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((algorithm) => !isKnown(algorithm))];
}

const networkHints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there. Is it the right port, and is the SSH server running?',
  ENOTFOUND: 'The name has no address. Check its spelling, the VPN and the name server.',
  ETIMEDOUT: 'No answer: a firewall may drop the packets, or the VPN is down.',
  EHOSTUNREACH: 'There is no route. Check the network and the VPN.',
};

function refused(hop: TunnelHop, error: Error & { level?: string; code?: string }): AppError {
  const address = hopAddress(hop);
  if (error.level === 'client-authentication') {
    if (hop.authentication.kind === 'password') return asking(hop, `The SSH server ${address} refused the password.`);
    const hint = hop.authentication.kind === 'agent' ? 'None of the agent’s keys is admitted there (ssh-add -l lists them).' : 'Is the key in authorized_keys there, and is the user right?';
    return new AppError('connection_failed', `The SSH server ${address} refused the login.`, { hint }, { cause: error });
  }
  if (error.level === 'agent') return new AppError('connection_failed', `The SSH agent does not answer: ${error.message}`, { hint: 'Is it still running? Look at SSH_AUTH_SOCK.' }, { cause: error });
  const hint = networkHints[error.code ?? ''] ?? (error.level === 'client-timeout' ? 'It did not answer in time. Is it an SSH server, and does the network let you reach it?' : undefined);
  return new AppError('connection_failed', `Could not connect to the SSH server ${address}: ${error.message}`, hint === undefined ? {} : { hint }, { cause: error });
}
