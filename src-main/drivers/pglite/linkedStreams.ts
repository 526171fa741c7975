import { Duplex } from 'node:stream';

const bufferBytes = 512 * 1024;

/** One end of a pair: what is written to one can be read from the other, as over a socket, in the same process. */
class LinkedStream extends Duplex {
  other: LinkedStream | null = null;
  private taken: (() => void) | null = null;

  constructor() {
    super({ allowHalfOpen: false, readableHighWaterMark: bufferBytes, writableHighWaterMark: bufferBytes });
  }

  override _read(): void {
    const { taken } = this;
    this.taken = null;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.other?.receive(chunk, done);
  }

  override _final(done: () => void): void {
    if (this.other?.destroyed === false) this.other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read();
    // After an orderly end the other side still reads what is on its way.
    if (!this.writableFinished) this.other?.destroy();
    done(error);
  }

  private receive(chunk: Buffer, done: () => void): void {
    if (this.destroyed || this.push(chunk)) done();
    else this.taken = done;
  }
}

/** Two connected streams. Unlike `stream.duplexPair`, destroying one closes the other, as a broken socket does. */
export function linkedStreams(): [Duplex, Duplex] {
  const [left, right] = [new LinkedStream(), new LinkedStream()];
  left.other = right;
  right.other = left;
  return [left, right];
}
