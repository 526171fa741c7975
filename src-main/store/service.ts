/** The local SQLite database: state of the program (history, documents, jobs, conversations), never definitions or secrets. */
export interface Store {
  /** Rows as plain objects. Parameters are positional. */
  all<Row extends object>(sql: string, ...parameters: StoreValue[]): Row[];
  get<Row extends object>(sql: string, ...parameters: StoreValue[]): Row | undefined;
  run(sql: string, ...parameters: StoreValue[]): { changes: number; lastInsertRowid: number };
  /** All or nothing; nesting is an error. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export type StoreValue = string | number | null;
