import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import type { BufferedOutput } from './outputBuffer';
import { byteFlags } from './outputBuffer';
import type { ExportColumn, RowEncoder } from './rowEncoder';
import { quotedName } from './sqlText';

export interface InsertOptions extends Omit<Extract<ExportSpec, { format: 'insert' }>, 'format'> {
  /** OVERRIDING SYSTEM VALUE: the table has a column GENERATED ALWAYS AS IDENTITY. */
  readonly overriding?: boolean;
}

const apostrophe = 0x27;
const backslash = 0x5c;
const quotedBytes = byteFlags("'\\");
/** Types whose values may stand as bare numbers: each has a cast from a number that loses nothing. */
const bareTypes = /^(smallint|integer|bigint|real|double precision|numeric(\(\d+,-?\d+\))?)$/;
/** Not -0, which would come back as 0. */
const bareNumber = /^(?!-0$)-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;

/**
 * INSERT statements for PostgreSQL. Every value reads back as it was: numbers as digits, all else as the server's own text form in
 * a literal that means the same whatever standard_conforming_strings is.
 */
export function insertEncoder(columns: readonly ExportColumn[], output: BufferedOutput, options: InsertOptions): RowEncoder {
  const names = columns.map(({ name }) => quotedName(name)).join(', ');
  const head = Buffer.from(`INSERT INTO ${options.table} (${names})${options.overriding === true ? ' OVERRIDING SYSTEM VALUE' : ''} VALUES\n  (`);
  const tail = Buffer.from(`)${options.onConflict === 'nothing' ? '\nON CONFLICT DO NOTHING' : ''};\n`);
  const between = Buffer.from('),\n  (');
  const writers = columns.map(writerFor);
  let inStatement = 0;
  return {
    begin: () => output.text(scriptHead),
    row(cells) {
      output.bytes(inStatement === 0 ? head : between);
      for (let position = 0; position < columns.length; position++) {
        if (position > 0) output.bytes(comma);
        const index = columns[position]?.index ?? 0;
        const length = cells.lengths[index] ?? -1;
        const from = cells.offsets[index] ?? 0;
        if (length < 0) output.bytes(nullWord);
        else writers[position]?.(output, cells.bytes, from, from + length);
      }
      inStatement += 1;
      if (inStatement < options.rowsPerStatement) return;
      output.bytes(tail);
      inStatement = 0;
    },
    end() {
      if (inStatement > 0) output.bytes(tail);
    },
  };
}

/** psql would else take the bytes for what the terminal's locale says. */
export const scriptHead = "SET client_encoding = 'UTF8';\n";

const comma = Buffer.from(', ');
const nullWord = Buffer.from('NULL');
const trueWord = Buffer.from('true');
const falseWord = Buffer.from('false');
const escapeStart = Buffer.from("E'");

type ValueWriter = (output: BufferedOutput, bytes: Buffer, from: number, to: number) => void;

function writerFor({ type, family }: ExportColumn): ValueWriter {
  if (family === 'boolean' && type === 'boolean') return (output, bytes, from, to) => output.bytes(bytes[from] === 0x74 && to > from ? trueWord : falseWord);
  if (!bareTypes.test(type)) return writeLiteral;
  return (output, bytes, from, to) => {
    if (bareNumber.test(bytes.toString('latin1', from, to))) output.bytes(bytes, from, to);
    else writeLiteral(output, bytes, from, to);
  };
}

function writeLiteral(output: BufferedOutput, bytes: Buffer, from: number, to: number): void {
  if (bytes.subarray(from, to).includes(backslash)) output.bytes(escapeStart);
  else output.byte(apostrophe);
  if (!output.plainBytes(bytes, from, to, quotedBytes)) {
    let start = from;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte !== apostrophe && byte !== backslash) continue;
      output.bytes(bytes, start, at + 1);
      output.byte(byte);
      start = at + 1;
    }
    output.bytes(bytes, start, to);
  }
  output.byte(apostrophe);
}
