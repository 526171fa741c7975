import type { Verdict } from '../../src-preload/contract/guard';
import type { Confirmation, SplitStatement } from '../../src-preload/contract/queries';
import type { RowChange } from './live/lasting';
import type { Parsed } from './parser';
import type { Placeholder } from './placeholders';
import type { StatementFacts } from './statementFacts';
import type { PrivateColumn } from '../../src-preload/contract/privateColumns';
import type { Strictness } from '../../src-preload/contract/settingSpecs';
import type { ConnectionProfile, Engine } from '../../src-preload/contract/connections';
import type { Connection, ReadOnlyLimits, ReadOnlyOutcome, ResultSink, Statement } from '../drivers/driver';

export { cutScript, type ScriptPart } from './cutScript';
export type { StatementFacts } from './statementFacts';
export { bindPlaceholders, findPlaceholders } from './placeholders';
export { nextToken } from './lexer';
export type { Parsed } from './parser';

/**
 * From which class of statement on a person is asked on a connection that is not production, where every write asks. DROP, TRUNCATE and changes of
 * all rows ask everywhere: a policy adds to that and cannot take away.
 */
export interface ConfirmationPolicy {
  readonly dev: Strictness;
  readonly staging: Strictness;
}

/** What is kept from who reads. */
export interface Kept {
  readonly withoutPasswords?: boolean;
  readonly privateColumns?: readonly PrivateColumn[];
}

/** What is known of a statement before it is tried: the change of rows that it makes, or why a rollback would not undo all that it does. */
export type Undoable = { readonly change: Omit<RowChange, 'reads'> } | { readonly refusal: string };

/** The guard of PostgreSQL's dialect, which leads to those of the others. */
export interface GuardService extends Guard {
  /**
   * Whether a rollback undoes all that a statement does: an INSERT, UPDATE or DELETE whose expressions the read-only lane would admit, of a
   * table without triggers, rules and functions of the database. Rejects as `Connection.run` does.
   */
  undoable(text: string, connection: Connection, signal: AbortSignal): Promise<Undoable>;
  /** The guard of an engine's dialect. */
  of(engine: Engine): Guard;
}

/** Classifies statements and holds the two lanes. Parse failure is `unknown`, which counts as a write. */
export interface Guard {
  /** Cuts a script into its statements with the dialect's own grammar; `error` has the position when it does not parse. */
  split(text: string): Promise<{ statements: SplitStatement[]; error: { message: string; position: number } | null }>;
  /**
   * The verdict on one statement. With a connection the live catalog decides on functions, operators, casts, views and row
   * policies; without one the shipped table of `serverVersion` (major; default the newest). `withoutPasswords`, which needs the
   * connection, also refuses what reads passwords, their hashes or connection strings, and `privateColumns` what reads one of these: for who
   * must not see them, such as a model.
   */
  classify(text: string, context: { connection?: Connection; serverVersion?: number; signal?: AbortSignal } & Kept): Promise<Verdict>;
  /** Told when a session looks names up elsewhere than before: what the guard knows of it counts no more. */
  forget(connection: Connection): void;
  /** The trees of a text as PostgreSQL's grammar sees it. */
  parse(text: string): Promise<Parsed>;
  /** The parameters of a text, `:name` and, unless told otherwise, `$1`; none where the engine takes no values apart from the text. */
  placeholders(text: string, options?: { numbered: boolean }): readonly Placeholder[];
  /** What a statement has to do with transactions. */
  facts(text: string): Promise<StatementFacts>;
  /** Why `after` does not say what `before` says, as a sentence; null when PostgreSQL's grammar reads the same from both. */
  difference(before: string, after: string): Promise<string | null>;
  /** What a person must say yes to before these statements run in their own lane; empty when nothing. */
  confirmations(statements: readonly { text: string; verdict: Verdict }[], profile: ConnectionProfile): Promise<Confirmation[]>;
  /**
   * The read-only lane, all layers: classify, refuse with AppError `refused` and the reason, else run under the server's limits
   * and roll back.
   */
  runReadOnly(connection: Connection, statement: Statement, sink: ResultSink, limits: ReadOnlyLimits, signal: AbortSignal, options?: Kept): Promise<ReadOnlyOutcome>;
}
