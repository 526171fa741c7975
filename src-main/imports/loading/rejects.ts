import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import type { RowProblem } from '../../../src-preload/contract/imports';
import { fileError } from '../fileError';
import type { RejectedRow } from '../reading/tasks';

const listed = 100;

/** Gathers the rows that are not loaded: the first of them for the person, all of them in a file when they are skipped. */
export class Rejects {
  total = 0;
  readonly first: RowProblem[] = [];
  private stream: WriteStream | null = null;
  private failure: Error | null = null;
  private finished = false;
  private readonly beside: string | null;

  /** `file` must not be there yet; null writes none. `columns` are the names of the file's columns. */
  constructor(
    private readonly file: string | null,
    private readonly columns: readonly string[],
  ) {
    this.beside = file === null ? null : path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.partial`);
  }

  async add(row: RejectedRow): Promise<void> {
    this.total += 1;
    if (this.first.length < listed) this.first.push({ line: row.line, column: row.column, message: row.message, value: row.value });
    await this.write(row);
  }

  /** Writes the file to its end under its own name; resolves with the name, null without rows. Rejects with `disk`. */
  async finish(): Promise<string | null> {
    this.first.sort((a, b) => a.line - b.line);
    if (this.stream === null || this.file === null || this.beside === null) return null;
    const { stream } = this;
    await new Promise<void>((resolve) => stream.end(resolve));
    if (this.failure) throw fileError(this.file, this.failure);
    try {
      // A link does not replace a file that is there already; where there are no links, a rename does the work.
      await link(this.beside, this.file).then(() => rm(this.beside ?? '', { force: true }), async (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? Promise.reject(error) : rename(this.beside ?? '', this.file ?? '')));
    } catch (error) {
      throw fileError(this.file, error);
    }
    this.finished = true;
    return this.file;
  }

  /** Throws the file away, also a finished one: the import was not kept. */
  async discard(): Promise<void> {
    this.stream?.destroy();
    if (this.beside !== null) await rm(this.beside, { force: true });
    if (this.finished && this.file !== null) await rm(this.file, { force: true });
  }

  private async write(row: RejectedRow): Promise<void> {
    if (this.beside === null || this.file === null) return;
    if (this.stream === null) {
      this.stream = createWriteStream(this.beside, { flags: 'wx', mode: 0o600 });
      this.stream.on('error', (error) => (this.failure ??= error));
      this.stream.write(csvLine(['line', 'column', 'reason', ...this.columns]));
    }
    if (this.failure) throw fileError(this.file, this.failure);
    if (this.stream.write(csvLine([String(row.line), row.column, row.message, ...row.raw]))) return;
    await Promise.race([once(this.stream, 'drain'), once(this.stream, 'close')]);
  }
}

/** NULL is an empty field without quotes, as COPY writes it. */
function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => (cell === null ? '' : cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
