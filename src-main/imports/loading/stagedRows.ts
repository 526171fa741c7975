import { toAppError, type AppError } from '../../errors';
import type { ImportRequest } from '../../../src-preload/contract/imports';
import type { LineRange, LoadPlan } from './loadPlan';
import { stage } from './loadPlan';
import type { Rejects } from './rejects';
import type { ImportSession } from './session';

/** Bad rows after which looking for more is given up: when nothing is loaded anyway, and when each is skipped and written down. */
const mostFound = { stop: 1000, skip: 100_000 } as const;
/** Rows whose bad column is looked for. */
const probedRows = 100;
const shownChars = 200;

/**
 * SQLSTATE classes that a row's values can cause: cardinality, data exception, integrity constraint, check of a view, raised by a trigger. Anything
 * else would meet every row.
 */
const ofRows = /^(?:21|22|23|44|P0)/;

/** One message, so that a round trip is enough. */
function guarded(statement: string): string {
  return `SAVEPOINT import_rows; ${statement}; RELEASE SAVEPOINT import_rows`;
}

const undo = 'ROLLBACK TO SAVEPOINT import_rows; RELEASE SAVEPOINT import_rows';

export function isAboutRows(error: AppError): boolean {
  return error.code === 'server_error' && ofRows.test(error.data.serverCode ?? '');
}

/**
 * Moves the staged rows into the target. Where a statement fails, its half of the rows is tried again, and so on down to single rows: all bad
 * rows are found with any server version and whatever refuses them, a type, a constraint or a trigger. Resolves with the rows that are in.
 */
export class StagedRows {
  loaded = 0;
  /** There may be more bad rows. */
  cut = false;
  private indexed = false;

  constructor(
    private readonly session: ImportSession,
    private readonly plan: LoadPlan,
    private readonly request: ImportRequest,
    private readonly rejects: Rejects,
    private readonly onLoaded: (rows: number) => void,
  ) {}

  async load(): Promise<void> {
    const whole = await this.attempt(null);
    if (whole === null) return;
    const [bounds] = await this.session.rows(`SELECT min(line), max(line) FROM ${stage}`);
    const [from, to] = bounds ?? [];
    if (typeof from !== 'string' || typeof to !== 'string') return;
    await this.search({ from: Number(from), to: Number(to) }, whole);
  }

  /** Depth first, so that the first rows are tried first. */
  private async search(range: LineRange, error: AppError): Promise<void> {
    const pending: { range: LineRange; error: AppError | null }[] = [{ range, error }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (this.rejects.total >= mostFound[this.request.onError]) {
        this.cut = true;
        return;
      }
      const failure = next.error ?? (await this.attempt(next.range));
      if (failure === null) continue;
      const { from, to } = next.range;
      if (from === to) {
        await this.reject(from, failure);
        continue;
      }
      const middle = Math.floor((from + to) / 2);
      pending.push({ range: { from: middle + 1, to }, error: null }, { range: { from, to: middle }, error: null });
    }
  }

  /** Null when the rows are in; else why they are not. Throws what no other rows could mend. */
  private async attempt(range: LineRange | null): Promise<AppError | null> {
    if (range !== null && !this.indexed) {
      this.indexed = true;
      await this.session.run(`CREATE INDEX ON ${stage} (line); ANALYZE ${stage}`);
    }
    try {
      const rows = await this.session.run(guarded(this.plan.insert(range)));
      this.loaded += rows;
      this.onLoaded(this.loaded);
      return null;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!isAboutRows(error)) throw error;
      await this.session.run(undo);
      return error;
    }
  }

  private async reject(line: number, error: AppError): Promise<void> {
    // Only the file of skipped rows and the first ones that are shown need their values.
    const listed = this.request.onError === 'skip' || this.rejects.total < probedRows;
    const [raw = []] = listed ? await this.session.rows(this.plan.staged(line)) : [];
    const place = this.rejects.total < probedRows && error.data.serverCode?.startsWith('22') === true ? await this.badColumn(line) : null;
    const value = place === null ? null : (raw[place] ?? null);
    const detail = error.data.detail === undefined ? '' : ` ${error.data.detail}`;
    await this.rejects.add({ line, column: place === null ? null : (this.request.columns[place]?.name ?? null), message: `${error.message}${detail}`, value: value === null ? null : value.slice(0, shownChars), raw });
  }

  /** The first column whose value the server does not take by itself. */
  private async badColumn(line: number): Promise<number | null> {
    for (const [index, column] of this.request.columns.entries()) {
      try {
        await this.session.run(guarded(this.plan.probe(column, line)));
      } catch (thrown) {
        if (toAppError(thrown).code !== 'server_error') throw thrown;
        await this.session.run(undo);
        return index;
      }
    }
    return null;
  }
}
