import { AppError, toAppError } from '../../errors';
import type { Connection, Driver, ResultSink } from '../../drivers/driver';
import { decodeBatch } from '../../drivers/rows';
import type { Notice } from '../../../src-preload/contract/queries';

const listedNotices = 20;

/** COMMIT was sent and got no answer: it may have been done. */
export class CommitUnknown extends AppError {}

/** The server session of one import: statements in order, and what the server said meanwhile. */
export class ImportSession {
  readonly notices: string[] = [];

  constructor(
    readonly connection: Connection,
    private readonly driver: Driver,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves with the rows that the last statement affected. */
  async run(text: string, parameters?: readonly string[]): Promise<number> {
    let rows = 0;
    const sink = this.sink(() => undefined, (affected) => (rows = affected ?? rows));
    await this.connection.run(parameters ? { text, parameters } : { text }, sink, { signal: this.signal });
    return rows;
  }

  async rows(text: string): Promise<(string | null)[][]> {
    const found: (string | null)[][] = [];
    await this.connection.run({ text }, this.sink((rows) => found.push(...rows), () => undefined), { signal: this.signal });
    return found;
  }

  copyIn(text: string, source: AsyncIterable<Uint8Array>): Promise<number> {
    if (!this.driver.copyIn) throw new AppError('unsupported', 'This database takes no COPY from a client.', { detail: String(this.driver.capabilities.copyIn) });
    return this.driver.copyIn(this.connection, text, source, { signal: this.signal });
  }

  get canCopy(): boolean {
    return this.driver.copyIn !== undefined;
  }

  /** Nobody can take back a COMMIT that was sent: it is not aborted. Rejects with CommitUnknown when the line breaks at it. */
  async commit(): Promise<void> {
    try {
      await this.connection.run({ text: 'COMMIT' }, this.sink(() => undefined, () => undefined), { signal: new AbortController().signal });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'connection_lost') throw error;
      throw new CommitUnknown('connection_lost', 'The connection was lost at COMMIT: it is not known whether the server kept what was imported.', { hint: 'Look at the data before you import again: all of it is there, or nothing.', detail: error.message }, { cause: error });
    }
  }

  /** Ends an open transaction, also after a cancel; a session that is lost has none. */
  async rollBack(): Promise<void> {
    if (this.connection.transaction === 'idle') return;
    await this.connection.run({ text: 'ROLLBACK' }, this.sink(() => undefined, () => undefined), { signal: new AbortController().signal }).catch((error: unknown) => {
      if (toAppError(error).code !== 'connection_lost') throw error;
    });
  }

  private sink(rows: (rows: (string | null)[][]) => void, complete: (affected: number | null) => void): ResultSink {
    return {
      columns: () => undefined,
      rows: (batch) => rows(decodeBatch(batch)),
      notice: (notice) => this.note(notice),
      complete: ({ rowsAffected }) => complete(rowsAffected),
    };
  }

  private note({ severity, message }: Notice): void {
    if (this.notices.length < listedNotices) this.notices.push(`${severity}: ${message}`);
  }
}
