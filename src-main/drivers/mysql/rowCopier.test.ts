import { expect, test } from 'vitest';
import { decodeBatch } from '../rows';
import { RowCopier, type CellText } from './rowCopier';

/** A length-encoded string of MySQL's protocol. */
function packed(text: string | null): Buffer {
  if (text === null) return Buffer.from([0xfb]);
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(4);
  if (bytes.length < 251) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  head.writeUInt32LE(bytes.length);
  return Buffer.concat(bytes.length < 65_536 ? [Buffer.from([0xfc]), head.subarray(0, 2), bytes] : [Buffer.from([0xfd]), head.subarray(0, 3), bytes]);
}

/** What the library does with a row: the first cells are read as long as somebody asks for them. */
function tell(copier: RowCopier, row: readonly (string | null)[]): void {
  const packet = Buffer.concat([Buffer.from('header'), ...row.map(packed), Buffer.from('next packet')]);
  let at = 'header'.length;
  for (const cell of row) {
    copier.cell({
      buffer: () => {
        const { length } = packed(cell);
        at += length;
        return cell === null ? null : packet.subarray(at - Buffer.byteLength(cell), at);
      },
    });
  }
  copier.endRow();
}

const texts = [null, '', 'a', 'Äpfel 🍏', 'x'.repeat(64), 'y'.repeat(250), 'z'.repeat(251), 'ü'.repeat(40_000), 'w'.repeat(200_000)];
const copy = (rows: readonly (readonly (string | null)[])[], how: readonly CellText[]): (string | null)[][] => {
  const copier = new RowCopier(how, 1000);
  for (const row of rows) tell(copier, row);
  return decodeBatch(copier.take());
};

test('every pair and triple of NULL, empty, short and long cells is copied as it was', () => {
  const rows = texts.flatMap((first) => texts.flatMap((second) => texts.slice(0, 6).map((third) => [first, second, third])));
  expect(copy(rows, [null, null, null])).toEqual(rows);
});

test('a cell that needs it is told as text, and a batch leaves nothing behind', () => {
  const hex: CellText = (bytes) => bytes.toString('hex');
  expect(copy([[null, 'a', null], ['b', null, 'c']], [null, hex, hex])).toEqual([[null, '61', null], ['b', null, '63']]);
  const copier = new RowCopier([null], 1000);
  tell(copier, ['one']);
  const first = copier.take();
  tell(copier, ['two']);
  expect([decodeBatch(first), decodeBatch(copier.take()), copier.rows]).toEqual([[['one']], [['two']], 0]);
});
