import type { Column } from '../../../src-preload/contract/queries';

/** JSON longer than this is shown as it came: pretty-printing it would be felt. */
export const PRETTY_LIMIT = 2_000_000;

/**
 * JSON indented by two, touching nothing but white space, so that numbers keep every digit and repeated keys stay. Null where
 * the brackets do not match; the beginning of a value that was read only in part may leave them open.
 */
export function prettyJson(text: string, partial = false): string | null {
  const out: string[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const c = text.charAt(at);
    const end = c === '"' ? stringEnd(text, at) : at + 1;
    if (end === null) return partial ? out.join('') + text.slice(at) : null;
    const empty = DEPTH[c] === 1 ? emptyEnd(text, at) : null;
    if (empty === null) {
      depth += DEPTH[c] ?? 0;
      if (depth < 0) return null;
      out.push(written(c, text.slice(at, end), `\n${'  '.repeat(depth)}`));
    } else {
      out.push(c === '{' ? '{}' : '[]');
    }
    at = empty ?? end;
  }
  return depth === 0 || partial ? out.join('') : null;
}

const DEPTH: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** A piece of JSON with the line break that belongs to it. */
function written(c: string, piece: string, line: string): string {
  switch (c) {
    case '{':
    case '[':
    case ',':
      return c + line;
    case '}':
    case ']':
      return line + c;
    case ':':
      return ': ';
    default:
      return c === '"' || /\S/.test(c) ? piece : '';
  }
}

/** The offset after an empty object or array; null where something is in it. */
function emptyEnd(text: string, open: number): number | null {
  const next = skipSpace(text, open + 1);
  return text.charAt(next) === (text.charAt(open) === '{' ? '}' : ']') ? next + 1 : null;
}

function stringEnd(text: string, open: number): number | null {
  for (let at = open + 1; at < text.length; at += 1) {
    const c = text.charAt(at);
    if (c === '\\') at += 1;
    else if (c === '"') return at + 1;
  }
  return null;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text.charAt(at)) && at < text.length) at += 1;
  return at;
}

/** A line longer than this makes the browser's line breaking felt. */
const LONGEST_LINE = 20_000;
const BROKEN_LINE = 2_000;

/** Whether the viewer shows a text with line ends that are not in it. */
export function hasLongLines(text: string): boolean {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    if ((end < 0 ? text.length : end) - from > LONGEST_LINE) return true;
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
}

/** For showing only: lines over 20,000 characters broken every 2,000. What is copied and saved never comes from here. */
export function breakLongLines(text: string): string {
  if (!hasLongLines(text)) return text;
  const pieces = (line: string): string[] => Array.from({ length: Math.ceil(line.length / BROKEN_LINE) }, (_, index) => line.slice(index * BROKEN_LINE, (index + 1) * BROKEN_LINE));
  return text
    .split('\n')
    .flatMap((line) => (line.length > LONGEST_LINE ? pieces(line) : [line]))
    .join('\n');
}

/** The bytes of PostgreSQL's `\x` hex form; null for any other text. A cut value may end in half a byte, which is left out. */
export function hexBytes(text: string): Uint8Array | null {
  if (!/^\\x[0-9a-fA-F]*$/.test(text)) return null;
  const count = (text.length - 2) >> 1;
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) bytes[index] = Number.parseInt(text.slice(2 + index * 2, 4 + index * 2), 16);
  return bytes;
}

const BYTES_A_LINE = 16;

/** Bytes as `offset  hex  |characters|`, sixteen a line, as `hexdump -C` writes them. */
export function hexDump(bytes: Uint8Array, base = 0): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += BYTES_A_LINE) {
    const part = [...bytes.subarray(from, from + BYTES_A_LINE)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0'));
    const columns = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(48);
    const characters = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${(base + from).toString(16).padStart(8, '0')}  ${columns}  |${characters}|`);
  }
  return lines.join('\n');
}

/**
 * The elements of a PostgreSQL array literal, each as text or null; nested arrays stay literals. Null for a text that is no
 * whole array. The format is in https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayElements(text: string): (string | null)[] | null {
  const open = text.indexOf('{');
  // `[2:4]={...}` says where the subscripts begin.
  if (open < 0 || (open > 0 && !/^(\[-?\d+:-?\d+\])+=$/.test(text.slice(0, open))) || !text.endsWith('}')) return null;
  const elements: (string | null)[] = [];
  const body = text.slice(open + 1, -1);
  if (body.trim() === '') return elements;
  for (let at = 0; at <= body.length; ) {
    const end = elementEnd(body, at);
    if (end === null) return null;
    elements.push(elementValue(body.slice(at, end)));
    at = end + 1;
  }
  return elements;
}

function elementEnd(body: string, from: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < body.length; at += 1) {
    const c = body.charAt(at);
    if (c === '\\') at += 1;
    else if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (c === '{') depth += 1;
    else if (c === '}') depth -= 1;
    else if (c === ',' && depth === 0) return at;
  }
  return quoted || depth !== 0 ? null : body.length;
}

function elementValue(written: string): string | null {
  const element = written.trim();
  if (element.toUpperCase() === 'NULL') return null;
  if (element.startsWith('{')) return element;
  const inner = element.startsWith('"') ? element.slice(1, -1) : element;
  return inner.replaceAll(/\\(.)/gs, '$1');
}

export type Look = 'text' | 'json' | 'hex' | 'list';

/** The ways in which a value can be shown, the best one first. */
export function looksFor(column: Column, text: string): readonly Look[] {
  if (column.family === 'json') return ['json', 'text'];
  if (column.family === 'binary') return ['hex', 'text'];
  if (column.family === 'array') return ['list', 'text'];
  return /^\s*[[{]/.test(text) && column.family === 'text' && prettyJson(text.slice(0, PRETTY_LIMIT), text.length > PRETTY_LIMIT) !== null ? ['text', 'json'] : ['text'];
}
