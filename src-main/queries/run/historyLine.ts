import { toAppError, type AppError } from '../../errors';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import type { HistoryBeginning, HistoryService } from '../history';

/** One entry of the history. A history that cannot be written must not keep anybody from running a statement. */
export class HistoryLine {
  private readonly started = performance.now();
  private id: number | null = null;
  private failure: AppError | null = null;

  constructor(
    private readonly history: HistoryService,
    profile: ConnectionProfile,
    entry: Omit<HistoryBeginning, 'connectionId' | 'connectionName'>,
  ) {
    this.attempt(() => (this.id = history.begin({ connectionId: profile.id, connectionName: profile.name, ...entry })));
  }

  /** Returns why the entry could not be written, if so. */
  end(thrown: unknown, rows: number | null): AppError | null {
    const error = thrown === null ? null : toAppError(thrown);
    const status = error === null ? 'done' : error.code === 'cancelled' ? 'cancelled' : 'failed';
    this.attempt(() => {
      if (this.id !== null) this.history.end(this.id, { status, milliseconds: performance.now() - this.started, rows, error: error?.message ?? null });
    });
    return this.failure;
  }

  private attempt(access: () => void): void {
    try {
      access();
    } catch (error) {
      this.failure ??= toAppError(error);
    }
  }
}
