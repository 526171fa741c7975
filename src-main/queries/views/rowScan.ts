import { closeSync, openSync, readSync } from 'node:fs';
import { columnCount, nextRow } from '../../drivers/rows';

const chunkBytes = 4 * 1024 * 1024;
const rowHeader = 7;

/** The cells of the row that a scan stands on; all arrays are reused for the next row. */
export class RowCells {
  bytes: Buffer = Buffer.alloc(0);
  /** Offset of the row in `bytes`, and of its end. */
  start = 0;
  end = 0;
  readonly offsets: Int32Array;
  /** -1 is NULL. */
  readonly lengths: Int32Array;

  /** `columns` is how many of the first columns are wanted. */
  constructor(private readonly columns: number) {
    this.offsets = new Int32Array(columns);
    this.lengths = new Int32Array(columns);
  }

  /** Finds the cells of the row at `start`. */
  locate(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    const columns = Math.min(this.columns, columnCount(bytes, start));
    let at = start + rowHeader;
    for (let column = 0; column < columns; column++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      this.offsets[column] = at;
      this.lengths[column] = length;
      if (length > 0) at += length;
    }
  }
}

/**
 * Calls `visit` for each row of the first `size` bytes of a file of rows, with the row's offset in the file; `from` is where some row
 * begins. Holds one chunk, or one row when that is longer; yields after each.
 */
export function* rowSteps(file: string, size: number, cells: RowCells, visit: (offset: number) => void, from = 0): Generator<void> {
  const handle = openSync(file, 'r');
  try {
    let buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, size - from));
    let filled = 0;
    /** Offset in the file of the buffer's first byte. */
    let base = from;
    while (base < size) {
      const wanted = Math.min(buffer.length, size - base);
      filled += readFully(handle, buffer, filled, wanted - filled, base + filled);
      const used = visitRows(buffer.subarray(0, filled), cells, base, visit);
      if (used === 0) {
        const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(buffer.length * 2, filled >= 5 ? nextRow(buffer, 0) : 0), size - base));
        buffer.copy(grown, 0, 0, filled);
        buffer = grown;
      } else {
        buffer.copy(buffer, 0, used, filled);
        filled -= used;
        base += used;
        yield;
      }
    }
  } finally {
    closeSync(handle);
  }
}

/** `rowSteps` in one go. */
export function scanRows(file: string, size: number, cells: RowCells, visit: (offset: number) => void): void {
  const steps = rowSteps(file, size, cells, visit);
  while (steps.next().done !== true);
}

/** Visits the whole rows of a chunk and its cells; returns how many bytes they take. */
export function visitRows(chunk: Buffer, cells: RowCells, base: number, visit: (offset: number) => void): number {
  let at = 0;
  while (at + 5 <= chunk.length) {
    const end = nextRow(chunk, at);
    if (end > chunk.length) break;
    cells.locate(chunk, at, end);
    visit(base + at);
    at = end;
  }
  return at;
}

/** Reads exactly `length` bytes. */
export function readFully(handle: number, target: Buffer, offset: number, length: number, position: number): number {
  let done = 0;
  while (done < length) {
    const count = readSync(handle, target, offset + done, length - done, position + done);
    if (count === 0) throw new Error('The file of rows is shorter than the result.');
    done += count;
  }
  return done;
}
