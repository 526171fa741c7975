import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ImportEncoding } from '../../../src-preload/contract/imports';

const chunkBytes = 256 * 1024;

/** A piece of a text file; `broken` when it holds bytes that the encoding does not know, which stand as U+FFFD in the text. */
export interface TextChunk {
  readonly text: string;
  readonly broken: boolean;
}

/** Reads a text file piece by piece, for a worker thread where waiting harms nobody. A byte order mark is dropped. */
export class TextFile {
  readonly size: number;
  position = 0;
  private readonly handle: number;
  /** Bytes of a character whose rest has not been read. */
  private rest: Buffer = Buffer.alloc(0);
  private readonly decoder: InstanceType<typeof TextDecoder> | null;
  private first = true;

  /** Throws the system's error. */
  constructor(
    file: string,
    private readonly encoding: ImportEncoding,
  ) {
    this.handle = openSync(file, 'r');
    this.size = fstatSync(this.handle).size;
    this.decoder = encoding === 'utf-8' ? null : new TextDecoder(encoding);
  }

  /** The next piece, never split inside a character; null at the end. */
  next(): TextChunk | null {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const read = readSync(this.handle, buffer, 0, chunkBytes, null);
    this.position += read;
    const last = read === 0;
    if (last && (this.rest.length === 0 && this.decoder === null)) return null;
    const chunk = this.decoder ? this.decoded(buffer.subarray(0, read), last) : this.utf8(buffer.subarray(0, read), last);
    if (last && chunk.text === '') return null;
    if (!this.first || chunk.text === '') return chunk;
    this.first = false;
    return chunk.text.startsWith('\uFEFF') ? { ...chunk, text: chunk.text.slice(1) } : chunk;
  }

  close(): void {
    closeSync(this.handle);
  }

  private decoded(bytes: Buffer, last: boolean): TextChunk {
    const text = this.decoder?.decode(bytes, { stream: !last }) ?? '';
    // Windows-1252 knows every byte; UTF-16 has lone surrogates and odd ends.
    return { text, broken: this.encoding !== 'windows-1252' && text.includes('\uFFFD') };
  }

  private utf8(read: Buffer, last: boolean): TextChunk {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, read]) : read;
    const end = last ? bytes.length : wholeCharacters(bytes);
    // A copy: the rest must not keep the whole buffer.
    this.rest = last ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    return { text: whole.toString('utf8'), broken: !isUtf8(whole) };
  }
}

/** The length of the part that does not end inside a UTF-8 character. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
