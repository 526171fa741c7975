import type { KeyWriter } from './keyWriter';

/** First byte of a number's key, in the order of PostgreSQL: NaN is larger than every number. */
const minusInfinity = 1;
const negative = 2;
const zero = 3;
const positive = 4;
const plusInfinity = 5;
const notANumber = 6;

/** Exponents up to this, of either sign, take one byte. */
const smallExponent = 100;
const exponentMiddle = 0x80;

const digitZero = 0x30;

/**
 * Exact keys of decimal numbers from their text, of any length: sign, then the exponent of 0.d1d2d3... x 10^e, then its digits in
 * pairs (1 to 100), ended by 0; all but the sign inverted for negative numbers. 1, 1.0 and 1e0 have the same key.
 */
export class NumberKey {
  private digits = new Uint8Array(64);
  private count = 0;
  private exponent = 0;

  /** Writes the key of the text at [from, to) of `source`; false, and nothing written, when it is no number. */
  write(key: KeyWriter, source: Uint8Array, from: number, to: number): boolean {
    const sign = source[from];
    const minus = sign === 0x2d;
    const start = minus || sign === 0x2b ? from + 1 : from;
    if (isLetter(source[start])) return writeWord(key, source, start, to, minus);
    if (!this.parse(source, start, to)) return false;
    if (this.count === 0) {
      key.byte(zero);
      return true;
    }
    key.byte(minus ? negative : positive);
    const body = key.length;
    this.writeExponent(key);
    for (let index = 0; index < this.count; index += 2) {
      key.byte((this.digits[index] ?? 0) * 10 + (index + 1 < this.count ? (this.digits[index + 1] ?? 0) : 0) + 1);
    }
    key.byte(0);
    if (minus) key.invert(body);
    return true;
  }

  private writeExponent(key: KeyWriter): void {
    if (Math.abs(this.exponent) <= smallExponent) return key.byte(exponentMiddle + this.exponent);
    key.byte(this.exponent > 0 ? exponentMiddle + smallExponent + 1 : exponentMiddle - smallExponent - 1);
    key.uint(Math.max(0, Math.min(2 ** 32 - 1, this.exponent + 2 ** 31)), 4);
  }

  /** Digits without leading and trailing zeros, and the exponent of 0.digits. */
  private parse(source: Uint8Array, from: number, to: number): boolean {
    if (this.digits.length < to - from) this.digits = new Uint8Array((to - from) * 2);
    this.count = 0;
    let at = this.parseDigits(source, from, to);
    const whole = at - from;
    this.exponent = this.count;
    let fraction = 0;
    if (source[at] === 0x2e && at < to) {
      const before = this.count;
      const start = at + 1;
      at = this.parseDigits(source, start, to);
      fraction = at - start;
      // Zeros that come before the first digit of all were skipped, and lower the exponent.
      if (before === 0) this.exponent = this.count - fraction;
    }
    if (whole + fraction === 0) return false;
    if (at < to && !this.parseExponent(source, at, to)) return false;
    while (this.count > 0 && this.digits[this.count - 1] === 0) this.count -= 1;
    return true;
  }

  private parseDigits(source: Uint8Array, from: number, to: number): number {
    let at = from;
    for (; at < to; at++) {
      const digit = (source[at] ?? 0) - digitZero;
      if (digit < 0 || digit > 9) break;
      if (digit !== 0 || this.count > 0) this.digits[this.count++] = digit;
    }
    return at;
  }

  private parseExponent(source: Uint8Array, from: number, to: number): boolean {
    if (((source[from] ?? 0) | 0x20) !== 0x65) return false;
    const sign = source[from + 1];
    const start = sign === 0x2d || sign === 0x2b ? from + 2 : from + 1;
    if (start >= to) return false;
    let value = 0;
    for (let at = start; at < to; at++) {
      const digit = (source[at] ?? 0) - digitZero;
      if (digit < 0 || digit > 9) return false;
      value = Math.min(value * 10 + digit, 2 ** 31);
    }
    this.exponent += sign === 0x2d ? -value : value;
    return true;
  }
}

function isLetter(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function writeWord(key: KeyWriter, source: Uint8Array, from: number, to: number, minus: boolean): boolean {
  const word = Buffer.from(source.buffer, source.byteOffset + from, to - from).toString('latin1').toLowerCase();
  if (word === 'nan' && !minus) key.byte(notANumber);
  else if (word === 'infinity' || word === 'inf') key.byte(minus ? minusInfinity : plusInfinity);
  else return false;
  return true;
}
