import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

const bufferBytes = 1024 * 1024;

/** A file that is written from front to back through a buffer; for a worker thread, where waiting harms nobody. */
export class OutputBuffer {
  private readonly handle: number;
  private readonly buffer = Buffer.allocUnsafeSlow(bufferBytes);
  private used = 0;

  /** Creates the file; it must not be there yet. */
  constructor(file: string) {
    this.handle = openSync(file, 'wx');
  }

  byte(value: number): void {
    if (this.used === bufferBytes) this.flush();
    this.buffer[this.used++] = value;
  }

  bytes(source: Buffer, from = 0, to = source.length): void {
    if (to - from > bufferBytes - this.used) this.flush();
    if (to - from > bufferBytes) this.write(source.subarray(from, to));
    else {
      source.copy(this.buffer, this.used, from, to);
      this.used += to - from;
    }
  }

  /** Writes the rest, syncs and closes. */
  end(): void {
    this.flush();
    fsyncSync(this.handle);
    closeSync(this.handle);
  }

  private flush(): void {
    this.write(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  private write(bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.handle, bytes, done);
  }
}
