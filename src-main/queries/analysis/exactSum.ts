/** Beyond this a sum of small integers could lose its last digit as a double. */
const safeSum = 2 ** 52;
/** An exponent beyond what any server prints is no number to add up. */
const mostExponent = 200_000;
/** Digits behind the point of an average that does not end by itself; PostgreSQL gives 16 significant ones. */
const averageDigits = 20;

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Adds decimals exactly, from their text and whatever their length; NaN and infinities as PostgreSQL adds them. */
export class ExactSum {
  /** By number of digits behind the point. */
  private readonly large = new Map<number, bigint>();
  private readonly small = new Map<number, number>();
  private numbers = 0;
  private plusInfinity = 0;
  private minusInfinity = 0;
  private nan = 0;

  /** Values added so far. */
  get count(): number {
    return this.numbers + this.special;
  }

  private get special(): number {
    return this.plusInfinity + this.minusInfinity + this.nan;
  }

  /** False, and nothing added, when the text is no number. */
  add(text: string): boolean {
    const match = decimal.exec(text);
    if (!match) return this.addWord(text);
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    const digits = whole + fraction;
    const shift = Number(exponent);
    if (digits === '' || Math.abs(shift) > mostExponent) return false;
    this.numbers += 1;
    const scale = fraction.length - shift;
    if (digits.length <= 15 && scale >= 0) this.addSmall(scale, sign === '-' ? -Number(digits) : Number(digits));
    else this.addLarge(Math.max(0, scale), (sign === '-' ? -1n : 1n) * BigInt(digits) * 10n ** BigInt(Math.max(0, -scale)));
    return true;
  }

  private addWord(text: string): boolean {
    if (text === 'NaN') this.nan += 1;
    else if (text === 'Infinity') this.plusInfinity += 1;
    else if (text === '-Infinity') this.minusInfinity += 1;
    else return false;
    return true;
  }

  private addSmall(scale: number, value: number): void {
    const sum = (this.small.get(scale) ?? 0) + value;
    if (Math.abs(sum) < safeSum) {
      this.small.set(scale, sum);
      return;
    }
    this.small.set(scale, 0);
    this.addLarge(scale, BigInt(sum));
  }

  private addLarge(scale: number, value: bigint): void {
    this.large.set(scale, (this.large.get(scale) ?? 0n) + value);
  }

  private total(): { value: bigint; scale: number } {
    const parts = [...this.large, ...[...this.small].map(([scale, value]): [number, bigint] => [scale, BigInt(value)])];
    const scale = parts.reduce((most, [digits]) => Math.max(most, digits), 0);
    return { value: parts.reduce((sum, [digits, value]) => sum + value * 10n ** BigInt(scale - digits), 0n), scale };
  }

  private word(): string | null {
    if (this.nan > 0 || (this.plusInfinity > 0 && this.minusInfinity > 0)) return 'NaN';
    return this.plusInfinity > 0 ? 'Infinity' : this.minusInfinity > 0 ? '-Infinity' : null;
  }

  /** The exact sum; null when nothing was added. */
  sum(): string | null {
    if (this.count === 0) return null;
    const { value, scale } = this.total();
    return this.word() ?? decimalText(value, scale);
  }

  /** The average, `exact` unless digits had to be cut; null when nothing was added. */
  average(): { text: string; exact: boolean } | null {
    if (this.count === 0) return null;
    const word = this.word();
    if (word !== null) return { text: word, exact: true };
    const { value, scale } = this.total();
    const digits = Math.max(scale, averageDigits);
    const numerator = value * 10n ** BigInt(digits - scale);
    const count = BigInt(this.count);
    const rest = numerator % count;
    const half = (rest < 0n ? -rest : rest) * 2n >= count ? (value < 0n ? -1n : 1n) : 0n;
    return { text: trimmed(decimalText(numerator / count + half, digits)), exact: rest === 0n };
  }
}

function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
