import type { Cell } from '../../../src-preload/contract/queries';
import { columnCount, nextRow } from '../../drivers/rows';
import { neededBytes, windowCell } from './windowCells';

/** Bytes [from, to) of the stored rows. */
export type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/** Read at a time while walking; rows longer than this are read cell by cell, and only as far as they are shown. */
const chunkBytes = 1024 * 1024;
/** First guess of a single row's length. */
const guessBytes = 8 * 1024;
const rowHeader = 7;
/** Bytes up to which a row's length is known. */
const lengthHeader = 5;
/** Decoding gives way to other work after this many milliseconds. */
const sliceMs = 8;
/** Single rows that are read at the same time. */
const parallelReads = 16;

/** Where one cell lies in the stored bytes; `length` is -1 for NULL. */
interface StoredCell {
  readonly offset: number;
  readonly length: number;
}

/** Decodes rows of a stored result for the window; never holds more than a chunk and what is shown, however long cells are. */
export class RowReader {
  constructor(
    private readonly read: ReadBytes,
    /** Bytes stored so far. */
    private readonly size: () => number,
  ) {}

  /**
   * `take` rows from the row that begins at `offset`, after skipping `skip`. The caller knows that so many are stored, and that they
   * end at or before `until`.
   */
  async rows(offset: number, until: number, skip: number, take: number, maxChars: number): Promise<Cell[][]> {
    const rows: Cell[][] = [];
    const slice = new Slice();
    let chunk = new Chunk(offset, await this.read(offset, Math.min(until, offset + chunkBytes)));
    let at = offset;
    for (let row = 0; row < skip + take; row++) {
      if (!chunk.has(at, lengthHeader)) chunk = await this.chunkAt(at);
      const end = chunk.rowEnd(at);
      if (row >= skip) {
        if (!chunk.has(at, end - at) && end - at <= chunkBytes) chunk = await this.chunkAt(at);
        rows.push(chunk.has(at, end - at) ? decodeRow(chunk.bytes, at - chunk.start, maxChars) : await this.longRow(at, maxChars));
        await slice.giveWay();
      }
      at = end;
    }
    return rows;
  }

  /** The rows that begin at these offsets, in this order. */
  async rowsAt(offsets: Float64Array, maxChars: number): Promise<Cell[][]> {
    const rows = new Array<Cell[]>(offsets.length);
    const slice = new Slice();
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < offsets.length; index = next++) {
        rows[index] = await this.rowAt(offsets[index] ?? 0, maxChars);
        await slice.giveWay();
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallelReads, offsets.length) }, worker));
    return rows;
  }

  /** The offset of the row that lies `skip` rows behind the one at `offset`. */
  async skip(offset: number, skip: number): Promise<number> {
    let chunk: Chunk | null = null;
    let at = offset;
    for (let row = 0; row < skip; row++) {
      if (!chunk?.has(at, lengthHeader)) chunk = await this.chunkAt(at);
      at = chunk.rowEnd(at);
    }
    return at;
  }

  /** Finds one cell of the row that begins at `offset`; null when the row has no such column. */
  async cell(offset: number, column: number): Promise<StoredCell | null> {
    let chunk = await this.guess(offset);
    if (column >= columnCount(chunk.bytes, 0)) return null;
    let at = offset + rowHeader;
    for (let index = 0; ; index++) {
      if (!chunk.has(at, 4)) chunk = await this.guess(at);
      const length = chunk.bytes.readInt32BE(at - chunk.start);
      if (index === column) return { offset: at + 4, length };
      at += 4 + Math.max(0, length);
    }
  }

  private async rowAt(offset: number, maxChars: number): Promise<Cell[]> {
    let chunk = await this.guess(offset);
    const length = chunk.rowEnd(offset) - offset;
    if (!chunk.has(offset, length)) {
      if (length > chunkBytes) return this.longRow(offset, maxChars);
      chunk = new Chunk(offset, await this.read(offset, offset + length));
    }
    return decodeRow(chunk.bytes, 0, maxChars);
  }

  private async longRow(offset: number, maxChars: number): Promise<Cell[]> {
    let chunk = await this.guess(offset);
    const columns = columnCount(chunk.bytes, 0);
    const cells: Cell[] = [];
    let at = offset + rowHeader;
    for (let column = 0; column < columns; column++) {
      if (!chunk.has(at, 4)) chunk = await this.guess(at);
      const length = chunk.bytes.readInt32BE(at - chunk.start);
      at += 4;
      if (length < 0) {
        cells.push(null);
        continue;
      }
      const needed = neededBytes(length, maxChars);
      if (!chunk.has(at, needed)) chunk = new Chunk(at, await this.read(at, Math.min(this.size(), at + Math.max(needed, guessBytes))));
      cells.push(windowCell(chunk.bytes, at - chunk.start, length, maxChars));
      at += length;
    }
    return cells;
  }

  private async guess(offset: number): Promise<Chunk> {
    return new Chunk(offset, await this.read(offset, Math.min(this.size(), offset + guessBytes)));
  }

  private async chunkAt(offset: number): Promise<Chunk> {
    return new Chunk(offset, await this.read(offset, Math.min(this.size(), offset + chunkBytes)));
  }
}

/** A piece of the stored bytes, addressed by their offsets in the store. */
class Chunk {
  constructor(
    readonly start: number,
    readonly bytes: Buffer,
  ) {}

  has(offset: number, length: number): boolean {
    return offset >= this.start && offset + length <= this.start + this.bytes.length;
  }

  rowEnd(offset: number): number {
    return this.start + nextRow(this.bytes, offset - this.start);
  }
}

/** Gives the event loop a turn when this work has held it for too long. */
class Slice {
  private since = performance.now();

  async giveWay(): Promise<void> {
    if (performance.now() - this.since < sliceMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.since = performance.now();
  }
}

function decodeRow(bytes: Buffer, offset: number, maxChars: number): Cell[] {
  const columns = columnCount(bytes, offset);
  const cells = new Array<Cell>(columns);
  let at = offset + rowHeader;
  for (let column = 0; column < columns; column++) {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) cells[column] = null;
    else {
      cells[column] = windowCell(bytes, at, length, maxChars);
      at += length;
    }
  }
  return cells;
}
