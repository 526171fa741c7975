import type { KeyWriter } from './keyWriter';

const minusInfinity = 1;
const finite = 2;
const plusInfinity = 3;

/** A moment as a day (0 is 1970-01-01) and nanoseconds of that day; `zone` is its offset in seconds east, or null without one. */
export interface Moment {
  readonly day: number;
  readonly nanos: number;
  readonly zone: number | null;
}

const nanosPerSecond = 1e9;
const nanosPerDay = 86_400 * nanosPerSecond;
/** Longer than every value that an engine prints. */
const longestText = 64;

const dateTime = /^(?:(\d{4,7})-(\d\d)-(\d\d))?(?:(?:^|[ T])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?( BC)?$/;
const interval = /^(?:([+-]?\d+) years? ?)?(?:([+-]?\d+) mons? ?)?(?:([+-]?\d+) days? ?)?(?:([+-])?(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?$/;

/**
 * Writes the key of a date, time, timestamp or interval in ISO form (PostgreSQL's DateStyle ISO, IntervalStyle postgres); false, and
 * nothing written, when the text is none. With `byInstant` values with a zone compare as instants, else by the clock that they show.
 * Intervals compare as PostgreSQL's do: a month has 30 days, a day 24 hours.
 */
export function writeDatetimeKey(key: KeyWriter, source: Buffer, from: number, to: number, byInstant: boolean): boolean {
  if (to - from > longestText) return false;
  const text = source.toString('latin1', from, to);
  const lower = text.toLowerCase();
  if (lower === 'infinity' || lower === '-infinity') {
    key.byte(lower === 'infinity' ? plusInfinity : minusInfinity);
    return true;
  }
  const moment = parseDateTime(text) ?? parseInterval(text);
  if (!moment) return false;
  const nanos = moment.nanos - (byInstant ? (moment.zone ?? 0) * nanosPerSecond : 0);
  const days = Math.floor(nanos / nanosPerDay);
  key.byte(finite);
  key.uint(moment.day + days + 2 ** 39, 5);
  key.uint(nanos - days * nanosPerDay, 6);
  return true;
}

/**
 * A date, time, timestamp or interval as milliseconds: of the instant where it states a zone, else of the clock that it shows, since
 * 1970-01-01 00:00. Null for infinities and for what is none.
 */
export function momentMillis(text: string): number | null {
  if (text.length > longestText) return null;
  const moment = parseDateTime(text) ?? parseInterval(text);
  return moment && moment.day * 86_400_000 + moment.nanos / 1e6 - (moment.zone ?? 0) * 1000;
}

/** Whether a date or time states its zone. */
export function hasZone(text: string): boolean {
  return (parseDateTime(text)?.zone ?? null) !== null;
}

/** Reads a date, time or timestamp in ISO form, also before Christ; null for anything else, infinity too. */
export function parseDateTime(text: string): Moment | null {
  const match = dateTime.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone, era] = match;
  if (year === undefined && hour === undefined) return null;
  return {
    day: year === undefined ? 0 : daysSince1970(era ? 1 - Number(year) : Number(year), Number(month), Number(day)),
    nanos: hour === undefined ? 0 : clockNanos(hour, minute ?? '0', second, fraction),
    zone: zone === undefined ? null : zoneSeconds(zone),
  };
}

function parseInterval(text: string): Moment | null {
  const match = text === '' ? null : interval.exec(text);
  if (!match) return null;
  const [, years = '0', months = '0', days = '0', sign, hours, minutes = '0', seconds = '0', fraction = ''] = match;
  const nanos = hours === undefined ? 0 : clockNanos('0', minutes, seconds, fraction);
  const wholeHours = Number(hours ?? 0);
  // Hours may go into the billions: whole days of them first, so that the rest stays exact.
  const clockDays = Math.floor(wholeHours / 24);
  const rest = (wholeHours - clockDays * 24) * 3600 * nanosPerSecond + nanos;
  const direction = sign === '-' ? -1 : 1;
  return { day: (Number(years) * 12 + Number(months)) * 30 + Number(days) + direction * clockDays, nanos: direction * rest, zone: null };
}

function clockNanos(hour: string, minute: string, second: string, fraction: string): number {
  return (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * nanosPerSecond + Number(fraction.padEnd(9, '0'));
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replaceAll(':', '');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return zone.startsWith('-') ? -seconds : seconds;
}

/** Days in the proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
