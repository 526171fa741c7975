import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';

/** A question with the tables that its right answer reads, each as schema and name. */
export interface LinkingQuestion {
  readonly database: string;
  readonly question: string;
  readonly gold: readonly string[];
}

interface Tables {
  readonly db_id: string;
  readonly table_names_original: string[];
  readonly column_names_original: [number, string][];
  readonly primary_keys: (number | number[])[];
  readonly foreign_keys: [number, number][];
}

const read = <T>(folder: string, name: string): T => JSON.parse(readFileSync(path.join(folder, 'schema_linking', name), 'utf8')) as T;

/** The databases of a set, each as a schema of its own. The sets' readable names are left out: no database has them. */
export function readSchemas(folder: string, file: string): Map<string, CatalogSnapshot> {
  return new Map(read<Tables[]>(folder, file).map((tables) => [tables.db_id, snapshotOf(tables)]));
}

function snapshotOf(tables: Tables): CatalogSnapshot {
  const schema = tables.db_id;
  const primary = new Set(tables.primary_keys.flat());
  const at = (column: number): { table: string; name: string } => {
    const [table, name] = tables.column_names_original[column] ?? [0, ''];
    return { table: tables.table_names_original[table] ?? '', name };
  };
  return {
    searchPath: [schema],
    schemas: [schema],
    relations: tables.table_names_original.map((name, table) => ({
      schema,
      name,
      kind: 'table',
      comment: null,
      rows: null,
      columns: tables.column_names_original.flatMap(([owner, column], number) => (owner === table ? [{ name: column, type: 'text', nullable: !primary.has(number), comment: null }] : [])),
      primaryKey: tables.column_names_original.flatMap(([owner, column], number) => (owner === table && primary.has(number) ? [column] : [])),
    })),
    foreignKeys: tables.foreign_keys.map(([from, to]) => {
      const [child, parent] = [at(from), at(to)];
      return { schema, table: child.table, columns: [child.name], refSchema: schema, refTable: parent.table, refColumns: [parent.name] };
    }),
    functions: [],
    enums: [],
  };
}

/** One database with everything in it. */
export function pooled(snapshots: Iterable<CatalogSnapshot>): CatalogSnapshot {
  const all = [...snapshots];
  return {
    searchPath: [],
    schemas: all.flatMap(({ schemas }) => schemas),
    relations: all.flatMap(({ relations }) => relations),
    foreignKeys: all.flatMap(({ foreignKeys }) => foreignKeys),
    functions: [],
    enums: [],
  };
}

/** Spider's questions; gold is every table of the parsed query, of its subqueries too. */
export function spiderQuestions(folder: string): LinkingQuestion[] {
  const schemas = new Map(read<Tables[]>(folder, 'spider_tables.json').map((tables) => [tables.db_id, tables.table_names_original]));
  return read<{ db_id: string; question: string; sql: unknown }[]>(folder, 'spider_dev.json').map(({ db_id: database, question, sql }) => ({
    database,
    question,
    gold: [...tableUnits(sql)].map((number) => schemas.get(database)?.[number] ?? ''),
  }));
}

function tableUnits(part: unknown, found = new Set<number>()): Set<number> {
  if (Array.isArray(part)) {
    if (part[0] === 'table_unit' && typeof part[1] === 'number') found.add(part[1]);
    for (const inner of part) tableUnits(inner, found);
  } else if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) tableUnits(inner, found);
  return found;
}

/** BIRD's questions, without their evidence; gold is every table of the database that the query names after FROM, JOIN or a comma. */
export function birdQuestions(folder: string): LinkingQuestion[] {
  const schemas = new Map(read<Tables[]>(folder, 'bird_dev_tables.json').map((tables) => [tables.db_id, tables.table_names_original]));
  return read<{ db_id: string; question: string; sql: string }[]>(folder, 'bird_dev.json').map(({ db_id: database, question, sql }) => ({ database, question, gold: namedTables(sql, schemas.get(database) ?? []) }));
}

function namedTables(sql: string, tables: readonly string[]): string[] {
  const bare = sql.replace(/'(?:[^']|'')*'/g, "''");
  return tables.filter((table) => new RegExp(`(?:\\b(?:FROM|JOIN)|,)\\s*[\`"\\[(]*${table.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`, 'i').test(bare));
}
