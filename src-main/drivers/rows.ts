import type { RowBatch } from './driver';

/**
 * The row encoding of the program: whole PostgreSQL v3 DataRow messages, one behind the other (see `RowBatch`). A row is
 * `'D'`, int32 length (of itself and what follows), int16 columns, then int32 length (-1 is NULL) and bytes for each cell.
 * All offsets are byte offsets into the batch's `bytes`; a batch's bytes may share their ArrayBuffer with other batches.
 */

/** Byte code of a DataRow message. */
export const dataRowCode = 0x44;
/** Bytes before the first cell: code, length, number of columns. */
const rowHeader = 7;

/** Where one cell lies. `length` is -1 for NULL. */
export interface CellPlace {
  readonly offset: number;
  readonly length: number;
}

function int32(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 24) | ((bytes[offset + 1] ?? 0) << 16) | ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
}

/** The offset just behind the row that begins at `offset`. */
export function nextRow(bytes: Uint8Array, offset: number): number {
  return offset + 1 + int32(bytes, offset + 1);
}

/** The offset at which each row of the batch begins, and the end as the last entry: `count + 1` numbers. */
export function rowOffsets(batch: RowBatch): Uint32Array {
  const offsets = new Uint32Array(batch.count + 1);
  let offset = 0;
  for (let row = 0; row < batch.count; row++) {
    offsets[row] = offset;
    offset = nextRow(batch.bytes, offset);
  }
  offsets[batch.count] = offset;
  return offsets;
}

/** Number of columns of the row that begins at `offset`. */
export function columnCount(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset + 5] ?? 0) << 8) | (bytes[offset + 6] ?? 0);
}

/** Finds the cell of `column` (0-based) in the row that begins at `offset`; throws a RangeError when the row has no such column. */
export function cellAt(bytes: Uint8Array, offset: number, column: number): CellPlace {
  if (column < 0 || column >= columnCount(bytes, offset)) throw new RangeError(`The row has no column ${column}.`);
  let at = offset + rowHeader;
  for (let index = 0; index < column; index++) {
    const length = int32(bytes, at);
    at += 4 + (length < 0 ? 0 : length);
  }
  return { offset: at + 4, length: int32(bytes, at) };
}

/** All cells of the row that begins at `offset`, as text; NULL is null. */
export function decodeRow(bytes: Uint8Array, offset: number): (string | null)[] {
  const buffer = asBuffer(bytes);
  const columns = columnCount(bytes, offset);
  const cells = new Array<string | null>(columns);
  let at = offset + rowHeader;
  for (let index = 0; index < columns; index++) {
    const length = int32(bytes, at);
    at += 4;
    if (length < 0) cells[index] = null;
    else {
      cells[index] = buffer.toString('utf8', at, at + length);
      at += length;
    }
  }
  return cells;
}

/** One cell of the row that begins at `offset`, as text; NULL is null. */
export function decodeCell(bytes: Uint8Array, offset: number, column: number): string | null {
  const cell = cellAt(bytes, offset, column);
  return cell.length < 0 ? null : asBuffer(bytes).toString('utf8', cell.offset, cell.offset + cell.length);
}

/** Every row of a batch as text, in order. For small results and tests: a large result stays bytes. */
export function decodeBatch(batch: RowBatch): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let offset = 0;
  for (let row = 0; row < batch.count; row++) {
    rows.push(decodeRow(batch.bytes, offset));
    offset = nextRow(batch.bytes, offset);
  }
  return rows;
}

/** Encodes rows of text or of bytes that are UTF-8 already; for engines that do not speak PostgreSQL's protocol. */
export function encodeRows(rows: readonly (readonly (string | Uint8Array | null)[])[]): RowBatch {
  let size = 0;
  for (const row of rows) {
    if (row.length > 0x7fff) throw new RangeError('A row has at most 32,767 columns.');
    size += rowHeader;
    for (const cell of row) size += 4 + (cell === null ? 0 : byteLength(cell));
  }
  const bytes = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const row of rows) offset = writeRow(bytes, offset, row);
  return { bytes, count: rows.length };
}

/**
 * Shortens every cell longer than `maxCellBytes` at a UTF-8 character border. Returns the batch itself when nothing is too
 * long; `cut` counts the shortened cells.
 */
export function cutCells(batch: RowBatch, maxCellBytes: number): { batch: RowBatch; cut: number } {
  const cut = countLongCells(batch, maxCellBytes);
  if (cut === 0) return { batch, cut };
  const rows: Uint8Array[] = [];
  let offset = 0;
  for (let row = 0; row < batch.count; row++) {
    const end = nextRow(batch.bytes, offset);
    rows.push(cutRow(batch.bytes, offset, end, maxCellBytes));
    offset = end;
  }
  return { batch: { bytes: Buffer.concat(rows), count: batch.count }, cut };
}

/** The largest length of at most `limit` bytes that does not end inside a UTF-8 character of the cell at `offset`. */
export function characterBorder(bytes: Uint8Array, offset: number, limit: number): number {
  let length = limit;
  // Bytes 10xxxxxx continue a character: the border lies before its first byte.
  while (length > 0 && ((bytes[offset + length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return length;
}

function countLongCells(batch: RowBatch, maxCellBytes: number): number {
  let long = 0;
  let offset = 0;
  for (let row = 0; row < batch.count; row++) {
    const end = nextRow(batch.bytes, offset);
    let at = offset + rowHeader;
    while (at < end) {
      const length = int32(batch.bytes, at);
      if (length > maxCellBytes) long += 1;
      at += 4 + (length < 0 ? 0 : length);
    }
    offset = end;
  }
  return long;
}

function cutRow(bytes: Uint8Array, offset: number, end: number, maxCellBytes: number): Uint8Array {
  const cells: (Uint8Array | null)[] = [];
  let at = offset + rowHeader;
  while (at < end) {
    const length = int32(bytes, at);
    at += 4;
    if (length < 0) {
      cells.push(null);
      continue;
    }
    const kept = length > maxCellBytes ? characterBorder(bytes, at, maxCellBytes) : length;
    cells.push(bytes.subarray(at, at + kept));
    at += length;
  }
  return encodeRows([cells]).bytes;
}

function writeRow(bytes: Buffer, start: number, row: readonly (string | Uint8Array | null)[]): number {
  bytes[start] = dataRowCode;
  bytes.writeInt16BE(row.length, start + 5);
  let at = start + rowHeader;
  for (const cell of row) {
    if (cell === null) {
      at = bytes.writeInt32BE(-1, at);
      continue;
    }
    const written = typeof cell === 'string' ? bytes.write(cell, at + 4, 'utf8') : writeBytes(bytes, at + 4, cell);
    bytes.writeInt32BE(written, at);
    at += 4 + written;
  }
  bytes.writeInt32BE(at - start - 1, start + 1);
  return at;
}

function writeBytes(target: Buffer, offset: number, cell: Uint8Array): number {
  target.set(cell, offset);
  return cell.byteLength;
}

function byteLength(cell: string | Uint8Array): number {
  return typeof cell === 'string' ? Buffer.byteLength(cell) : cell.byteLength;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
