import type { Column } from '../../../src-preload/contract/queries';
import { writeDatetimeKey } from './datetimeKey';
import type { KeyWriter } from './keyWriter';
import { NumberKey } from './numberKey';

export type Family = Column['family'];

/** Longer texts are ordered by this many bytes of their beginning, and then by arrival. */
const keyTextBytes = 64 * 1024;

/** First byte of what is not written as its family demands: it stands behind every value, as text. */
const otherText = 0xf0;
const nullValue = 0xff;

/** Writes keys of cells by their column's family. NULL is the largest value, as in PostgreSQL. */
export class ValueKey {
  private readonly number = new NumberKey();

  null(key: KeyWriter): void {
    key.byte(nullValue);
  }

  /** The key of the cell [from, to) of `source`. False when it is not of the family and stands there as text. */
  value(key: KeyWriter, family: Family, source: Buffer, from: number, to: number, byInstant: boolean): boolean {
    if (this.typed(key, family, source, from, to, byInstant)) return true;
    const asText = !isTyped(family);
    key.byte(asText ? 0 : otherText);
    key.text(source, from, Math.min(to, from + keyTextBytes));
    return asText;
  }

  private typed(key: KeyWriter, family: Family, source: Buffer, from: number, to: number, byInstant: boolean): boolean {
    if (family === 'number') return this.number.write(key, source, from, to);
    if (family === 'datetime') return writeDatetimeKey(key, source, from, to, byInstant);
    if (family === 'boolean') return writeBooleanKey(key, source, from, to);
    return false;
  }
}

/** Families whose values compare otherwise than as text. */
export function isTyped(family: Family): boolean {
  return family === 'number' || family === 'datetime' || family === 'boolean';
}

function writeBooleanKey(key: KeyWriter, source: Buffer, from: number, to: number): boolean {
  const text = to - from > 5 ? '' : source.toString('latin1', from, to).toLowerCase();
  if (text === 't' || text === 'true') key.byte(2);
  else if (text === 'f' || text === 'false') key.byte(1);
  else return false;
  return true;
}
