import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import { scriptHead } from './insert';
import { byteFlags, type BufferedOutput } from './outputBuffer';
import type { ExportColumn, RowEncoder } from './rowEncoder';
import { quotedName } from './sqlText';

export type CopyOptions = Omit<Extract<ExportSpec, { format: 'copy' }>, 'format'>;

const tab = 0x09;
const lineFeed = 0x0a;
const backslash = 0x5c;
const nullMark = Buffer.from('\\N');

/** What stands behind the backslash; the manual's table of COPY's text format. */
const escapes = new Map([
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [backslash, '\\'],
]);
const escaped = byteFlags(String.fromCharCode(...escapes.keys()));

/** `COPY ... FROM stdin` in text format with its data, as psql reads it and pg_dump writes it. */
export function copyEncoder(columns: readonly ExportColumn[], output: BufferedOutput, { table }: CopyOptions): RowEncoder {
  return {
    begin: () => output.text(`${scriptHead}COPY ${table} (${columns.map(({ name }) => quotedName(name)).join(', ')}) FROM stdin;\n`),
    row({ bytes, lengths, offsets }) {
      columns.forEach(({ index }, position) => {
        if (position > 0) output.byte(tab);
        const length = lengths[index] ?? -1;
        const from = offsets[index] ?? 0;
        if (length < 0) output.bytes(nullMark);
        else writeField(output, bytes, from, from + length);
      });
      output.byte(lineFeed);
    },
    end: () => output.text('\\.\n'),
  };
}

function writeField(output: BufferedOutput, bytes: Buffer, from: number, to: number): void {
  if (output.plainBytes(bytes, from, to, escaped)) return;
  let start = from;
  for (let at = from; at < to; at++) {
    const letter = escapes.get(bytes[at] ?? 0);
    if (letter === undefined) continue;
    output.bytes(bytes, start, at);
    output.text(`\\${letter}`);
    start = at + 1;
  }
  output.bytes(bytes, start, to);
}
