import type { EditTarget } from '../../src-preload/contract/rowEdits';
import type { CatalogSnapshot, DataQuery, ObjectDetail, ObjectPage, ObjectRef, SchemaEntry } from '../../src-preload/contract/catalog';
import type { Connection } from './driver';

export interface Places {
  /** Those that the user may connect to. */
  readonly databases: string[];
  /** Without the server's own toast and temporary ones; empty where a database has no schemas. */
  readonly schemas: string[];
  /** What a new session looks names up in, as `SHOW search_path` gives it; empty where there is no such thing. */
  readonly searchPath: string;
}

/** Reads the catalog. Every call is bounded and abortable; nothing is read that was not asked for. */
export interface Introspector {
  /** Schemas with the number of objects of each kind. */
  schemas(connection: Connection, signal: AbortSignal): Promise<SchemaEntry[]>;
  /** A page of a schema's objects of one kind, by name; `search` is a case-insensitive substring. */
  objects(
    connection: Connection,
    query: { schema: string | null; kind: ObjectRef['kind'] | null; search: string; offset: number; limit: number },
    signal: AbortSignal,
  ): Promise<ObjectPage>;
  /** Columns, keys, indexes, constraints, triggers, size and DDL of one object. Rejects with `not_found`. */
  detail(connection: Connection, object: ObjectRef, signal: AbortSignal): Promise<ObjectDetail>;
  /** Everything that completion and name resolution need: relations, columns, foreign keys, functions. */
  snapshot(connection: Connection, signal: AbortSignal): Promise<CatalogSnapshot>;
  /**
   * The SELECT that shows a table's data, filtered, sorted and paged by the server; a person reads it. The primary key ends the
   * order, so that pages do not overlap. Pure; throws `bad_input` for a column that the table does not have.
   */
  dataStatement(query: DataQuery, detail: Pick<ObjectDetail, 'columns' | 'primaryKey'>): string;
  /** Where a query tab can look names up. */
  places(connection: Connection, signal: AbortSignal): Promise<Places>;
  /** The relation with an oid, and its columns' numbers by name. Rejects with `not_found`. */
  relation(connection: Connection, oid: number, signal: AbortSignal): Promise<{ object: ObjectRef; attributes: Record<string, number> }>;
  /** What the session's role may edit in a table, and what identifies its rows. Rejects with `not_found`. */
  editTarget(connection: Connection, object: ObjectRef, signal: AbortSignal): Promise<EditTarget>;
}
