import { open, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { diskError } from './diskError';

/** A view on a stored result: the byte offsets of its rows in their order, as little-endian doubles in a file. */
export class ViewFile {
  private constructor(
    readonly id: string,
    readonly file: string,
    readonly total: number,
    /** Whether the result was complete when the view was made. */
    readonly complete: boolean,
    private readonly handle: FileHandle,
  ) {}

  static async open(id: string, file: string, total: number, complete: boolean): Promise<ViewFile> {
    try {
      return new ViewFile(id, file, total, complete, await open(file, 'r'));
    } catch (error) {
      throw diskError('The sorted rows could not be read', path.dirname(file), error);
    }
  }

  /** Offsets of rows [from, to) of the view; fewer at the end. */
  async offsets(from: number, to: number): Promise<Float64Array> {
    const offsets = new Float64Array(Math.max(0, Math.min(to, this.total) - from));
    const bytes = Buffer.from(offsets.buffer);
    try {
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await this.handle.read(bytes, done, bytes.length - done, from * 8 + done);
        if (bytesRead === 0) throw new Error('the file is shorter than what was written to it');
        done += bytesRead;
      }
    } catch (error) {
      throw diskError('The sorted rows could not be read', path.dirname(this.file), error);
    }
    return offsets;
  }

  async dispose(): Promise<void> {
    await this.handle.close();
    await rm(this.file, { force: true });
  }
}
