import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';
import type { FileFormat, FileStamp, OpenedFile } from '../../src-preload/contract/files';

/** Larger files are not for an editor: the window would stall over them, at each start again. */
export const MOST_BYTES = 50 * 1024 * 1024;
/** A NUL within so many bytes makes a file binary; the same rule as git's. */
const LOOKED_AT = 8_000;

/**
 * Reads a text file. Rejects with `not_found`, `refused` (a folder, binary, or over 50 MB), `disk`. Bytes that are no UTF-8 are read as
 * Latin-1, in which every byte is a character, so that saving changes nothing that was not edited.
 */
export async function readTextFile(file: string): Promise<OpenedFile> {
  const bytes = await readBytes(file);
  const { text, encoding } = decode(file, bytes);
  const lineEnd = lineEndOf(text);
  const writable = await access(file, constants.W_OK).then(() => true, () => false);
  return { stamp: { path: file, hash: hashOfBytes(bytes), encoding, lineEnd }, text: text.replace(/\r\n?/g, '\n'), writable };
}

/** The SHA-256 (hex) of a file's bytes; null when it is not there. */
export async function hashOfFile(file: string): Promise<string | null> {
  try {
    return hashOfBytes(await readBytes(file));
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
}

/** Writes a text in a format, as a whole. Rejects with `refused` for a read-only file, `bad_input` for what the encoding cannot say, `disk`. */
export async function writeTextFile(file: string, text: string, format: FileFormat): Promise<FileStamp> {
  const found = await stat(file).catch((error: unknown) => (isAbsent(error) ? null : Promise.reject(diskError(file, error))));
  if (found) {
    const writable = await access(file, constants.W_OK).then(() => true, () => false);
    // The owner may replace the file of another or a protected one all the same; a person who protected it did not mean that.
    if (!writable || (found.mode & 0o222) === 0) throw new AppError('refused', `${file} is read-only.`, { hint: 'Save it under another name, or allow writing to it first.' });
  }
  const bytes = encode(file, text, format);
  await writeFileAtomic(file, bytes, found ? { mode: found.mode & 0o7777 } : {});
  return { path: file, hash: hashOfBytes(bytes), encoding: format.encoding, lineEnd: format.lineEnd };
}

export function hashOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      const { size } = found;
      if (!found.isFile()) throw new AppError('refused', `${file} is no ordinary file.`);
      if (size > MOST_BYTES) {
        throw new AppError('refused', `${file} has ${Math.round(size / 1024 / 1024)} MB, and the editor takes 50 MB at most.`, { hint: `Run it without opening it: ai-shell query --file "${file}" -c CONNECTION --write` });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isAbsent(error)) throw new AppError('not_found', `${file} is not there any more.`, {}, { cause: error });
    throw diskError(file, error);
  }
}

function diskError(file: string, error: unknown): AppError {
  return new AppError('disk', `${file} could not be read: ${error instanceof Error ? error.message : String(error)}`, { hint: 'Check the permissions of the file.' }, { cause: error });
}

function decode(file: string, bytes: Buffer): { text: string; encoding: FileFormat['encoding'] } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) return { text: bytes.subarray(2).toString('utf16le'), encoding: 'utf-16le' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) return { text: Buffer.from(bytes.subarray(2)).swap16().toString('utf16le'), encoding: 'utf-16be' };
  if (bytes.subarray(0, LOOKED_AT).includes(0)) throw new AppError('refused', `${file} is no text: it holds NUL bytes.`, { hint: 'A dump in custom format is read by pg_restore.' });
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(marked ? bytes.subarray(3) : bytes), encoding: marked ? 'utf-8-bom' : 'utf-8' };
  } catch {
    return { text: bytes.toString('latin1'), encoding: 'latin1' };
  }
}

function encode(file: string, text: string, { encoding, lineEnd }: FileFormat): Buffer {
  const written = lineEnd === 'lf' ? text : text.replaceAll('\n', lineEnd === 'crlf' ? '\r\n' : '\r');
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(written, 'utf8');
    case 'utf-8-bom':
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(written, 'utf8')]);
    case 'utf-16le':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(written, 'utf16le')]);
    case 'utf-16be':
      return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(written, 'utf16le').swap16()]);
    case 'latin1': {
      const bad = [...written].find((character) => character > '\u00ff');
      if (bad !== undefined) throw new AppError('bad_input', `${file} is not written in UTF-8, and its encoding (Latin-1) has no “${bad}”.`, { hint: 'Save it under another name: a new file is written in UTF-8.' });
      return Buffer.from(written, 'latin1');
    }
  }
}

/** The line end that most lines have; a file of one line ends them with `\n`. */
function lineEndOf(text: string): FileFormat['lineEnd'] {
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1 - crlf;
  const cr = text.split('\r').length - 1 - crlf;
  if (crlf >= lf && crlf >= cr && crlf > 0) return 'crlf';
  return cr > lf ? 'cr' : 'lf';
}
