const chunkBytes = 128 * 1024;
const readyForQueryCode = 0x5a;
const copyInResponseCode = 0x47;

/** Joins a server's small writes into chunks of whole messages, and notes the transaction status that passes by. */
export class ReplyBuffer {
  /** Of the last ReadyForQuery since `begin`; null when there was none. */
  status: 'I' | 'T' | 'E' | null = null;
  /** The server asked for the data of a COPY since `begin`. */
  copyIn = false;
  private buffer = new Uint8Array(chunkBytes);
  private length = 0;
  /** Everything before it is whole messages. */
  private border = 0;

  constructor(private readonly post: (bytes: Uint8Array<ArrayBuffer>) => void) {}

  begin(): void {
    this.status = null;
    this.copyIn = false;
    this.length = 0;
    this.border = 0;
  }

  /** Copies: the bytes may be a view of memory that changes. */
  add(data: Uint8Array): void {
    if (this.length + data.length > this.buffer.length) this.makeRoom(data.length);
    this.buffer.set(data, this.length);
    this.length += data.length;
    this.scan();
  }

  /** Posts what is whole; call it when the server has no more to say. */
  flush(): void {
    if (this.border === 0) return;
    if (this.border > chunkBytes / 4) {
      this.postWhole(chunkBytes);
      return;
    }
    // A small reply must not keep a large buffer alive.
    const whole = this.buffer.slice(0, this.border);
    this.buffer.copyWithin(0, this.border, this.length);
    this.length -= this.border;
    this.border = 0;
    this.post(whole);
  }

  private scan(): void {
    const { buffer } = this;
    while (this.border + 5 <= this.length) {
      const at = this.border;
      const size = ((buffer[at + 1] ?? 0) << 24) | ((buffer[at + 2] ?? 0) << 16) | ((buffer[at + 3] ?? 0) << 8) | (buffer[at + 4] ?? 0);
      if (at + 1 + size > this.length) return;
      if (buffer[at] === readyForQueryCode) this.status = String.fromCharCode(buffer[at + 5] ?? 0) as 'I' | 'T' | 'E';
      else if (buffer[at] === copyInResponseCode) this.copyIn = true;
      this.border = at + 1 + size;
    }
  }

  private makeRoom(more: number): void {
    if (this.border > 0) {
      this.postWhole(more);
      return;
    }
    // One message larger than the buffer.
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }

  /** Posts the whole messages and carries the rest over into a new buffer with room for `more` bytes. */
  private postWhole(more: number): void {
    const full = this.buffer;
    const rest = full.subarray(this.border, this.length);
    this.buffer = new Uint8Array(Math.max(chunkBytes, rest.length + more));
    this.buffer.set(rest);
    const whole = full.subarray(0, this.border);
    this.length = rest.length;
    this.border = 0;
    this.post(whole);
  }
}
