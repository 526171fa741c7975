import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { AppError } from '../../errors';

/** The files inside a zip archive, by name; each is read as a stream. */
export interface ZipEntries {
  has(name: string): boolean;
  /** Rejects with `bad_input` when there is no such file. */
  open(name: string): Promise<Readable>;
  /** Bytes of the file as it lies in the archive. */
  compressedSize(name: string): number;
  close(): void;
}

/** Reads the archive's directory. Rejects with `bad_input` for what is no archive. */
export async function openZip(file: string): Promise<ZipEntries> {
  // Loaded only now: most imports are of texts.
  const { open } = await import('yauzl');
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(file, { lazyEntries: true, autoClose: false }, (error, opened) => (error ? reject(broken(error)) : resolve(opened)));
  });
  const entries = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName.toLowerCase(), entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve());
    zip.on('error', (error: Error) => reject(broken(error)));
    zip.readEntry();
  });
  const find = (name: string): Entry => {
    const entry = entries.get(name.toLowerCase());
    if (!entry) throw new AppError('bad_input', `The workbook has no ${name} inside.`, { hint: 'Save it again as .xlsx.' });
    return entry;
  };
  return {
    has: (name) => entries.has(name.toLowerCase()),
    compressedSize: (name) => find(name).compressedSize,
    open: (name) =>
      new Promise((resolve, reject) => {
        zip.openReadStream(find(name), (error, stream) => (error ? reject(broken(error)) : resolve(stream)));
      }),
    close: () => zip.close(),
  };
}

function broken(error: Error): AppError {
  return new AppError('bad_input', `The workbook cannot be opened: ${error.message}`, { hint: 'Older .xls files and encrypted workbooks are not read: save it as .xlsx without a password.' }, { cause: error });
}
