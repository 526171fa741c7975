import type { Column } from '../../../src-preload/contract/queries';
import { parseDateTime } from '../views/datetimeKey';

/** Digits that a spreadsheet keeps of a number. */
const exactDigits = 15;
const msPerDay = 86_400_000;
const nanosPerMs = 1_000_000;
/** Serial number of 1970-01-01. */
const unixDay = 25_569;
/** 1900-03-01: before it, spreadsheets count a 29 February 1900 that never was. */
const firstDay = 61 - unixDay;
/** The day behind 9999-12-31. */
const endDay = 2_958_466 - unixDay;

const decimal = /^-?(\d+)(?:\.(\d+))?(?:e[+-]?\d+)?$/;

/** What a column's values may be in a sheet. `scale`: digits behind the point that are shown. */
export type SheetKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly double: boolean; readonly scale: number | null }
  | { readonly kind: 'date' | 'timestamp' | 'moment' | 'time' };

export function sheetKind({ type, family }: Pick<Column, 'type' | 'family'>): SheetKind {
  if (family === 'boolean' && type === 'boolean') return { kind: 'boolean' };
  if (family === 'number') {
    const scale = /^numeric\(\d+,(\d+)\)$/.exec(type)?.[1];
    return { kind: 'number', double: type === 'double precision' || type === 'real', scale: scale === undefined ? null : Number(scale) };
  }
  if (type === 'date') return { kind: 'date' };
  if (/^timestamp(\(\d\))? without/.test(type)) return { kind: 'timestamp' };
  if (/^timestamp(\(\d\))? with /.test(type)) return { kind: 'moment' };
  return /^time(\(\d\))? without/.test(type) ? { kind: 'time' } : { kind: 'text' };
}

/** The number's own digits, where a cell holds exactly them; null where it would round. */
export function sheetNumber(text: string, double: boolean): string | null {
  const match = decimal.exec(text);
  if (!match || !Number.isFinite(Number(text))) return null;
  if (double) return text;
  const digits = `${match[1] ?? ''}${match[2] ?? ''}`.replace(/^0+/, '');
  const significant = match[2] === undefined ? digits.replace(/0+$/, '') : digits;
  if (significant.length > exactDigits) return null;
  // Below the smallest normal double digits are lost.
  const size = Math.abs(Number(text));
  return size !== 0 && size < 1e-300 ? null : text;
}

/** Days since 1899-12-30 with the time as their fraction; null where that cannot be said to the millisecond. A moment counts in UTC. */
export function sheetTime(text: string, kind: 'date' | 'timestamp' | 'moment' | 'time'): string | null {
  const moment = parseDateTime(text);
  if (!moment || moment.nanos % nanosPerMs !== 0) return null;
  if ((moment.zone !== null) !== (kind === 'moment')) return null;
  let { day } = moment;
  let ms = moment.nanos / nanosPerMs - (moment.zone ?? 0) * 1000;
  const overflow = Math.floor(ms / msPerDay);
  if (kind === 'time') return overflow === 0 ? String(ms / msPerDay) : null;
  day += overflow;
  ms -= overflow * msPerDay;
  if (day < firstDay || day >= endDay) return null;
  return String(day + unixDay + ms / msPerDay);
}
