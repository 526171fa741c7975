import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';

/**
 * A file of secrets behind a passphrase.
 *
 * Format: line 1 is the header as JSON, line 2 the base64 of AES-256-GCM's ciphertext followed by its 16-byte tag; the bytes of line
 * 1 are the additional authenticated data. The plaintext is a JSON object of names and values. scrypt (RFC 7914) makes 64 bytes of
 * the passphrase: the first 32 are the key, the last 32 stand in the header as `check`, so that a wrong passphrase and a damaged
 * file are told apart; they say no more about the passphrase than the tag does. The salt is new for each file, the nonce (96 bits,
 * NIST SP 800-38D) for each write.
 */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;

const base64 = (bytes: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === bytes, `must be ${bytes} bytes`);
const header = z.object({
  format: z.literal('ai-shell-secrets'),
  version: z.literal(1),
  kdf: z.literal('scrypt'),
  // Bounded, so that a file from elsewhere cannot make the program take all memory.
  N: z.union([z.literal(2 ** 17), z.literal(2 ** 18), z.literal(2 ** 19), z.literal(2 ** 20)]),
  r: z.literal(8),
  p: z.literal(1),
  salt: base64(32),
  check: base64(32),
  cipher: z.literal('aes-256-gcm'),
  nonce: base64(12),
});
type Header = z.infer<typeof header>;
const contents = z.record(z.string(), z.string());
export type Contents = z.infer<typeof contents>;

/** What a passphrase became; lives in memory only. */
export interface FileKey {
  readonly salt: string;
  readonly check: string;
  readonly key: Buffer;
}

/** Makes the key of an existing file. Rejects with `secrets_locked` for a wrong passphrase, `bad_input` for a damaged file. */
export async function unlockFile(file: string, passphrase: string): Promise<FileKey> {
  const { fields } = await load(file);
  const derived = await derive(passphrase, fields);
  if (!timingSafeEqual(derived.check, Buffer.from(fields.check, 'base64'))) {
    throw new AppError('secrets_locked', 'The passphrase is wrong: it does not open the file of secrets.', { hint: 'Type it again; capital letters count.' });
  }
  const key = { salt: fields.salt, check: fields.check, key: derived.key };
  await readSecrets(file, key);
  return key;
}

/** Makes the key of a new file; nothing is written yet. */
export async function createKey(passphrase: string): Promise<FileKey> {
  const salt = randomBytes(32).toString('base64');
  const { key, check } = await derive(passphrase, { ...COST, salt });
  return { salt, check: check.toString('base64'), key };
}

/** The secrets of a file. Rejects with `secrets_locked` when it is no longer the file that the key belongs to. */
export async function readSecrets(file: string, key: FileKey): Promise<Contents> {
  const { fields, line, body } = await load(file);
  if (fields.salt !== key.salt || fields.check !== key.check) {
    throw new AppError('secrets_locked', 'The file of secrets was replaced by another one.', { hint: 'Unlock it again with its own passphrase.' });
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, Buffer.from(fields.nonce, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(line));
    decipher.setAuthTag(body.subarray(-16));
    const plain = Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
    return contents.parse(JSON.parse(plain.toString('utf8')));
  } catch (error) {
    throw damaged(file, 'its contents do not match their seal', error);
  }
}

/** Replaces the secrets of a file as a whole, sealed anew. */
export async function writeSecrets(file: string, key: FileKey, secrets: Contents): Promise<void> {
  const nonce = randomBytes(12);
  const fields: Header = { format: 'ai-shell-secrets', version: 1, kdf: 'scrypt', ...COST, salt: key.salt, check: key.check, cipher: 'aes-256-gcm', nonce: nonce.toString('base64') };
  const line = JSON.stringify(fields);
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(line));
  const body = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  await writeFileAtomic(file, `${line}\n${body.toString('base64')}\n`);
}

/** Whether the file is there. */
export async function fileExists(file: string): Promise<boolean> {
  return (await readIfThere(file)) !== null;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('disk', `${file} could not be read: ${message}`, { hint: 'Check the permissions of the file.' }, { cause: error });
  }
}

async function load(file: string): Promise<{ fields: Header; line: string; body: Buffer }> {
  const text = await readIfThere(file);
  if (text === null) throw new AppError('not_found', `There is no file of secrets at ${file}.`, { hint: 'Choose a place for secrets again.' });
  const [line = '', encoded = ''] = text.split('\n');
  try {
    const fields = header.parse(JSON.parse(line));
    const body = Buffer.from(encoded, 'base64');
    if (body.length < 16) throw new Error('it is cut short');
    return { fields, line, body };
  } catch (error) {
    throw damaged(file, 'its header is not one that this version understands', error);
  }
}

function damaged(file: string, why: string, cause: unknown): AppError {
  return new AppError('bad_input', `The file of secrets is damaged: ${why}.`, { hint: `Restore ${file} from a backup, or remove it and type the secrets again.` }, { cause });
}

async function derive(passphrase: string, { N, r, p, salt }: Pick<Header, 'N' | 'r' | 'p' | 'salt'>): Promise<{ key: Buffer; check: Buffer }> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * N * r };
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 64, options, (error, derived) => (error ? reject(error) : resolve(derived)));
  });
  return { key: bytes.subarray(0, 32), check: bytes.subarray(32) };
}
