import { closeSync, fstatSync, openSync } from 'node:fs';
import { nextRow } from '../../drivers/rows';
import { readFully, type RowCells } from '../views/rowScan';

const offsetsAtOnce = 8192;
/** Read for a row somewhere in the file, and for one close behind the last, which more will follow. */
const loneBytes = 4 * 1024;
const runBytes = 1024 * 1024;
/** Bytes up to which a row's length is known. */
const lengthHeader = 5;

/** Calls `visit` for each row of a view in its order, beginning with row `first`; yields after some thousand. */
export function* viewSteps(viewFile: string, rowsFile: string, size: number, cells: RowCells, visit: () => void, first = 0): Generator<void> {
  const view = openSync(viewFile, 'r');
  const rows = openSync(rowsFile, 'r');
  try {
    const reader = new ScatteredRows(rows, size);
    const total = fstatSync(view).size / 8;
    for (let from = first; from < total; from += offsetsAtOnce) {
      const offsets = new Float64Array(Math.min(offsetsAtOnce, total - from));
      readFully(view, Buffer.from(offsets.buffer), 0, offsets.byteLength, from * 8);
      for (const offset of offsets) {
        reader.locate(offset, cells);
        visit();
      }
      yield;
    }
  } finally {
    closeSync(view);
    closeSync(rows);
  }
}

/** Reads rows anywhere in a file; rows that follow each other are read many at a time. */
class ScatteredRows {
  private buffer = Buffer.allocUnsafeSlow(runBytes);
  private start = 0;
  private filled = 0;

  constructor(
    private readonly handle: number,
    private readonly size: number,
  ) {}

  locate(offset: number, cells: RowCells): void {
    this.need(offset, lengthHeader);
    const length = nextRow(this.buffer, offset - this.start) - (offset - this.start);
    this.need(offset, length);
    cells.locate(this.buffer, offset - this.start, offset - this.start + length);
  }

  private need(offset: number, length: number): void {
    const end = this.start + this.filled;
    if (offset >= this.start && offset + length <= end) return;
    const follows = offset >= this.start && offset <= end + loneBytes && this.filled > 0;
    const wanted = Math.min(this.size - offset, Math.max(length, follows ? runBytes : loneBytes));
    if (wanted > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(wanted);
    this.start = offset;
    this.filled = readFully(this.handle, this.buffer, 0, wanted, offset);
  }
}
