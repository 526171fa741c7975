import type { Connection } from '../../drivers/driver';

interface Applied {
  readonly text: string;
  /** Set inside a transaction: a rollback takes it back. */
  readonly inTransaction: boolean;
}

/** Which search path the program has set on which session, so that one that was opened anew gets it again. */
export class SearchPaths {
  private readonly applied = new WeakMap<Connection, Applied>();

  /** The statement that the session wants before the next one; null when it has what is wished, or cannot take it now. */
  wanted(connection: Connection, searchPath: readonly string[] | null): string | null {
    const known = this.applied.get(connection);
    // An aborted transaction takes no SET.
    if (connection.transaction === 'failed') return null;
    if (searchPath === null) return known && known.text !== RESET ? RESET : null;
    const text = `SET search_path TO ${searchPath.length === 0 ? "''" : searchPath.map(quoted).join(', ')}`;
    const holds = known?.text === text && !(known.inTransaction && connection.transaction === 'idle');
    return holds ? null : text;
  }

  sent(connection: Connection, text: string): void {
    this.applied.set(connection, { text, inTransaction: connection.transaction !== 'idle' });
  }
}

const RESET = 'RESET search_path';

/** Always in quotes: a schema may have the name of a key word, and DEFAULT would be another path. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
