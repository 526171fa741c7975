import type { Column } from '../../../src-preload/contract/queries';
import type { RowCells } from '../views/rowScan';
import type { OutputBuffer } from './outputBuffer';
import type { RowEncoder } from './rowEncoder';

const quote = 0x22;
const comma = 0x2c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * CSV as in RFC 4180: a line of names first, lines end with CR LF, UTF-8 without a byte order mark, quotes only where needed. As in
 * PostgreSQL's COPY, NULL is an empty field and the empty string is "", so that reading it back tells them apart.
 */
export function csvEncoder(columns: readonly Pick<Column, 'name'>[], output: OutputBuffer): RowEncoder {
  return {
    begin() {
      columns.forEach(({ name }, index) => {
        if (index > 0) output.byte(comma);
        const bytes = Buffer.from(name);
        writeField(output, bytes, 0, bytes.length);
      });
      endLine(output);
    },
    row(cells) {
      writeRow(output, cells, columns.length);
    },
    end: () => undefined,
  };
}

function writeRow(output: OutputBuffer, cells: RowCells, columns: number): void {
  for (let column = 0; column < columns; column++) {
    if (column > 0) output.byte(comma);
    const length = cells.lengths[column] ?? -1;
    const offset = cells.offsets[column] ?? 0;
    if (length >= 0) writeField(output, cells.bytes, offset, offset + length);
  }
  endLine(output);
}

function endLine(output: OutputBuffer): void {
  output.byte(carriageReturn);
  output.byte(lineFeed);
}

function writeField(output: OutputBuffer, bytes: Buffer, from: number, to: number): void {
  if (!needsQuotes(bytes, from, to)) return output.bytes(bytes, from, to);
  output.byte(quote);
  let start = from;
  for (let at = from; at < to; at++) {
    if (bytes[at] !== quote) continue;
    output.bytes(bytes, start, at + 1);
    output.byte(quote);
    start = at + 1;
  }
  output.bytes(bytes, start, to);
  output.byte(quote);
}

function needsQuotes(bytes: Buffer, from: number, to: number): boolean {
  if (from === to) return true;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === comma || byte === quote || byte === lineFeed || byte === carriageReturn) return true;
  }
  return false;
}
