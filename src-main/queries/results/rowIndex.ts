const rowsPerEntry = 256;
const bytesPerEntry = 64 * 1024;
/** Numbers in one chunk: pairs of row number and byte offset. */
const chunkNumbers = 8192;

/**
 * Sparse index from row numbers to byte offsets: an entry at least every 256 rows and, for wide rows, every 64 KiB (but never more
 * than one a row). Ten million rows of 100 bytes take under 1 MB.
 */
export class RowIndex {
  private readonly chunks: Float64Array[] = [];
  private entries = 0;
  private lastRow = -rowsPerEntry;
  private lastOffset = 0;

  /** Called for every row in order; keeps the few that are due. */
  add(row: number, offset: number): void {
    if (row - this.lastRow < rowsPerEntry && offset - this.lastOffset < bytesPerEntry) return;
    const at = (this.entries * 2) % chunkNumbers;
    if (at === 0) this.chunks.push(new Float64Array(chunkNumbers));
    const chunk = this.chunks[this.chunks.length - 1];
    if (!chunk) throw new Error('The index has no chunk to write to.');
    chunk[at] = row;
    chunk[at + 1] = offset;
    this.entries += 1;
    this.lastRow = row;
    this.lastOffset = offset;
  }

  /** The last entry at or before `row`; row 0 at offset 0 when there is none. */
  before(row: number): { row: number; offset: number } {
    const entry = this.firstBehind(row) - 1;
    return entry < 0 ? { row: 0, offset: 0 } : { row: this.number(entry, 0), offset: this.number(entry, 1) };
  }

  /** The offset of some row at or behind `row`, or `end` when the index has none. */
  offsetFrom(row: number, end: number): number {
    const entry = this.firstBehind(row - 1);
    return entry < this.entries ? this.number(entry, 1) : end;
  }

  private firstBehind(row: number): number {
    let low = 0;
    let high = this.entries;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.number(middle, 0) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private number(entry: number, part: 0 | 1): number {
    const at = entry * 2 + part;
    return this.chunks[Math.floor(at / chunkNumbers)]?.[at % chunkNumbers] ?? 0;
  }
}
