/** Registers of the estimate: 2^14 give a standard error of 0.81 %. */
const registerBits = 14;
const registers = 1 << registerBits;

export interface DistinctLimits {
  readonly values: number;
  readonly bytes: number;
}

interface Counted {
  readonly text: string;
  count: number;
}

/** Counts different values and how often each occurs: exactly within its limits, beyond them by HyperLogLog. */
export class DistinctCounter {
  private exact: Map<string, Counted> | null = new Map();
  private bytes = 0;
  private sketch: Uint8Array | null = null;

  constructor(private readonly limits: DistinctLimits) {}

  /** `key` is the same for equal values; `text` makes the value's text when it is seen for the first time. */
  add(key: string, text: () => string): void {
    if (!this.exact) {
      this.sketchKey(key);
      return;
    }
    const known = this.exact.get(key);
    if (known) {
      known.count += 1;
      return;
    }
    this.bytes += key.length;
    this.exact.set(key, { text: text(), count: 1 });
    if (this.exact.size > this.limits.values || this.bytes > this.limits.bytes) this.overflow();
  }

  /** How many; `estimated` names the method when it is no exact number. */
  result(): { distinct: number; estimated: string | null } {
    if (this.exact) return { distinct: this.exact.size, estimated: null };
    return { distinct: estimate(this.sketch ?? new Uint8Array(registers)), estimated: 'HyperLogLog, standard error 0.8 %' };
  }

  /** The most frequent values, the earlier seen first where they are equally many; empty where counting was given up. */
  top(most: number): { value: string; count: number }[] {
    return [...(this.exact?.values() ?? [])]
      .sort((a, b) => b.count - a.count)
      .slice(0, most)
      .map(({ text, count }) => ({ value: text, count }));
  }

  private overflow(): void {
    const keys = this.exact?.keys() ?? [];
    this.exact = null;
    for (const key of keys) this.sketchKey(key);
  }

  private sketchKey(key: string): void {
    this.sketch ??= new Uint8Array(registers);
    const [high, low] = hash64(key);
    const register = high >>> (32 - registerBits);
    // The rest of the 64 bits: 18 of the high word, then the low one.
    const rest = (high << registerBits) | 0;
    const rank = 1 + (rest !== 0 ? Math.clz32(rest) : 32 - registerBits + Math.clz32(low));
    if (rank > (this.sketch[register] ?? 0)) this.sketch[register] = rank;
  }
}

/** Source: cyrb53 by bryc (public domain): two 32-bit multiplicative hashes, mixed with each other. */
function hash64(text: string): [number, number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [a >>> 0, b >>> 0];
}

/** Source: Flajolet et al., "HyperLogLog", 2007; with 64-bit hashes no correction for large counts is needed. */
function estimate(sketch: Uint8Array): number {
  let sum = 0;
  let zeros = 0;
  for (const rank of sketch) {
    sum += 2 ** -rank;
    if (rank === 0) zeros += 1;
  }
  const raw = ((0.7213 / (1 + 1.079 / registers)) * registers * registers) / sum;
  return Math.round(raw <= 2.5 * registers && zeros > 0 ? registers * Math.log(registers / zeros) : raw);
}
