import type { Column } from '../../../src-preload/contract/queries';
import type { RowCells } from '../views/rowScan';
import type { BufferedOutput } from './outputBuffer';
import type { ExportColumn, RowEncoder } from './rowEncoder';

const open = Buffer.from('{');
const close = Buffer.from('}');
const nullText = Buffer.from('null');
const trueText = Buffer.from('true');
const falseText = Buffer.from('false');
const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const comma = 0x2c;

/** RFC 8259, section 6. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * An array of objects, or with `lines` an object a line (NDJSON). Numbers are written with the digits that the server sent, so that
 * none is rounded; what JSON cannot express as a number (NaN, Infinity) is a string. JSON columns are embedded as they are, booleans
 * are booleans, everything else is a string. Columns of the same name get a number behind it.
 */
export function jsonEncoder(columns: readonly ExportColumn[], output: BufferedOutput, lines: boolean): RowEncoder {
  const keys = distinctNames(columns.map(({ name }) => name)).map((name, index) => Buffer.from(`${index > 0 ? ',' : ''}${JSON.stringify(name)}:`));
  let first = true;
  return {
    begin() {
      if (!lines) output.bytes(Buffer.from('['));
    },
    row(cells) {
      if (!lines) {
        if (!first) output.byte(comma);
        output.byte(lineFeed);
        first = false;
      }
      output.bytes(open);
      columns.forEach(({ family, index }, position) => {
        output.bytes(keys[position] ?? open);
        writeValue(output, cells, index, family, lines);
      });
      output.bytes(close);
      if (lines) output.byte(lineFeed);
    },
    end() {
      if (!lines) output.bytes(Buffer.from('\n]\n'));
    },
  };
}

/** The second `id` becomes `id_2`, or the next number that no other column has. Names are the same when `key` gives the same for them. */
export function distinctNames(names: readonly string[], key: (name: string) => string = (name) => name): string[] {
  const taken = new Set(names.map(key));
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(key(name))) {
      seen.add(key(name));
      return name;
    }
    let number = 2;
    while (taken.has(key(`${name}_${number}`))) number += 1;
    taken.add(key(`${name}_${number}`));
    return `${name}_${number}`;
  });
}

function writeValue(output: BufferedOutput, cells: RowCells, column: number, family: Column['family'], lines: boolean): void {
  const length = cells.lengths[column] ?? -1;
  if (length < 0) return output.bytes(nullText);
  const from = cells.offsets[column] ?? 0;
  const to = from + length;
  const { bytes } = cells;
  if (family === 'number' && jsonNumber.test(bytes.toString('latin1', from, to))) return output.bytes(bytes, from, to);
  if (family === 'boolean') {
    const value = booleanText(bytes.toString('latin1', from, Math.min(to, from + 6)));
    if (value) return output.bytes(value);
  }
  if (family === 'json' && isJson(bytes.toString('utf8', from, to))) return writeJson(output, bytes, from, to, lines);
  writeString(output, bytes, from, to);
}

function booleanText(text: string): Buffer | null {
  if (text === 't' || text === 'true') return trueText;
  return text === 'f' || text === 'false' ? falseText : null;
}

/** A cell that a limit cut short is JSON no longer. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** In NDJSON a document takes one line; outside of strings, where JSON allows none, a line break is but space. */
function writeJson(output: BufferedOutput, bytes: Buffer, from: number, to: number, lines: boolean): void {
  if (!lines) return output.bytes(bytes, from, to);
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    output.byte(byte === lineFeed || byte === carriageReturn ? space : byte);
  }
}

function writeString(output: BufferedOutput, bytes: Buffer, from: number, to: number): void {
  output.byte(quote);
  let start = from;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== quote && byte !== backslash && byte >= space) continue;
    output.bytes(bytes, start, at);
    output.bytes(escapes[byte] ?? nullText);
    start = at + 1;
  }
  output.bytes(bytes, start, to);
  output.byte(quote);
}

const escapes = Array.from({ length: backslash + 1 }, (_, code) => Buffer.from(JSON.stringify(String.fromCharCode(code)).slice(1, -1)));
