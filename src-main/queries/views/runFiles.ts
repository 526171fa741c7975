import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { compareBytes } from './keyRun';
import { readFully } from './rowScan';

const writeBytes = 1024 * 1024;
const readBytes = 256 * 1024;
/** Runs that are merged at once; more are merged in several rounds. */
const fanIn = 64;
/** Before each key: the row's offset (double) and the key's length. */
const recordHeader = 12;

/** A sorted run on disk: records of offset, key length and key. */
export interface RunFile {
  readonly file: string;
  readonly bytes: number;
}

/** A file that is written from front to back in large pieces. */
export class BufferedFile {
  private readonly handle: number;
  private readonly buffer = Buffer.allocUnsafeSlow(writeBytes);
  private used = 0;
  private flushed = 0;

  constructor(readonly file: string) {
    this.handle = openSync(file, 'wx', 0o600);
  }

  double(value: number): void {
    if (this.used + 8 > this.buffer.length) this.flush();
    this.used = this.buffer.writeDoubleLE(value, this.used);
  }

  record(offset: number, key: Buffer, from: number, to: number): void {
    if (this.used + recordHeader > this.buffer.length) this.flush();
    this.used = this.buffer.writeDoubleLE(offset, this.used);
    this.used = this.buffer.writeUInt32LE(to - from, this.used);
    if (this.used + to - from > this.buffer.length) this.flush();
    if (to - from > this.buffer.length) {
      this.write(key.subarray(from, to));
      return;
    }
    key.copy(this.buffer, this.used, from, to);
    this.used += to - from;
  }

  /** Writes the rest and closes; returns the file's length. */
  end(): number {
    this.flush();
    closeSync(this.handle);
    return this.flushed;
  }

  private flush(): void {
    this.write(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  private write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.handle, bytes, done);
    this.flushed += bytes.length;
  }
}

/** Merges sorted runs, given in the order in which their rows came, and calls `visit` for each row in order. Deletes them. */
export function mergeRuns(runs: readonly RunFile[], newFile: () => string, visit: (offset: number) => void): void {
  let level = runs;
  while (level.length > fanIn) {
    const next: RunFile[] = [];
    for (let start = 0; start < level.length; start += fanIn) {
      const output = new BufferedFile(newFile());
      mergeOnce(level.slice(start, start + fanIn), (reader) => output.record(reader.offset, reader.bytes, reader.keyFrom, reader.keyTo));
      next.push({ file: output.file, bytes: output.end() });
    }
    level = next;
  }
  mergeOnce(level, (reader) => visit(reader.offset));
}

function mergeOnce(runs: readonly RunFile[], visit: (reader: RunReader) => void): void {
  const readers = runs.map((run, index) => new RunReader(run, index));
  const heap = readers.filter((reader) => reader.next());
  for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap, index);
  while (heap.length > 0) {
    const first = heap[0];
    if (!first) break;
    visit(first);
    if (!first.next()) {
      const last = heap.pop();
      if (heap.length > 0 && last) heap[0] = last;
    }
    sink(heap, 0);
  }
  for (const reader of readers) reader.dispose();
}

function sink(heap: RunReader[], from: number): void {
  let at = from;
  for (;;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && isBefore(heap[child], heap[least])) least = child;
    }
    if (least === at) return;
    const moved = heap[at];
    const other = heap[least];
    if (!moved || !other) return;
    heap[at] = other;
    heap[least] = moved;
    at = least;
  }
}

function isBefore(a: RunReader | undefined, b: RunReader | undefined): boolean {
  if (!a || !b) return false;
  const difference = compareBytes(a.bytes, a.keyFrom, a.keyTo, b.bytes, b.keyFrom, b.keyTo);
  return difference < 0 || (difference === 0 && a.index < b.index);
}

/** Stands on one record of a run. */
class RunReader {
  bytes = Buffer.allocUnsafeSlow(readBytes);
  offset = 0;
  keyFrom = 0;
  keyTo = 0;
  private readonly handle: number;
  private filled = 0;
  private at = 0;
  /** Offset in the file behind what was read. */
  private position = 0;

  constructor(
    private readonly run: RunFile,
    readonly index: number,
  ) {
    this.handle = openSync(run.file, 'r');
  }

  /** Goes to the next record; false at the end. */
  next(): boolean {
    if (this.at === this.filled && this.position === this.run.bytes) return false;
    this.need(recordHeader);
    const length = this.bytes.readUInt32LE(this.at + 8);
    this.need(recordHeader + length);
    this.offset = this.bytes.readDoubleLE(this.at);
    this.keyFrom = this.at + recordHeader;
    this.keyTo = this.keyFrom + length;
    this.at = this.keyTo;
    return true;
  }

  dispose(): void {
    closeSync(this.handle);
    rmSync(this.run.file, { force: true });
  }

  private need(length: number): void {
    if (this.filled - this.at >= length) return;
    const rest = this.bytes.subarray(this.at, this.filled);
    const target = length > this.bytes.length ? Buffer.allocUnsafeSlow(length) : this.bytes;
    rest.copy(target);
    this.bytes = target;
    this.filled = rest.length;
    this.at = 0;
    const more = Math.min(this.bytes.length - this.filled, this.run.bytes - this.position);
    readFully(this.handle, this.bytes, this.filled, more, this.position);
    this.filled += more;
    this.position += more;
  }
}
