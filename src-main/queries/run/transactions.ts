import type { TransactionInfo } from '../../../src-preload/contract/queries';
import type { Connection } from '../../drivers/driver';
import type { AppError } from '../../errors';
import type { StatementFacts } from '../../guard/service';

interface Open {
  readonly connection: Connection;
  readonly connectionName: string;
  readonly sessionKey: string;
  readonly since: string;
  readonly statements: number;
  readonly failure: TransactionInfo['failure'];
  readonly savepoints: readonly string[];
}

/** What one statement did to the session's transaction, as the server reported it before and after. */
export interface Observed {
  readonly before: Connection['transaction'];
  readonly text: string;
  readonly facts: StatementFacts;
  readonly error: AppError | null;
}

/** The open transactions of the tabs' sessions: since when, how many statements, which one failed. The server's own state decides. */
export class Transactions {
  private readonly open = new Map<string, Open>();

  /** Called after each statement of a session; `slot` names the session. */
  observe(slot: string, session: Pick<Open, 'connection' | 'connectionName' | 'sessionKey'>, observed: Observed): void {
    const { connection } = session;
    if (connection.transaction === 'idle') {
      this.open.delete(slot);
      return;
    }
    const chained = observed.facts.transaction?.kind === 'end' && observed.error === null;
    const known = observed.before === 'idle' || chained ? undefined : this.open.get(slot);
    const now = known ?? { ...session, since: new Date().toISOString(), statements: 0, failure: null, savepoints: [] };
    const begins = known === undefined && (chained || observed.facts.transaction?.kind === 'begin');
    this.open.set(slot, {
      ...now,
      ...session,
      statements: now.statements + (begins ? 0 : 1),
      failure: failureAfter(now.failure, connection, observed),
      savepoints: observed.error === null ? savepointsAfter(now.savepoints, observed.facts) : now.savepoints,
    });
  }

  /** What is known of a session's transaction; null when none is open. */
  info(slot: string): TransactionInfo | null {
    const found = this.open.get(slot);
    if (!found || found.connection.transaction === 'idle') return null;
    const { since, statements, failure, savepoints } = found;
    return { since, statements, failure, savepoints: [...savepoints] };
  }

  forget(slot: string): void {
    this.open.delete(slot);
  }

  /** All that would be rolled back if the program ended now. */
  all(): { connectionName: string; sessionKey: string; since: string; statements: number }[] {
    return [...this.open.values()]
      .filter(({ connection }) => connection.transaction !== 'idle')
      .map(({ connectionName, sessionKey, since, statements }) => ({ connectionName, sessionKey, since, statements }));
  }
}

function failureAfter(known: TransactionInfo['failure'], connection: Connection, { text, error }: Observed): TransactionInfo['failure'] {
  if (connection.transaction !== 'failed') return null;
  return known ?? (error ? { text, error: error.data } : null);
}

/** ROLLBACK TO keeps the savepoint itself, RELEASE does not; a name that stands twice means the newer one. */
function savepointsAfter(savepoints: readonly string[], { transaction }: StatementFacts): readonly string[] {
  const name = transaction?.savepoint;
  if (!transaction || name === null || name === undefined) return savepoints;
  const at = savepoints.lastIndexOf(name);
  if (transaction.kind === 'savepoint') return [...savepoints, name];
  if (at < 0) return savepoints;
  return transaction.kind === 'release' ? savepoints.slice(0, at) : savepoints.slice(0, at + 1);
}
