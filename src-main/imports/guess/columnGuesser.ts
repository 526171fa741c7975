import type { ColumnGuess } from '../../../src-preload/contract/imports';
import { everyKind, kind, kindsOf } from './valueKinds';

const shownChars = 120;
/** Values that a type was once found for; most columns repeat themselves. */
const rememberedValues = 256;

/** Looks at every value of one column and tells the narrowest type that takes them all. */
export class ColumnGuesser {
  private kinds = everyKind;
  private values = 0;
  private longest = 0;
  private longestValue = '';
  private sawTrue = false;
  private sawFalse = false;
  /** The first value that made it a text, for the reason. */
  private spoiler: string | null = null;
  private readonly remembered = new Map<string, number>();

  /** `nulls`: rows that had no value, before the column turned up. */
  constructor(private nulls = 0) {}

  add(value: string | null): void {
    if (value === null) {
      this.nulls += 1;
      return;
    }
    this.values += 1;
    if (value.length > this.longest) {
      this.longest = value.length;
      this.longestValue = value.slice(0, shownChars);
    }
    if (this.kinds === 0) return;
    const left = this.kinds & this.kindsOf(value);
    if (left === 0) this.spoiler = value.slice(0, 40);
    this.kinds = left;
    if ((left & kind.letter) !== 0) {
      this.sawTrue ||= value === 't';
      this.sawFalse ||= value === 'f';
    }
  }

  /** `asText`: the file itself calls the values texts; `declared`: it has a type of its own for them. */
  guess(name: string, { asText, declared }: { asText: boolean; declared: string | undefined }): ColumnGuess {
    const { nulls, longest, longestValue } = this;
    const facts = { name, nulls, longest, longestValue };
    if (declared !== undefined && declared !== 'text') return { ...facts, type: declared, reason: 'The file declares this type.', dateOrder: null };
    if (this.values === 0) return { ...facts, type: 'text', reason: 'There is no value that could tell.', dateOrder: null };
    const numbers = kind.int4 | kind.int8 | kind.numeric | kind.boolean;
    return { ...facts, ...this.typed(asText ? this.kinds & ~numbers : this.kinds, asText) };
  }

  private typed(kinds: number, asText: boolean): Pick<ColumnGuess, 'type' | 'reason' | 'dateOrder'> {
    const all = `All ${this.values.toLocaleString('en-US')} values`;
    const plain = (type: string, what: string) => ({ type, reason: `${all} are ${what}.`, dateOrder: null });
    if (has(kinds, kind.boolean) && (!has(kinds, kind.letter) || (this.sawTrue && this.sawFalse))) return plain('boolean', 'true or false');
    if (has(kinds, kind.int4)) return plain('integer', 'whole numbers');
    if (has(kinds, kind.int8)) return plain('bigint', 'whole numbers, some beyond 32 bits');
    if (has(kinds, kind.numeric)) return plain('numeric', 'numbers');
    if (has(kinds, kind.date)) return plain('date', 'dates (year-month-day)');
    if (has(kinds, kind.timestamp)) return plain('timestamp', 'timestamps without a time zone');
    if (has(kinds, kind.timestamptz)) return plain('timestamptz', 'timestamps with a time zone');
    if (has(kinds, kind.uuid)) return plain('uuid', 'UUIDs');
    if (has(kinds, kind.json)) return plain('jsonb', 'JSON objects or arrays');
    return this.writtenDate(kinds, all) ?? { type: 'text', reason: this.whyText(asText), dateOrder: null };
  }

  private writtenDate(kinds: number, all: string): Pick<ColumnGuess, 'type' | 'reason' | 'dateOrder'> | null {
    const dayFirst = has(kinds, kind.dayFirstTime);
    const monthFirst = has(kinds, kind.monthFirstTime);
    if (!dayFirst && !monthFirst) return null;
    const type = has(kinds, kind.dayFirst) || has(kinds, kind.monthFirst) ? 'date' : 'timestamp';
    // Nobody is asked by a guess: until the person says which, the values stay what they are.
    if (dayFirst && monthFirst) return { type: 'text', reason: `${all} could be a ${type}, but nothing tells day from month. Say which comes first.`, dateOrder: 'ask' };
    return { type, reason: `${all} are dates; some prove that the ${dayFirst ? 'day' : 'month'} comes first.`, dateOrder: dayFirst ? 'dmy' : 'mdy' };
  }

  private whyText(asText: boolean): string {
    if (this.spoiler !== null) return `“${this.spoiler}” fits no other type.`;
    return asText ? 'The file holds these values as texts.' : 'No other type takes all values.';
  }

  private kindsOf(value: string): number {
    if (value.length > 40) return kindsOf(value);
    const known = this.remembered.get(value);
    if (known !== undefined) return known;
    const found = kindsOf(value);
    if (this.remembered.size < rememberedValues) this.remembered.set(value, found);
    return found;
  }
}

function has(kinds: number, wanted: number): boolean {
  return (kinds & wanted) !== 0;
}
