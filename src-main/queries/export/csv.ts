import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import { byteFlags, type BufferedOutput } from './outputBuffer';
import type { ExportColumn, RowEncoder } from './rowEncoder';

export type CsvOptions = Omit<Extract<ExportSpec, { format: 'csv' }>, 'format'>;

const quote = 0x22;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const backslash = 0x5c;
const dot = 0x2e;
const apostrophe = 0x27;
const formulaStarts = byteFlags('=+-@\t\r');
const byteOrderMark = Buffer.from('\uFEFF');

/**
 * CSV as in RFC 4180, quotes only where needed unless asked for. As in PostgreSQL's COPY, NULL is an empty field and the empty string
 * is "", so that reading it back tells them apart; with a text for NULL, a value of the same text is quoted.
 */
export function csvEncoder(columns: readonly ExportColumn[], output: BufferedOutput, options: CsvOptions): RowEncoder {
  const field = new FieldWriter(output, options);
  const delimiter = options.delimiter.charCodeAt(0);
  const nullBytes = Buffer.from(options.nullText);
  const crlf = options.lineEnd === 'crlf';
  const places = Int32Array.from(columns, ({ index }) => index);
  const guarded = columns.map(({ family }) => options.guardFormulas && family !== 'number');
  const endLine = (): void => {
    if (crlf) output.byte(carriageReturn);
    output.byte(lineFeed);
  };
  return {
    begin() {
      if (options.bom) output.bytes(byteOrderMark);
      if (!options.header) return;
      columns.forEach(({ name }, position) => {
        if (position > 0) output.byte(delimiter);
        const bytes = Buffer.from(name);
        field.write(bytes, 0, bytes.length, options.guardFormulas);
      });
      endLine();
    },
    row({ bytes, lengths, offsets }) {
      for (let position = 0; position < places.length; position++) {
        if (position > 0) output.byte(delimiter);
        const place = places[position] ?? 0;
        const length = lengths[place] ?? -1;
        const offset = offsets[place] ?? 0;
        if (length >= 0) field.write(bytes, offset, offset + length, guarded[position] === true);
        else if (nullBytes.length > 0) output.bytes(nullBytes);
      }
      endLine();
    },
    end: () => undefined,
  };
}

class FieldWriter {
  private readonly special: Uint8Array;
  private readonly nullBytes: Buffer;

  constructor(
    private readonly output: BufferedOutput,
    private readonly options: CsvOptions,
  ) {
    this.special = byteFlags(`"\r\n${options.delimiter}`);
    this.nullBytes = Buffer.from(options.nullText);
  }

  write(bytes: Buffer, from: number, to: number, guard: boolean): void {
    if (guard && to > from && formulaStarts[bytes[from] ?? 0] === 1) return this.quoted(bytes, from, to, true);
    if (this.options.quoteAll || this.mustBeQuoted(bytes, from, to) || !this.output.plainBytes(bytes, from, to, this.special)) this.quoted(bytes, from, to, false);
  }

  /** Empty, the same as NULL's text, or `\.`, which ends the data of a COPY. */
  private mustBeQuoted(bytes: Buffer, from: number, to: number): boolean {
    const length = to - from;
    if (length === 0) return true;
    if (length === 2 && bytes[from] === backslash && bytes[from + 1] === dot) return true;
    return length === this.nullBytes.length && this.nullBytes.compare(bytes, from, to) === 0;
  }

  private quoted(bytes: Buffer, from: number, to: number, guard: boolean): void {
    const { output } = this;
    output.byte(quote);
    if (guard) output.byte(apostrophe);
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
}
