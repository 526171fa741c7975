import { constants, crc32, deflateRawSync } from 'node:zlib';
import { BufferedOutput, type OutputBuffer } from './outputBuffer';

/** Source of the layout: PKWARE's APPNOTE 6.3.10, sections 4.3.7 to 4.3.16. */
const localHeader = 0x04034b50;
const dataDescriptor = 0x08074b50;
const centralHeader = 0x02014b50;
const zip64End = 0x06064b50;
const zip64Locator = 0x07064b50;
const endOfCentral = 0x06054b50;
const plainVersion = 20;
const zip64Version = 45;
/** Sizes follow the data; names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** 1980-01-01, so that the same rows give the same file. */
const date = 0x0021;
const in64 = 0xffffffff;
const manyEntries = 0xffff;

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  crc: number;
  packed: number;
  size: number;
}

/**
 * Writes a ZIP archive from front to back, also beyond 4 GiB (ZIP64, where it is needed only: not every office program reads it). One entry at a time: what is written to this output belongs to
 * the entry that was opened last. For a worker thread, where waiting harms nobody.
 */
export class ZipFile extends BufferedOutput {
  private readonly entries: Entry[] = [];
  private current: Entry | null = null;
  private written = 0;

  constructor(private readonly file: OutputBuffer) {
    super();
  }

  open(name: string): void {
    this.close();
    const entry: Entry = { name: Buffer.from(name), offset: this.written, crc: 0, packed: 0, size: 0 };
    this.current = entry;
    this.entries.push(entry);
    this.put([4, localHeader], [2, plainVersion], [2, flags], [2, deflated], [2, 0], [2, date], [4, 0], [4, 0], [4, 0], [2, entry.name.length], [2, 0], entry.name);
  }

  /** Ends the last entry and the archive; the file itself is the caller's to end. */
  end(): void {
    this.close();
    const start = this.written;
    for (const entry of this.entries) this.directory(entry);
    const size = this.written - start;
    const zip64At = this.written;
    const count = this.entries.length;
    if (start >= in64 || size >= in64 || count >= manyEntries) {
      this.put([4, zip64End], [8, 44], [2, zip64Version], [2, zip64Version], [4, 0], [4, 0], [8, count], [8, count], [8, size], [8, start]);
      this.put([4, zip64Locator], [4, 0], [8, zip64At], [4, 1]);
    }
    const shown = Math.min(count, manyEntries);
    this.put([4, endOfCentral], [2, 0], [2, 0], [2, shown], [2, shown], [4, Math.min(size, in64)], [4, Math.min(start, in64)], [2, 0]);
  }

  /** Each piece is a run of whole blocks that ends on a byte, so that pieces follow each other in one stream of RFC 1951. */
  protected drain(bytes: Buffer): void {
    const entry = this.current;
    if (!entry) throw new Error('No entry of the archive is open.');
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    this.pack(entry, deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }));
  }

  private pack(entry: Entry, packed: Buffer): void {
    entry.packed += packed.length;
    this.put(packed);
  }

  private close(): void {
    const entry = this.current;
    if (!entry) return;
    this.flush();
    this.pack(entry, deflateRawSync(Buffer.alloc(0)));
    const wide = entry.packed >= in64 || entry.size >= in64 ? 8 : 4;
    this.put([4, dataDescriptor], [4, entry.crc], [wide, entry.packed], [wide, entry.size]);
    this.current = null;
  }

  private directory({ name, offset, crc, packed, size }: Entry): void {
    const large = [size, packed, offset].filter((value) => value >= in64);
    const needed = large.length > 0 ? zip64Version : plainVersion;
    const extra = large.length > 0 ? 4 + large.length * 8 : 0;
    this.put([4, centralHeader], [2, needed], [2, needed], [2, flags], [2, deflated], [2, 0], [2, date], [4, crc], [4, Math.min(packed, in64)], [4, Math.min(size, in64)]);
    this.put([2, name.length], [2, extra], [2, 0], [2, 0], [2, 0], [4, 0], [4, Math.min(offset, in64)], name);
    if (extra > 0) this.put([2, 1], [2, extra - 4], ...large.map((value) => [8, value] as const));
  }

  /** Little-endian numbers as [bytes, value], and bytes as they are. */
  private put(...fields: readonly (readonly [2 | 4 | 8, number] | Buffer)[]): void {
    const length = fields.reduce((sum, field) => sum + (Buffer.isBuffer(field) ? field.length : field[0]), 0);
    const bytes = Buffer.allocUnsafe(length);
    let at = 0;
    for (const field of fields) {
      if (Buffer.isBuffer(field)) at += field.copy(bytes, at);
      else if (field[0] === 2) at = bytes.writeUInt16LE(field[1], at);
      else if (field[0] === 4) at = bytes.writeUInt32LE(field[1], at);
      else at = bytes.writeBigUInt64LE(BigInt(field[1]), at);
    }
    this.file.bytes(bytes);
    this.written += length;
  }
}
