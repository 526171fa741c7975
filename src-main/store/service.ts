import { openChecked } from './open';

export { currentOwner, ownerAlive } from './owner';

/** The local SQLite database: state of the program (history, documents, jobs, conversations), never definitions or secrets. */
export interface Store {
  /** Where a damaged store was moved when this one was opened fresh instead; null in the ordinary case. The person must be told. */
  readonly setAside: string | null;
  /** Rows as plain objects. Parameters are positional. A NUL character in a text is stored as its sign, U+2400. */
  all<Row extends object>(sql: string, ...parameters: StoreValue[]): Row[];
  get<Row extends object>(sql: string, ...parameters: StoreValue[]): Row | undefined;
  run(sql: string, ...parameters: StoreValue[]): { changes: number; lastInsertRowid: number };
  /** All or nothing; nesting is an error, and so is work that returns a promise. */
  transaction<T>(work: () => T): T;
  /** Resolves when all that was committed before would survive a power cut. (A commit alone survives the end of the process.) */
  durable(): Promise<void>;
  close(): void;
}

export type StoreValue = string | number | null;

/**
 * Opens the store, creating and migrating it as needed; several processes may have it open. Throws AppError `bad_input` when a
 * newer program wrote it, `busy` when another process holds it for over 5 s, `disk` when it cannot be read or written.
 */
export function openStore(file: string): Store {
  const { database, setAside } = openChecked(file);
  return {
    setAside,
    all: (sql, ...parameters) => database.all(sql, ...parameters),
    get: (sql, ...parameters) => database.get(sql, ...parameters),
    run: (sql, ...parameters) => database.run(sql, ...parameters),
    transaction: (work) => database.transaction(work),
    durable: () => database.durable(),
    close: () => database.close(),
  };
}
