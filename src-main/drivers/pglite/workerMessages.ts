/** What the main thread and the worker that runs PGlite tell each other. */

export interface WorkerInput {
  readonly folder: string;
  /** False while a new database is filled: the folder is flushed as a whole afterwards. */
  readonly fsync: boolean;
  /** Int32 cells; see `shared`. */
  readonly shared: SharedArrayBuffer;
}

/** Cells of the shared memory by which the main thread reaches a worker that is busy inside PostgreSQL. */
export const shared = {
  /** Bytes posted and not yet taken by the client. */
  inFlight: 0,
  /** 1 asks the running statement to stop at its next row. */
  cancel: 1,
  cells: 2,
} as const;

/** How many bytes may be under way before the worker waits for the client: bounds the memory of any result. */
export const windowBytes = 2 * 1024 * 1024;

/** What a session has changed for itself; PGlite has one backend, so it is put back whenever the session's turn comes. */
export interface SessionSettings {
  /** By name, as `set_config` takes them. */
  readonly values: Readonly<Record<string, string>>;
  readonly role: string;
  readonly sessionUser: string;
}

/** Things that live in the backend and cannot be put aside: how many there are now, of all sessions together. */
export interface Residue {
  readonly temporaryTables: number;
  readonly preparedStatements: number;
  readonly heldCursors: number;
  readonly listeners: number;
  readonly advisoryLocks: number;
}

export type ToWorker =
  | {
      readonly kind: 'run';
      readonly bytes: Uint8Array;
      readonly session: number;
      /** Put in place when the backend served another session last. */
      readonly settings: SessionSettings;
    }
  | { readonly kind: 'close' };

export type FromWorker =
  /** The database answers; the server's reply to a startup packet. */
  | { readonly kind: 'open'; readonly greeting: Uint8Array }
  | { readonly kind: 'openFailed'; readonly message: string; readonly log: string; readonly errno: string | null }
  /** Whole messages of the reply. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** The bytes of `run` are worked off; `status` is null when the client has not asked to synchronise yet. */
  | { readonly kind: 'ran'; readonly status: 'I' | 'T' | 'E' | null; readonly copyIn: boolean }
  /** Follows `ran` with status I: what a session would lose with this backend. */
  | { readonly kind: 'settled'; readonly settings: SessionSettings; readonly residue: Residue }
  /** PostgreSQL ended itself. */
  | { readonly kind: 'died'; readonly message: string; readonly log: string }
  | { readonly kind: 'closed' };
