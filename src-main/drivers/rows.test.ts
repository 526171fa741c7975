import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellAt,
  characterBorder,
  columnCount,
  cutCells,
  decodeBatch,
  decodeCell,
  decodeRow,
  encodeRows,
  nextRow,
  rowOffsets,
} from './rows';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const cell = fc.option(text, { nil: null });
const rows = fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 20 });

describe('row encoding', () => {
  it('writes a DataRow message as the manual describes it', () => {
    const { bytes, count } = encodeRows([['ab', null, '']]);
    expect(count).toBe(1);
    expect(Buffer.from(bytes).toString('hex')).toBe(`44${'00000014'}${'0003'}${'00000002'}6162${'ffffffff'}${'00000000'}`);
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(rows, (given) => {
        expect(decodeBatch(encodeRows(given))).toEqual(given);
      }),
    );
  });

  it('takes bytes as they are', () => {
    expect(decodeBatch(encodeRows([[Buffer.from('ä'), 'b']]))).toEqual([['ä', 'b']]);
  });

  it('finds rows and cells by offset', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const batch = encodeRows(given);
        const offsets = rowOffsets(batch);
        expect(offsets.length).toBe(given.length + 1);
        expect(offsets[given.length]).toBe(batch.bytes.length);
        given.forEach((row, index) => {
          const offset = offsets[index] ?? -1;
          expect(nextRow(batch.bytes, offset)).toBe(offsets[index + 1]);
          expect(columnCount(batch.bytes, offset)).toBe(row.length);
          expect(decodeRow(batch.bytes, offset)).toEqual(row);
          row.forEach((value, column) => {
            expect(decodeCell(batch.bytes, offset, column)).toBe(value);
            expect(cellAt(batch.bytes, offset, column).length).toBe(value === null ? -1 : Buffer.byteLength(value));
          });
        });
      }),
    );
  });

  it('works on a view into a larger buffer', () => {
    const { bytes } = encodeRows([['x', 'yz']]);
    const larger = new Uint8Array(bytes.length + 10);
    larger.set(bytes, 5);
    const view = larger.subarray(5, 5 + bytes.length);
    expect(decodeBatch({ bytes: view, count: 1 })).toEqual([['x', 'yz']]);
  });

  it('refuses a column that is not there', () => {
    const { bytes } = encodeRows([['x']]);
    expect(() => cellAt(bytes, 0, 1)).toThrow(RangeError);
    expect(() => cellAt(bytes, 0, -1)).toThrow(RangeError);
  });

  it('cuts long cells at a character border and leaves the others alone', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 30 }), (given, limit) => {
        const whole = encodeRows(given);
        const { batch, cut } = cutCells(whole, limit);
        const long = given.flat().filter((value) => value !== null && Buffer.byteLength(value) > limit);
        expect(cut).toBe(long.length);
        if (cut === 0) expect(batch).toBe(whole);
        decodeBatch(batch).forEach((row, index) => {
          expect(row.length).toBe(given[index]?.length);
          row.forEach((value, column) => {
            const original = given[index]?.[column] ?? null;
            if (value === null || original === null) return expect(value).toBe(original);
            expect(original.startsWith(value)).toBe(true);
            // Half a character would decode to U+FFFD, which the original may hold by itself.
            if (!original.includes('\ufffd')) expect(value).not.toContain('\ufffd');
            expect(Buffer.byteLength(value)).toBeLessThanOrEqual(Math.max(limit, 0));
            // Nothing that would have fitted is lost: the next character is at most four bytes long.
            if (value !== original) expect(Buffer.byteLength(value)).toBeGreaterThan(limit - 4);
          });
        });
      }),
    );
  });

  it('knows where a character begins', () => {
    const bytes = Buffer.from('a😀b');
    expect([1, 2, 3, 4, 5].map((limit) => characterBorder(bytes, 0, limit))).toEqual([1, 1, 1, 1, 5]);
  });
});
