import type { RowBatch } from '../driver';
import { dataRowCode } from '../rows';

/** How a cell's bytes become the text that the program keeps; null: they are that text already. */
export type CellText = ((bytes: Buffer) => string) | null;

/** What mysql2 gives for one cell of the row that it reads. */
interface Field {
  buffer(): Buffer | null;
}

/** Bytes before the first cell of a DataRow: code, length, number of columns. */
const rowHeader = 7;
const nullCell = 0xfb;
const spareBytes = 32 * 1024;

/**
 * Copies rows from the packets in which they came into batches of DataRow messages, without an object for each cell: a view on the first
 * cell that is not NULL tells where in memory the row lies, and the cells after it lie one behind the other, each with its
 * length before it. Source: MySQL's protocol, "Text Resultset Row" and "length-encoded string".
 */
export class RowCopier {
  private bytes = Buffer.alloc(0);
  /** The next memory for a batch: small until it is known that there are many rows. */
  private capacity = 4096;
  private used = 0;
  private count = 0;
  /** The memory of the last packet; many packets share it. */
  private source: Uint8Array = new Uint8Array(0);
  private nullsBefore = 0;
  /** Where the first cell that is not NULL lies in `source`; -1: none seen yet in this row. */
  private first = -1;
  private firstLength = 0;

  constructor(
    private readonly texts: readonly CellText[],
    private readonly batchBytes: number,
  ) {
    if (texts.length > 0x7fff) throw new RangeError('A row has at most 32,767 columns.');
  }

  get rows(): number {
    return this.count;
  }

  get size(): number {
    return this.used;
  }

  /** To be called for each cell in order; the library's own value of the cell is not used. */
  cell(field: Field): null {
    if (this.first >= 0) return null;
    const cell = field.buffer();
    if (cell === null) this.nullsBefore += 1;
    else {
      if (cell.buffer !== this.source.buffer) this.source = new Uint8Array(cell.buffer);
      this.first = cell.byteOffset;
      this.firstLength = cell.length;
    }
    return null;
  }

  /** The row's last cell was told: the row is copied. */
  endRow(): void {
    const start = this.used;
    this.reserve(rowHeader);
    this.used += rowHeader;
    for (let column = 0; column < this.nullsBefore; column++) this.writeLength(-1);
    if (this.first >= 0) this.copyCells();
    this.bytes[start] = dataRowCode;
    this.bytes.writeInt32BE(this.used - start - 1, start + 1);
    this.bytes.writeInt16BE(this.texts.length, start + 5);
    this.count += 1;
    this.nullsBefore = 0;
    this.first = -1;
  }

  /** The rows since the last batch. */
  take(): RowBatch {
    const batch = { bytes: this.bytes.subarray(0, this.used), count: this.count };
    this.bytes = Buffer.alloc(0);
    this.capacity = this.batchBytes + spareBytes;
    this.used = 0;
    this.count = 0;
    return batch;
  }

  private copyCells(): void {
    const { source } = this;
    let at = this.first;
    let length = this.firstLength;
    const columns = this.texts.length;
    for (let column = this.nullsBefore; ; ) {
      this.write(column, at, length);
      at += length;
      column += 1;
      while (column < columns && source[at] === nullCell) {
        this.writeLength(-1);
        at += 1;
        column += 1;
      }
      if (column >= columns) return;
      const short = source[at] ?? 0;
      if (short < nullCell) {
        length = short;
        at += 1;
      } else {
        const width = short === 0xfc ? 2 : short === 0xfd ? 3 : 8;
        length = littleEndian(source, at + 1, width);
        at += 1 + width;
      }
    }
  }

  private write(column: number, from: number, length: number): void {
    const text = this.texts[column] ?? null;
    if (text === null) return this.writeBytes(this.source, from, length);
    const told = Buffer.from(text(Buffer.from(this.source.buffer, from, length)));
    this.writeBytes(told, 0, told.length);
  }

  private writeBytes(source: Uint8Array, from: number, length: number): void {
    this.writeLength(length);
    this.reserve(length);
    const { bytes } = this;
    let to = this.used;
    // A copy by the engine costs a view on the source, which is more than a few bytes are worth.
    if (length > 64) bytes.set(source.subarray(from, from + length), to);
    else for (let at = from; at < from + length; at++) bytes[to++] = source[at] ?? 0;
    this.used += length;
  }

  private writeLength(length: number): void {
    this.reserve(4);
    const { bytes, used } = this;
    bytes[used] = length >>> 24;
    bytes[used + 1] = length >>> 16;
    bytes[used + 2] = length >>> 8;
    bytes[used + 3] = length;
    this.used = used + 4;
  }

  private reserve(more: number): void {
    const needed = this.used + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.capacity, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
  }
}

/** Lengths over 2^53 do not occur: a packet is at most 1 GB. */
function littleEndian(bytes: Uint8Array, offset: number, width: number): number {
  let value = 0;
  for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[offset + index] ?? 0);
  return value;
}
