import { open, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../errors';
import { diskError } from './diskError';

const blockBytes = 1024 * 1024;
/** Small results are common: the first blocks are smaller. */
const firstBlocks = [64 * 1024, 256 * 1024];
/** Blocks that wait for the disk before the writer is asked to wait, and at which it goes on. */
const highWater = 8;
const lowWater = 4;

/** Bytes in memory, at `start` of the log. */
interface Block {
  readonly start: number;
  readonly bytes: Buffer;
  used: number;
}

/**
 * Bytes that are only ever appended: the newest in memory, the rest in a file that is created when the first megabyte is full.
 * Every byte can be read at any time. When the disk fails, what was appended before stays readable.
 */
export class RowLog {
  private readonly blocks: Block[] = [];
  private spare: Buffer | null = null;
  private opening: Promise<FileHandle> | null = null;
  private written = 0;
  private length = 0;
  private writing: Promise<void> | null = null;
  private waiting: { resolve(): void; reject(error: unknown): void }[] = [];
  private error: AppError | null = null;

  constructor(readonly file: string) {}

  get size(): number {
    return this.length;
  }

  /** The disk's failure, after which nothing more is appended. */
  get failure(): AppError | null {
    return this.error;
  }

  /** Copies the bytes. A returned promise asks the caller to wait for the disk; it rejects with AppError `disk`. Throws the same after a failure. */
  append(bytes: Uint8Array): Promise<void> | undefined {
    if (this.error) throw this.error;
    let from = 0;
    while (from < bytes.length) {
      const block = this.room();
      const take = Math.min(bytes.length - from, block.bytes.length - block.used);
      block.bytes.set(take === bytes.length ? bytes : bytes.subarray(from, from + take), block.used);
      block.used += take;
      from += take;
    }
    this.length += bytes.length;
    if (!this.writing && this.length - this.written >= blockBytes) this.startWriting();
    if (this.blocks.length <= highWater) return undefined;
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Bytes [from, to), a copy. Rejects with AppError `disk`. */
  async read(from: number, to: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(to - from);
    const fromFile = Math.min(this.written, to) - from;
    // The blocks first, while nothing can change them.
    for (const block of this.blocks) {
      const start = Math.max(from, block.start);
      const end = Math.min(to, block.start + block.used);
      if (start < end) block.bytes.copy(target, start - from, start - block.start, end - block.start);
    }
    if (fromFile > 0) await this.readFile(target.subarray(0, fromFile), from);
    return target;
  }

  /** Writes everything to the file, so that a worker can read all of it there. Rejects with AppError `disk`. */
  async flush(): Promise<void> {
    const goal = this.length;
    while (this.written < goal) {
      if (this.error) throw this.error;
      if (!this.writing) this.startWriting();
      await this.writing;
    }
    if (this.error) throw this.error;
    await this.opened();
  }

  /** Nothing more will be appended: waits for the disk and gives spare memory back. */
  async seal(): Promise<void> {
    await this.writing;
    this.spare = null;
    const last = this.blocks[this.blocks.length - 1];
    if (!last || last.used === last.bytes.length) return;
    this.blocks[this.blocks.length - 1] = { start: last.start, used: last.used, bytes: Buffer.from(last.bytes.subarray(0, last.used)) };
  }

  /** Closes and deletes the file. */
  async dispose(): Promise<void> {
    this.error ??= new AppError('cancelled', 'The result was closed.');
    this.release(this.error);
    await this.writing;
    this.blocks.length = 0;
    // A file that could not be opened has been reported by whoever needed it.
    const handle = await this.opening?.catch(() => null);
    await handle?.close();
    await rm(this.file, { force: true });
  }

  private room(): Block {
    const last = this.blocks[this.blocks.length - 1];
    if (last && last.used < last.bytes.length) return last;
    const start = last ? last.start + last.used : this.length;
    const bytes = this.spare ?? Buffer.allocUnsafeSlow(this.nextBlockBytes(start));
    this.spare = null;
    const block = { start, bytes, used: 0 };
    this.blocks.push(block);
    return block;
  }

  private nextBlockBytes(start: number): number {
    if (start === 0) return firstBlocks[0] ?? blockBytes;
    return start < blockBytes ? (firstBlocks[1] ?? blockBytes) : blockBytes;
  }

  private startWriting(): void {
    this.writing = this.writeBlocks()
      .catch((error: unknown) => {
        this.error = diskError('The rows could not be stored', path.dirname(this.file), error);
        this.release(this.error);
      })
      .finally(() => (this.writing = null));
  }

  /** Writes what there is now, and goes on as long as somebody waits for room. */
  private async writeBlocks(): Promise<void> {
    const handle = await this.opened();
    const goal = this.length;
    for (let block = this.blocks[0]; block && (this.written < goal || this.waiting.length > 0); block = this.blocks[0]) {
      const end = block.used;
      await writeFully(handle, block.bytes.subarray(this.written - block.start, end), this.written);
      this.written = block.start + end;
      if (end === block.bytes.length) {
        this.blocks.shift();
        if (block.bytes.length === blockBytes) this.spare ??= block.bytes;
      }
      if (this.blocks.length <= lowWater) this.release(null);
    }
  }

  private release(error: AppError | null): void {
    for (const waiter of this.waiting.splice(0)) {
      if (error) waiter.reject(error);
      else waiter.resolve();
    }
  }

  private opened(): Promise<FileHandle> {
    this.opening ??= open(this.file, 'wx+', 0o600);
    return this.opening;
  }

  private async readFile(target: Buffer, from: number): Promise<void> {
    let done = 0;
    try {
      const handle = await this.opened();
      while (done < target.length) {
        const { bytesRead } = await handle.read(target, done, target.length - done, from + done);
        if (bytesRead === 0) throw new Error('the file is shorter than what was written to it');
        done += bytesRead;
      }
    } catch (error) {
      throw diskError('The stored rows could not be read', path.dirname(this.file), error);
    }
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    // A disk that becomes full writes a part first; the next attempt gives the error.
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
