import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const bufferBytes = 1024 * 1024;
/** Up to this many bytes a loop copies faster than a call. */
const shortBytes = 48;

/** Bytes that are collected in a buffer and handed on, a megabyte at a time, by `drain`. */
export abstract class BufferedOutput {
  protected readonly buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  protected used = 0;

  byte(value: number): void {
    if (this.used === bufferBytes) this.flush();
    this.buffer[this.used++] = value;
  }

  bytes(source: Buffer, from = 0, to = source.length): void {
    const length = to - from;
    if (length > bufferBytes - this.used) this.flush();
    if (length > bufferBytes) return this.drain(source.subarray(from, to));
    if (length <= shortBytes) {
      const { buffer } = this;
      let at = this.used;
      for (let index = from; index < to; index++) buffer[at++] = source[index] ?? 0;
    } else source.copy(this.buffer, this.used, from, to);
    this.used += length;
  }

  text(text: string): void {
    // No UTF-16 unit takes more than three bytes of UTF-8.
    if (text.length * 3 <= bufferBytes - this.used) this.used += this.buffer.write(text, this.used);
    else this.bytes(Buffer.from(text));
  }

  /**
   * Copies the bytes as long as none of them is marked in `special` (256 flags). Returns false, and has written nothing, when one is.
   */
  plainBytes(source: Buffer, from: number, to: number, special: Uint8Array): boolean {
    if (to - from > bufferBytes - this.used) {
      if (hasSpecial(source, from, to, special)) return false;
      this.bytes(source, from, to);
      return true;
    }
    const { buffer } = this;
    let at = this.used;
    for (let index = from; index < to; index++) {
      const byte = source[index] ?? 0;
      if (special[byte] === 1) return false;
      buffer[at++] = byte;
    }
    this.used = at;
    return true;
  }

  /** Hands on what has been collected. */
  flush(): void {
    if (this.used === 0) return;
    this.drain(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  /** Takes the bytes before it returns: the buffer is used again. */
  protected abstract drain(bytes: Buffer): void;
}

function hasSpecial(source: Buffer, from: number, to: number, special: Uint8Array): boolean {
  for (let index = from; index < to; index++) if (special[source[index] ?? 0] === 1) return true;
  return false;
}

/** Flags for the bytes of these characters, all of them ASCII. */
export function byteFlags(characters: string): Uint8Array {
  const flags = new Uint8Array(256);
  for (const byte of Buffer.from(characters, 'latin1')) flags[byte] = 1;
  return flags;
}

/** A file that is written from front to back through a buffer; for a worker thread, where waiting harms nobody. */
export class OutputBuffer extends BufferedOutput {
  private readonly handle: number;
  /** Bytes in the file so far. */
  size = 0;

  /** Creates the file; it must not be there yet. With `gzip` each megabyte is a gzip member of its own (RFC 1952, 2.2). */
  constructor(
    file: string,
    private readonly gzip = false,
  ) {
    super();
    this.handle = openSync(file, 'wx');
  }

  /** Writes the rest, syncs and closes. */
  end(): void {
    this.flush();
    // An empty file is no gzip file.
    if (this.gzip && this.size === 0) this.write(gzipSync(Buffer.alloc(0)));
    fsyncSync(this.handle);
    closeSync(this.handle);
  }

  protected drain(bytes: Buffer): void {
    this.write(this.gzip ? gzipSync(bytes) : bytes);
  }

  private write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.handle, bytes, done);
    this.size += bytes.length;
  }
}

/** Keeps everything in memory, for pieces of a text. */
export class MemoryOutput extends BufferedOutput {
  private pieces: Buffer[] = [];

  /** What was written since the last call. */
  take(): string {
    this.flush();
    const text = Buffer.concat(this.pieces).toString('utf8');
    this.pieces = [];
    return text;
  }

  protected drain(bytes: Buffer): void {
    this.pieces.push(Buffer.from(bytes));
  }
}
