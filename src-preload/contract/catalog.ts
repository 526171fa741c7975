import { z } from 'zod';
import { call, defineContract, nothing } from './core';

export const objectKind = z.enum(['table', 'partition', 'view', 'materialized_view', 'foreign_table', 'sequence', 'function', 'procedure', 'event', 'type', 'extension']);
export type ObjectKind = z.infer<typeof objectKind>;

export const objectRef = z.object({ schema: z.string(), name: z.string(), kind: objectKind, /** Tells overloaded functions apart. */ oid: z.number().int().optional() });
export type ObjectRef = z.infer<typeof objectRef>;

export const schemaEntry = z.object({ name: z.string(), system: z.boolean(), counts: z.partialRecord(objectKind, z.number().int()) });
export type SchemaEntry = z.infer<typeof schemaEntry>;

export const objectEntry = objectRef.extend({
  comment: z.string().nullable(),
  /** The planner's estimate; null when never analysed. */
  rows: z.number().nullable(),
  bytes: z.number().nullable(),
});
export const objectPage = z.object({ total: z.number().int(), objects: z.array(objectEntry) });
export type ObjectPage = z.infer<typeof objectPage>;

export const columnDetail = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  default: z.string().nullable(),
  generated: z.string().nullable(),
  identity: z.enum(['always', 'by default']).nullable(),
  comment: z.string().nullable(),
  primaryKey: z.boolean(),
});
export type ColumnDetail = z.infer<typeof columnDetail>;

export const objectDetail = z.object({
  object: objectRef,
  comment: z.string().nullable(),
  owner: z.string().nullable(),
  columns: z.array(columnDetail),
  primaryKey: z.array(z.string()),
  foreignKeys: z.array(z.object({ name: z.string(), columns: z.array(z.string()), references: z.object({ schema: z.string(), table: z.string(), columns: z.array(z.string()) }), onDelete: z.string(), onUpdate: z.string() })),
  referencedBy: z.array(z.object({ name: z.string(), schema: z.string(), table: z.string(), columns: z.array(z.string()), to: z.array(z.string()) })),
  indexes: z.array(z.object({ name: z.string(), definition: z.string(), unique: z.boolean(), primary: z.boolean(), valid: z.boolean(), bytes: z.number().nullable(), scans: z.number().nullable() })),
  constraints: z.array(z.object({ name: z.string(), kind: z.enum(['check', 'unique', 'primary', 'foreign', 'exclusion', 'not null', 'trigger']), definition: z.string() })),
  triggers: z.array(z.object({ name: z.string(), definition: z.string(), enabled: z.boolean() })),
  partitions: z.array(z.object({ schema: z.string(), name: z.string(), bound: z.string() })),
  rows: z.number().nullable(),
  bytes: z.object({ table: z.number(), indexes: z.number(), total: z.number() }).nullable(),
  ddl: z.string(),
});
export type ObjectDetail = z.infer<typeof objectDetail>;

/** What completion, name resolution and the assistant's search need; sorted by schema and name, so that it is stable. */
export const catalogSnapshot = z.object({
  searchPath: z.array(z.string()),
  schemas: z.array(z.string()),
  relations: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      kind: objectKind,
      comment: z.string().nullable(),
      rows: z.number().nullable(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean(), comment: z.string().nullable() })),
      primaryKey: z.array(z.string()),
    }),
  ),
  foreignKeys: z.array(z.object({ schema: z.string(), table: z.string(), columns: z.array(z.string()), refSchema: z.string(), refTable: z.string(), refColumns: z.array(z.string()) })),
  functions: z.array(z.object({ schema: z.string(), name: z.string(), arguments: z.string(), returns: z.string() })),
  enums: z.array(z.object({ schema: z.string(), name: z.string(), labels: z.array(z.string()) })),
});
export type CatalogSnapshot = z.infer<typeof catalogSnapshot>;

/** Condition on a table's data, held by the server. */
export const dataFilter = z.object({
  column: z.string(),
  op: z.enum(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'startsWith', 'isNull', 'isNotNull']),
  value: z.string().default(''),
});
export type DataFilter = z.infer<typeof dataFilter>;
export const dataQuery = z.object({
  object: objectRef,
  filters: z.array(dataFilter).max(32),
  sorts: z.array(z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) })).max(8),
  offset: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(10_000),
});
export type DataQuery = z.infer<typeof dataQuery>;

const onConnection = z.object({ connectionId: z.string() });

export const catalogContract = defineContract('catalog', {
  schemas: call(onConnection, z.array(schemaEntry)),
  objects: call(onConnection.extend({ schema: z.string().nullable(), kind: objectKind.nullable(), search: z.string(), offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(1000) }), objectPage),
  detail: call(onConnection.extend({ object: objectRef }), objectDetail),
  /** Cached in main until a DDL statement ran or `refresh` was called. */
  snapshot: call(onConnection, catalogSnapshot),
  /** The SELECT that shows a table's data with filter, sort and page done by the server: its text is run like any other. */
  dataStatement: call(onConnection.extend({ query: dataQuery }), z.object({ text: z.string() })),
  refresh: call(onConnection, nothing),
});
