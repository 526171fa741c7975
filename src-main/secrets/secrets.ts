import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { secretPlace, type SecretPlace, type SecretsStatus } from '../../src-preload/contract/secrets';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';
import { createKey, fileExists, readSecrets, unlockFile, writeSecrets, type Contents, type FileKey } from './encryptedFile';
import type { Keychain } from './keychain';
import { createRedactor } from './redactor';
import type { SecretsService } from './service';

export interface SecretsOptions {
  /** Where the remembered choice and the encrypted file lie. */
  readonly folder: string;
  readonly keychain: Keychain;
}

const MIN_PASSPHRASE = 8;
const choice = z.object({ place: secretPlace });

/** Where a secret is read from and written to, once a place is open. */
interface Vault {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/**
 * Secrets in the system's keychain when it answers; else where the person chose: this run's memory, or a file behind a passphrase.
 * The choice is remembered in `secrets-place.json`, which holds no secret. Secrets that were typed while the place was memory move
 * along when another place is chosen.
 */
export function createSecretsService({ folder, keychain }: SecretsOptions): SecretsService {
  const file = path.join(folder, 'secrets.enc');
  const choiceFile = path.join(folder, 'secrets-place.json');
  const redactor = createRedactor();
  const memory = new Map<string, string>();
  const listeners = new Set<(status: SecretsStatus) => void>();
  const inTurn = queue();
  let key: FileKey | null = null;
  let chosen: SecretPlace | null | undefined;

  const place = async (): Promise<SecretPlace | null> => {
    chosen ??= await readChoice(choiceFile);
    if (chosen === 'memory') return chosen;
    if (chosen === 'file' && (await fileExists(file))) return chosen;
    return (await keychain.probe()).available && chosen !== 'file' ? 'keychain' : null;
  };
  const status = async (): Promise<SecretsStatus> => {
    const [where, answer] = await Promise.all([place(), keychain.probe()]);
    return { place: where, keychain: answer, locked: where === 'file' && key === null };
  };
  const changed = async (): Promise<SecretsStatus> => {
    const now = await status();
    for (const listener of [...listeners]) listener(now);
    return now;
  };
  const fileVault = (opened: FileKey): Vault => ({
    get: async (name) => (await readSecrets(file, opened))[name] ?? null,
    set: (name, value) => inTurn(async () => writeSecrets(file, opened, { ...(await readSecrets(file, opened)), [name]: value })),
    delete: (name) =>
      inTurn(async () => {
        const { [name]: gone, ...rest } = await readSecrets(file, opened);
        if (gone !== undefined) await writeSecrets(file, opened, rest);
      }),
  });
  const vault = async (): Promise<Vault> => {
    const where = await place();
    if (where === 'keychain') return keychain;
    if (where === 'memory') return memoryVault(memory);
    if (where === 'file' && key) return fileVault(key);
    throw where === 'file' ? lockedFile() : noPlace((await keychain.probe()).reason);
  };
  const openFile = async (passphrase: string | undefined): Promise<void> => {
    if (passphrase === undefined || passphrase.length < MIN_PASSPHRASE) {
      throw new AppError('bad_input', `The passphrase must have at least ${MIN_PASSPHRASE} characters.`, { hint: 'A few random words make a good one.' });
    }
    redactor.add(passphrase);
    if (await fileExists(file)) {
      key = await unlockFile(file, passphrase);
      return;
    }
    const made = await createKey(passphrase);
    await writeSecrets(file, made, {});
    key = made;
  };

  return {
    status,
    choose: async (wanted, passphrase) => {
      const before = await place();
      if (wanted === 'keychain' && !(await keychain.probe()).available) throw noPlace((await keychain.probe()).reason);
      if (wanted === 'file') await openFile(passphrase);
      await writeFileAtomic(choiceFile, `${JSON.stringify({ place: wanted })}\n`);
      chosen = wanted;
      if (before === 'memory' && wanted !== 'memory') await moveOut(memory, await vault());
      return changed();
    },
    unlock: async (passphrase) => {
      if ((await place()) !== 'file') throw new AppError('bad_input', 'Secrets are not kept in a file; there is nothing to unlock.');
      redactor.add(passphrase);
      key = await unlockFile(file, passphrase);
      return changed();
    },
    get: async (name) => {
      const value = await (await vault()).get(name);
      if (value !== null) redactor.add(value);
      return value;
    },
    set: async (name, value) => {
      if (value === '') throw new AppError('bad_input', 'A secret cannot be empty.', { hint: 'Remove it instead.' });
      redactor.add(value);
      await (await vault()).set(name, value);
    },
    delete: async (name) => (await vault()).delete(name),
    remember: (value) => redactor.add(value),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    redact: (text) => redactor.redact(text),
  };
}

function memoryVault(memory: Map<string, string>): Vault {
  return {
    get: (name) => Promise.resolve(memory.get(name) ?? null),
    set: (name, value) => Promise.resolve(void memory.set(name, value)),
    delete: (name) => Promise.resolve(void memory.delete(name)),
  };
}

async function moveOut(memory: Map<string, string>, to: Vault): Promise<void> {
  const secrets: Contents = Object.fromEntries(memory);
  for (const [name, value] of Object.entries(secrets)) {
    await to.set(name, value);
    memory.delete(name);
  }
}

/** Runs asynchronous work one after the other; a failure does not stop what follows. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
}

async function readChoice(file: string): Promise<SecretPlace | null> {
  try {
    return choice.parse(JSON.parse(await readFile(file, 'utf8'))).place;
  } catch (error) {
    // A choice that cannot be understood is asked for again.
    if (isAbsent(error) || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function lockedFile(): AppError {
  return new AppError('secrets_locked', 'The file of secrets is locked.', { hint: 'Give its passphrase in the settings, or to the command in AI_SHELL_PASSPHRASE.' });
}

function noPlace(reason: string | null): AppError {
  return new AppError('secrets_locked', 'There is no place for secrets yet.', {
    hint: 'Choose in the settings: keep them for this run only, or in a file behind a passphrase. The command chooses the file when AI_SHELL_PASSPHRASE holds one.',
    ...(reason === null ? {} : { detail: reason }),
  });
}
