import type { CatalogSnapshot, DataQuery, ObjectDetail, ObjectPage, ObjectKind, ObjectRef, SchemaEntry } from '../../src-preload/contract/catalog';

/** What is in a database, read lazily through the driver's introspector on the connection's browsing session. */
export interface CatalogService {
  schemas(connectionId: string, signal: AbortSignal): Promise<SchemaEntry[]>;
  objects(connectionId: string, query: { schema: string | null; kind: ObjectKind | null; search: string; offset: number; limit: number }, signal: AbortSignal): Promise<ObjectPage>;
  detail(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<ObjectDetail>;
  /** Cached until `invalidate`; concurrent callers share one read. */
  snapshot(connectionId: string, signal: AbortSignal): Promise<CatalogSnapshot>;
  dataStatement(connectionId: string, query: DataQuery): Promise<string>;
  /** Called after a DDL statement ran, and by the refresh button. */
  invalidate(connectionId: string): void;
}
