import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Column, Filter, Sort } from '../../../src-preload/contract/queries';
import { decodeRow, encodeRows } from '../../drivers/rows';
import { sortView } from './sortView';

type Row = (string | null)[];
let folder: string;
let views = 0;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'views-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function view(families: Column['family'][], rows: Row[], sorts: Sort[], filters: Filter[] = [], budgetBytes = 4 * 1024 * 1024): Row[] {
  const rowsFile = path.join(folder, 'rows');
  const { bytes } = encodeRows(rows);
  writeFileSync(rowsFile, bytes);
  const viewFile = path.join(folder, `view${views++}`);
  const columns = families.map((family, index) => ({ name: `c${index}`, family }));
  const total = sortView({ rowsFile, bytes: bytes.length, columns, spec: { sorts, filters }, viewFile, budgetBytes });
  const written = readFileSync(viewFile);
  const offsets = new Float64Array(new Uint8Array(written).buffer);
  expect(offsets.length).toBe(total);
  expect(readdirSync(folder).filter((name) => name.includes('.run-'))).toEqual([]);
  return [...offsets].map((offset) => decodeRow(bytes, offset));
}

describe('sorting', () => {
  it('of more keys than the budget holds is the same, through several levels of runs', () => {
    // 48 bytes of budget hold 16 rows at most: hundreds of runs, merged 64 at a time.
    const row = fc.tuple(fc.option(fc.integer({ min: -50, max: 50 }).map(String)), fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1000, maxLength: 3000 }), fc.boolean(), (model, down) => {
        const rows: Row[] = model.map(([number, text], index) => [number, text, String(index)]);
        const sorts: Sort[] = [
          { column: 0, direction: down ? 'desc' : 'asc' },
          { column: 1, direction: 'asc' },
        ];
        const inMemory = view(['number', 'text', 'number'], rows, sorts);
        expect(view(['number', 'text', 'number'], rows, sorts, [], 384)).toEqual(inMemory);
        const reference = [...rows].sort((a, b) => (down ? -1 : 1) * compareNullable(a[0] ?? null, b[0] ?? null) || Buffer.compare(Buffer.from(a[1] ?? ''), Buffer.from(b[1] ?? '')));
        expect(inMemory).toEqual(reference);
      }),
      { numRuns: 6 },
    );
  });

  it('of many rows with long common beginnings and many equal ones is stable', () => {
    const rows: Row[] = Array.from({ length: 60_000 }, (_, n) => [`customer number ${(n * 7919) % 5000}`, String(n)]);
    const sorted = view(['text', 'number'], rows, [{ column: 0, direction: 'asc' }]);
    const reference = [...rows].sort((a, b) => (a[0] === b[0] ? 0 : (a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
    expect(sorted).toEqual(reference);
  });

  it('keeps rows with cells that are longer than a chunk', () => {
    const long = 'z'.repeat(9_000_000);
    const rows: Row[] = [['2', long], ['1', 'short'], ['3', null], ['0', long]];
    expect(view(['number', 'text'], rows, [{ column: 0, direction: 'asc' }]).map(([key, text]) => [key, text?.length])).toEqual([
      ['0', 9_000_000],
      ['1', 5],
      ['2', 9_000_000],
      ['3', undefined],
    ]);
  });
});

describe('filters', () => {
  const kept = (family: Column['family'], cells: (string | null)[], op: Filter['op'], value = ''): (string | null)[] =>
    view([family], cells.map((cell) => [cell]), [], [{ column: 0, op, value }]).map(([cell]) => cell ?? null);

  it('compare numbers exactly', () => {
    const cells = ['9007199254740993', '9007199254740992', '1.50', null, 'NaN', '-3', 'Infinity'];
    expect(kept('number', cells, 'eq', '9007199254740993')).toEqual(['9007199254740993']);
    expect(kept('number', cells, 'eq', ' 1.5 ')).toEqual(['1.50']);
    expect(kept('number', cells, 'lt', '2')).toEqual(['1.50', '-3']);
    expect(kept('number', cells, 'ge', '9007199254740993')).toEqual(['9007199254740993', 'NaN', 'Infinity']);
    expect(kept('number', cells, 'ne', '-3')).toEqual(['9007199254740993', '9007199254740992', '1.50', 'NaN', 'Infinity']);
  });

  it('tell NULL from the empty string', () => {
    const cells = ['', null, 'x'];
    expect(kept('text', cells, 'isNull')).toEqual([null]);
    expect(kept('text', cells, 'isNotNull')).toEqual(['', 'x']);
    expect(kept('text', cells, 'isEmpty')).toEqual(['']);
    expect(kept('text', cells, 'eq', '')).toEqual(['']);
    expect(kept('text', cells, 'notContains', 'x')).toEqual(['']);
  });

  it('compare times by instant with a zone, by the shown clock without', () => {
    const cells = ['2024-01-01 10:00:00+02', '2024-01-01 08:00:00+00', '2024-01-01 10:00:00+00', 'infinity'];
    expect(kept('datetime', cells, 'eq', '2024-01-01 08:00:00Z')).toEqual(cells.slice(0, 2));
    expect(kept('datetime', cells, 'eq', '2024-01-01 10:00')).toEqual([cells[0], cells[2]]);
    expect(kept('datetime', cells, 'ge', '2025-01-01')).toEqual(['infinity']);
  });

  it('find texts without regard to case, in every family', () => {
    expect(kept('text', ['Straße', 'STRASSE', 'ÄÖÜ', null], 'contains', 'äö')).toEqual(['ÄÖÜ']);
    expect(kept('json', ['{"a":1}', '{"b":2}'], 'contains', '"A"')).toEqual(['{"a":1}']);
    expect(kept('number', ['120', '13'], 'contains', '2')).toEqual(['120']);
    expect(kept('boolean', ['t', 'f', null], 'eq', 'true')).toEqual(['t']);
  });

  it('are all held together, and refused when they fit no column', () => {
    const rows: Row[] = [['1', 'a'], ['2', 'a'], ['3', 'b']];
    const filters: Filter[] = [
      { column: 0, op: 'gt', value: '1' },
      { column: 1, op: 'eq', value: 'a' },
    ];
    expect(view(['number', 'text'], rows, [{ column: 0, direction: 'desc' }], filters)).toEqual([['2', 'a']]);
    expect(() => view(['number'], [['1']], [], [{ column: 0, op: 'eq', value: 'one' }])).toThrow(/cannot be compared/);
    expect(() => view(['datetime'], [['2024-01-01']], [], [{ column: 0, op: 'lt', value: 'soon' }])).toThrow(/cannot be compared/);
    expect(() => view(['number'], [['1']], [], [{ column: 4, op: 'isNull', value: '' }])).toThrow(/no column 4/);
  });
});

function compareNullable(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Number(a) - Number(b);
}
