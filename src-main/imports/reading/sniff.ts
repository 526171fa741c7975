import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { ImportEncoding, ImportFormat, ImportSource } from '../../../src-preload/contract/imports';
import { CsvRecords } from './csvRecords';

const sampleBytes = 256 * 1024;
const delimiters = [',', ';', '\t', '|'];

const byExtension: Readonly<Record<string, ImportFormat>> = { csv: 'csv', txt: 'csv', tsv: 'tsv', tab: 'tsv', json: 'json', ndjson: 'ndjson', jsonl: 'ndjson', xlsx: 'xlsx', xlsm: 'xlsx', parquet: 'parquet', pq: 'parquet', sql: 'sql' };

const defaults = { delimiter: ',', header: true, nullText: '', nullQuoted: false, sheet: null, headerRow: 1, jsonPath: '' };

type Known = Partial<ImportSource> & { path: string };

/** Fills in what is not said about a file from its name and its first 256 KiB. `notes` tell what was found. Throws the system's error. */
export function sniff(known: Known): { source: ImportSource; notes: string[]; size: number } {
  const { bytes, size } = sampleOf(known.path);
  const format = known.format ?? formatOf(known.path, bytes);
  const notes: string[] = [];
  const encoding = known.encoding ?? encodingOf(bytes, notes);
  const text = new TextDecoder(encoding).decode(bytes);
  const quote = known.quote ?? '"';
  const base = { ...defaults, escape: quote, ...known, format, encoding, quote };
  if (format !== 'csv' && format !== 'tsv') return { source: base, notes, size };
  const delimiter = known.delimiter ?? (format === 'tsv' ? '\t' : delimiterOf(text, quote, base.escape));
  const source: ImportSource = { ...base, delimiter, header: known.header ?? hasHeader(text, { ...base, delimiter }) };
  if (known.header === undefined) notes.push(source.header ? 'The first row looks like names.' : 'The first row looks like data: the columns have no names.');
  return { source, notes, size };
}

function sampleOf(file: string): { bytes: Buffer; size: number } {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(sampleBytes);
    const read = readSync(handle, buffer, 0, sampleBytes, 0);
    return { bytes: buffer.subarray(0, read), size: fstatSync(handle).size };
  } finally {
    closeSync(handle);
  }
}

function formatOf(file: string, bytes: Buffer): ImportFormat {
  // Source: the formats' own magic numbers.
  if (bytes.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return 'xlsx';
  const named = byExtension[path.extname(file).slice(1).toLowerCase()];
  if (named && named !== 'parquet' && named !== 'xlsx') return named;
  return /^\uFEFF?\s*[[{]/.test(bytes.toString('utf8', 0, 1000)) ? 'json' : 'csv';
}

function encodingOf(bytes: Buffer, notes: string[]): ImportEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // The sample may end inside a character.
  const valid = [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
  if (!valid) notes.push('Some bytes are not UTF-8. If the letters look wrong, choose Windows-1252.');
  return 'utf-8';
}

/** The delimiter with which most rows have the same number of fields, more than one. */
function delimiterOf(text: string, quote: string, escape: string): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const counts = recordsOf(text, { delimiter, quote, escape, nullText: '', nullQuoted: false }).map((fields) => fields.length);
    const width = counts[0] ?? 0;
    if (width < 2) continue;
    const same = counts.filter((count) => count === width).length / counts.length;
    const score = same * 100 + Math.min(width, 50) / 100;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

function recordsOf(text: string, dialect: ConstructorParameters<typeof CsvRecords>[0]): (string | null)[][] {
  const found: (string | null)[][] = [];
  try {
    new CsvRecords(dialect).push(text.replace(/^\uFEFF/, ''), false, ({ fields }) => found.length < 200 && found.push(fields));
    if (found.length === 0) new CsvRecords(dialect).push(text.replace(/^\uFEFF/, ''), true, ({ fields }) => found.push(fields));
  } catch {
    // A quote that is never closed in the sample: what was found before it counts.
  }
  return found.filter((fields) => fields.length > 1 || fields[0] !== null);
}

const looksLikeValue = /^-?[\d.,:/ -]+$|^\d{4}-\d\d-\d\d|^(true|false)$/i;

/** Names are distinct and not numbers or dates; data in the next rows are a different thing, or there is no other row. */
function hasHeader(text: string, dialect: ConstructorParameters<typeof CsvRecords>[0]): boolean {
  const [first, ...rest] = recordsOf(text, dialect);
  const names = first?.filter((name): name is string => name !== null && name !== '') ?? [];
  if (!first || names.length === 0 || names.some((name) => looksLikeValue.test(name))) return false;
  const clean = names.length === first.length && new Set(names).size === names.length;
  if (!clean && rest.length > 0) return rest.some((row) => row.some((value) => value !== null && looksLikeValue.test(value)));
  return true;
}
