import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Column, Notice, RunOutcome, RunPart, StatementClass } from '../../../src-preload/contract/queries';

/** One statement of a run and what became of it. */
export interface StatementRun {
  readonly index: number;
  /** Where it stands in the text that was run. */
  readonly from: number;
  readonly to: number;
  readonly class: StatementClass;
  readonly state: 'running' | 'done' | 'failed' | 'unknown';
  readonly command: string;
  readonly rowsAffected: number | null;
  readonly rows: number;
  readonly milliseconds: number | null;
  readonly resultId: string | null;
  readonly error: AppErrorData | null;
  readonly notices: readonly Notice[];
}

/** A result set, growing while rows come in. */
export interface ResultSet {
  readonly resultId: string;
  /** The number of its statement. */
  readonly statement: number;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly milliseconds: number | null;
}

/** A statement that the program sent for the person, before the statement with the number `before`. */
export type OwnStatement = Omit<Extract<RunPart, { kind: 'own' }>, 'kind'>;

/** What a run has given so far. */
export interface RunLog {
  /** Statements in the text; 0 until the first began. */
  readonly count: number;
  readonly statements: readonly StatementRun[];
  readonly results: readonly ResultSet[];
  readonly own: readonly OwnStatement[];
}

export const NO_LOG: RunLog = { count: 0, statements: [], results: [], own: [] };

/**
 * Gathers the parts of a run. It is changed in place, since a script may have tens of thousands of statements; `snapshot` makes
 * what React compares.
 */
export class RunGatherer {
  private readonly statements: (StatementRun | undefined)[] = [];
  private readonly results: ResultSet[] = [];
  private readonly own: OwnStatement[] = [];
  private count = 0;

  add(part: RunPart): void {
    switch (part.kind) {
      case 'own':
        this.own.push({ before: part.before, text: part.text, why: part.why });
        return;
      case 'statement':
        this.count = part.count;
        this.statements[part.index] = { index: part.index, ...part.range, class: part.class, state: 'running', command: '', rowsAffected: null, rows: 0, milliseconds: null, resultId: null, error: null, notices: [] };
        return;
      case 'result':
        this.results.push({ resultId: part.resultId, statement: part.statement, columns: part.columns, rows: 0, bytes: 0, complete: false, milliseconds: null });
        return this.patch(part.statement, { resultId: part.resultId });
      case 'progress':
        return this.patchResult((result) => result.resultId === part.resultId, { rows: part.rows, bytes: part.bytes });
      case 'notice':
        return this.patch(part.statement, { notices: [...(this.statements[part.statement]?.notices ?? []), part.notice].slice(-1000) });
      case 'done': {
        const { command, rowsAffected, rows, milliseconds, resultId } = part;
        this.patch(part.statement, { state: 'done', command, rowsAffected, rows, milliseconds, resultId });
        return this.patchResult((result) => result.statement === part.statement, { rows, milliseconds, complete: true });
      }
      case 'failed':
        this.patch(part.statement, { state: 'failed', error: part.error, milliseconds: part.milliseconds });
        return this.patchResult((result) => result.statement === part.statement, { milliseconds: part.milliseconds, complete: true });
    }
  }

  classOf(statement: number): StatementClass | undefined {
    return this.statements[statement]?.class;
  }

  /**
   * After the end nothing grows any more, whatever was not told. `failed` is how many statements failed by the run's own count;
   * null where the run has no end that is known.
   */
  end(failed: number | null): void {
    let untold = failed === null ? 0 : failed - this.statements.filter((statement) => statement?.state === 'failed').length;
    for (const statement of this.statements) {
      if (statement?.state !== 'running') continue;
      untold -= 1;
      this.patch(statement.index, untold >= 0 ? { state: 'failed', error: { code: 'cancelled', message: 'Stopped: the server cancelled the statement.' } } : { state: 'unknown' });
    }
    this.patchResult(() => true, { complete: true });
  }

  snapshot(): RunLog {
    return { count: this.count, statements: this.statements.filter((statement) => statement !== undefined), results: [...this.results], own: [...this.own] };
  }

  private patch(index: number, patch: Partial<StatementRun>): void {
    const statement = this.statements[index];
    if (statement) this.statements[index] = { ...statement, ...patch };
  }

  private patchResult(which: (result: ResultSet) => boolean, patch: Partial<ResultSet>): void {
    this.results.forEach((result, index) => {
      if (which(result)) this.results[index] = { ...result, ...patch };
    });
  }
}

export type TransactionState = RunOutcome['transaction'];

/** One line on how a run ended, for the status line and for screen readers. */
export function summary(log: RunLog, formatCount: (value: number) => string): string {
  const failed = log.statements.filter((statement) => statement.state === 'failed').length;
  const last = log.statements.at(-1);
  if (log.count === 1 && last) {
    if (last.state === 'unknown') return 'Outcome not known';
    if (last.state === 'failed') return last.error?.code === 'cancelled' ? 'Cancelled' : 'Failed';
    return describeDone(last, formatCount);
  }
  const done = log.statements.filter((statement) => statement.state === 'done').length;
  const rest = log.count - log.statements.length;
  return [`${formatCount(done)} of ${formatCount(log.count)} done`, failed > 0 ? `${formatCount(failed)} failed` : '', rest > 0 ? `${formatCount(rest)} not run` : ''].filter(Boolean).join(', ');
}

/** `SELECT, 12 rows`, `UPDATE, 3 rows affected`, `CREATE TABLE`. */
export function describeDone(statement: StatementRun, formatCount: (value: number) => string): string {
  const command = statement.command || 'Done';
  if (statement.resultId !== null) return `${command.replace(/ \d+$/, '')}, ${formatCount(statement.rows)} ${statement.rows === 1 ? 'row' : 'rows'}`;
  if (statement.rowsAffected !== null) return `${command.replace(/( \d+)+$/, '')}, ${formatCount(statement.rowsAffected)} ${statement.rowsAffected === 1 ? 'row' : 'rows'} affected`;
  return command;
}
