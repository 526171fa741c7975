/** What one value may be, as bits; a column may be what all its values may be. */
export const kind = { boolean: 1, letter: 2, int4: 4, int8: 8, numeric: 16, date: 32, timestamp: 64, timestamptz: 128, uuid: 256, json: 512, dayFirst: 1024, monthFirst: 2048, dayFirstTime: 4096, monthFirstTime: 8192 } as const;
export const everyKind = 16_383;

const integer = /^(?:0|-?[1-9]\d*)$/;
const decimal = /^-?(?:0|[1-9]\d*)?(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/;
const isoDate = /^(\d{4})-(\d\d)-(\d\d)$/;
const isoMoment = /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const written = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: (\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?)?$/;
const loneSurrogate = /\p{Surrogate}/u;
const longestInteger = 1000;
const longestJson = 1024 * 1024;

/** The kinds that a value may be: PostgreSQL takes it as such, and gives it back as the same value. */
export function kindsOf(value: string): number {
  const code = value.charCodeAt(0);
  // - . 0 to 9
  if (code === 45 || code === 46 || (code >= 48 && code <= 57)) return numberKinds(value) || momentKinds(value) || (uuid.test(value) ? kind.uuid : 0);
  if (code === 123 || code === 91) return isJson(value) ? kind.json : 0;
  if (value.length <= 5) return wordKinds(value);
  return uuid.test(value) ? kind.uuid : 0;
}

function wordKinds(value: string): number {
  const word = value.toLowerCase();
  if (word === 'true' || word === 'false') return kind.boolean;
  return value === 't' || value === 'f' ? kind.boolean | kind.letter : 0;
}

function numberKinds(value: string): number {
  if (integer.test(value)) {
    if (value.length <= 9) return kind.int4 | kind.int8 | kind.numeric;
    if (value.length > longestInteger) return 0;
    const number = BigInt(value);
    if (number >= -2147483648n && number <= 2147483647n) return kind.int4 | kind.int8 | kind.numeric;
    return number >= -9223372036854775808n && number <= 9223372036854775807n ? kind.int8 | kind.numeric : kind.numeric;
  }
  // A minus before zero would be lost, and so would zeros in front.
  if (value.length > longestInteger || !decimal.test(value) || !/\d/.test(value) || /^-?[eE]/.test(value)) return 0;
  return /^-0*\.?0*(?:[eE]|$)/.test(value) ? 0 : kind.numeric;
}

function momentKinds(value: string): number {
  const date = isoDate.exec(value);
  if (date) return isDay(Number(date[1]), Number(date[2]), Number(date[3])) ? kind.date | kind.timestamp : 0;
  const moment = isoMoment.exec(value);
  if (moment) {
    const [, day = '', hour, minute, second, zone] = moment;
    if ((momentKinds(day) & kind.date) === 0 || !isTime(hour, minute, second) || !isZone(zone)) return 0;
    return zone === undefined ? kind.timestamp : kind.timestamptz;
  }
  return writtenKinds(value);
}

/** `31/12/2024`, `12.31.2024 08:30`: the order of day and month is not known from one value. */
function writtenKinds(value: string): number {
  const match = written.exec(value);
  if (!match) return 0;
  const [, first, , second, year, hour, minute, seconds] = match;
  if (hour !== undefined && !isTime(hour, minute, seconds)) return 0;
  const [a, b, y] = [Number(first), Number(second), Number(year)];
  const plain = hour === undefined;
  const dayFirst = isDay(y, b, a) ? kind.dayFirstTime | (plain ? kind.dayFirst : 0) : 0;
  const monthFirst = isDay(y, a, b) ? kind.monthFirstTime | (plain ? kind.monthFirst : 0) : 0;
  return dayFirst | monthFirst;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function isTime(hour = '0', minute = '0', second = '0'): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

function isZone(zone: string | undefined): boolean {
  if (zone === undefined || zone === 'Z') return true;
  return Number(zone.slice(1, 3)) < 15 && Number(zone.slice(-2)) < (zone.length > 3 ? 60 : 15);
}

/** What jsonb takes and keeps: no NUL, no half of a surrogate pair, no exponent beyond numeric, not too deep. */
function isJson(value: string): boolean {
  if (value.length > longestJson || /\\u(?:0000|[dD][89a-fA-F])|[eE][+-]?\d{4}/.test(value) || loneSurrogate.test(value)) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
