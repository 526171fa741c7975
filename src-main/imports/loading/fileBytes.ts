import { createReadStream } from 'node:fs';
import { fileError } from '../fileError';

const chunkBytes = 256 * 1024;
/** A line of these two alone ends the data for servers before 18, silently. Source: the manual, COPY, "CSV Format". */
const endMarker = Buffer.from('\n\\.');

/** The file has what COPY would not read as we do. */
export class NotPlain extends Error {}

/**
 * A file's bytes for COPY, without a byte order mark; `onBytes` hears how far it has got. Throws NotPlain at a line that begins with
 * COPY's own end of data, AppError `disk` when the file cannot be read.
 */
export async function* fileBytes(file: string, onBytes: (read: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0;
  let tail: Buffer = Buffer.from('\n');
  const stream = createReadStream(file, { highWaterMark: chunkBytes });
  try {
    for await (const part of stream) {
      let chunk = part as Buffer;
      if (read === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) chunk = chunk.subarray(3);
      read += (part as Buffer).length;
      const seam = Buffer.concat([tail, chunk.subarray(0, 2)]);
      if (seam.includes(endMarker) || chunk.includes(endMarker)) throw new NotPlain('A line begins with \\.');
      tail = Buffer.from(chunk.subarray(-2));
      onBytes(read);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof NotPlain ? error : fileError(file, error);
  } finally {
    stream.destroy();
  }
}
