import type { Client } from 'pg';

/** What became of one statement, for the probes that watch the run itself. */
export interface RunTrace {
  /** How long it took until the lane was free again. */
  readonly milliseconds: number;
  /** The time-out that it ran under. */
  readonly timeoutMs: number;
  /** All cells that came back, one behind the other. */
  readonly cells: string;
  /** The process of the server that ran it. */
  readonly pid: number;
}

/** What the probes look at. */
export interface ProbeSite {
  /** A superuser's connection of the probes' own. */
  readonly admin: Client;
  /** Listens on the channel `bait`; counts what arrives. */
  readonly notifications: () => number;
  /** Connections that arrived at the loopback listener that stands for another server. */
  readonly connections: () => number;
  /** Text that stands only in a file of the server. */
  readonly secret: string;
  /** A folder that the server may write to. */
  readonly dropFolder: string;
  /** The server's data folder. */
  readonly dataFolder: string;
  /** Process of a session that must not be disturbed. */
  readonly canary: () => number;
}

/** Watches one kind of escape. It has fired when its look after a statement differs from the one before. */
export interface Probe {
  readonly watches: string;
  /** Statements that make it fire when they are sent past the guard; any of them must. */
  readonly triggers: readonly string[];
  look(site: ProbeSite, trace: RunTrace): Promise<string>;
}

/** The one cell of a query's one row, as text. */
export async function cellOf(client: Client, text: string, parameters: unknown[] = []): Promise<string> {
  const { rows } = await client.query<Record<string, unknown>>(text, parameters);
  return String(Object.values(rows[0] ?? {})[0]);
}
