/**
 * Bytes of sort keys, which compare as plain bytes (memcmp) in the order of the values that they stand for. No key is the
 * beginning of another one, so that several can be joined and any can be inverted for a descending order.
 */
export class KeyWriter {
  bytes = Buffer.allocUnsafeSlow(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  byte(value: number): void {
    this.ensure(1);
    this.bytes[this.length++] = value;
  }

  /** Unsigned, most significant byte first; `size` at most 6. */
  uint(value: number, size: number): void {
    this.ensure(size);
    this.length = this.bytes.writeUIntBE(value, this.length, size);
  }

  /** Text by its bytes, for UTF-8 the order of code points. Zero ends it, so zeros and ones inside are written as pairs. */
  text(source: Uint8Array, from: number, to: number): void {
    this.ensure((to - from) * 2 + 1);
    const target = this.bytes;
    let at = this.length;
    for (let index = from; index < to; index++) {
      const byte = source[index] ?? 0;
      if (byte <= 1) {
        target[at++] = 1;
        target[at++] = byte + 1;
      } else {
        target[at++] = byte;
      }
    }
    target[at++] = 0;
    this.length = at;
  }

  /** Turns the order of what was written from `from` on around. */
  invert(from: number): void {
    for (let index = from; index < this.length; index++) this.bytes[index] = 255 - (this.bytes[index] ?? 0);
  }

  private ensure(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
