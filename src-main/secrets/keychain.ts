import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type keytar from 'keytar';
import { AppError } from '../errors';

/** The operating system's store of passwords. */
export interface Keychain {
  /** Whether it answers; never rejects, never blocks, and asks the system only once in a run. */
  probe(): Promise<{ available: boolean; reason: string | null }>;
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** The name under which this program's entries stand in the keychain. */
export const KEYCHAIN_SERVICE = 'ai-shell-desktop';

/** Milliseconds within which a keychain that works has answered; one whose daemon is missing may never do so. */
const PROBE_TIMEOUT = 4_000;
/** Milliseconds for a real access: the system may be asking the person to unlock it. */
const ACCESS_TIMEOUT = 120_000;

// Looking up an entry that is not there makes no dialog appear.
const PROBE = `require(process.argv[1]).getPassword(${JSON.stringify(KEYCHAIN_SERVICE)}, 'probe').then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;

/**
 * The keychain through `keytar`: Keychain on macOS, Credential Vault on Windows, the Secret Service on Linux. There the library
 * may fail to load, and its first call may hang a thread of the process for good; so a child process tries it first and is killed
 * when it does not answer.
 */
export function systemKeychain(environment: Readonly<Record<string, string | undefined>>): Keychain {
  const require = createRequire(import.meta.url);
  let probing: Promise<{ available: boolean; reason: string | null }> | null = null;
  let loaded: typeof keytar | null = null;
  const library = (): typeof keytar => (loaded ??= require('keytar') as typeof keytar);
  const access = <T>(work: (library: typeof keytar) => Promise<T>): Promise<T> => withDeadline(async () => work(library()));
  return {
    probe: () => (probing ??= probe(require.resolve('keytar'), environment)),
    get: (name) => access((keychain) => keychain.getPassword(KEYCHAIN_SERVICE, name)),
    set: (name, value) => access((keychain) => keychain.setPassword(KEYCHAIN_SERVICE, name, value)),
    delete: (name) => access(async (keychain) => void (await keychain.deletePassword(KEYCHAIN_SERVICE, name))),
  };
}

async function probe(library: string, environment: Readonly<Record<string, string | undefined>>): Promise<{ available: boolean; reason: string | null }> {
  if (process.platform === 'linux' && !hasSessionBus(environment)) {
    return { available: false, reason: 'There is no D-Bus session, which the Secret Service of Linux needs.' };
  }
  // In Electron the executable is the program itself; the variable makes it plain Node.
  const env = { ...environment, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', PROBE, library], { env, timeout: PROBE_TIMEOUT, killSignal: 'SIGKILL', windowsHide: true }, (error, _stdout, stderr) => {
      if (!error) resolve({ available: true, reason: null });
      else if (error.killed) resolve({ available: false, reason: `The keychain did not answer within ${PROBE_TIMEOUT / 1000} seconds.` });
      else resolve({ available: false, reason: stderr.trim().split('\n').at(-1) || error.message });
    });
  });
}

function hasSessionBus(environment: Readonly<Record<string, string | undefined>>): boolean {
  const address = environment['DBUS_SESSION_BUS_ADDRESS'];
  // Chromium writes `disabled:` into the environment where it has found no bus.
  if (address) return !address.startsWith('disabled:');
  const runtime = environment['XDG_RUNTIME_DIR'];
  return runtime !== undefined && existsSync(path.join(runtime, 'bus'));
}

async function withDeadline<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ACCESS_TIMEOUT / 1000} seconds`)), ACCESS_TIMEOUT);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('secrets_locked', `The keychain refused: ${message}`, { hint: 'Unlock the keychain, or choose another place for secrets.' }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
