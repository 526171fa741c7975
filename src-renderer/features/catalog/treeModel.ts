import type { ColumnDetail, ObjectKind, ObjectPage, ObjectRef, SchemaEntry } from '../../../src-preload/contract/catalog';
import { kindFaces, kindOrder } from './kinds';

export type ObjectEntry = ObjectPage['objects'][number];

/** Objects a request brings. */
export const PAGE_SIZE = 250;

/** A list that is read page by page, as its rows come into view. */
export interface PagedList {
  /** Null until the first page came. */
  readonly total: number | null;
  readonly pages: Readonly<Record<number, readonly ObjectEntry[]>>;
}

/** All that is known of one connection's objects. */
export interface Tree {
  readonly schemas: readonly SchemaEntry[] | null;
  /** Keys of the open branches. */
  readonly expanded: ReadonlySet<string>;
  /** By folder key. */
  readonly lists: Readonly<Record<string, PagedList>>;
  /** By object key; null while they are being read. */
  readonly columns: Readonly<Record<string, readonly ColumnDetail[] | null>>;
  readonly search: string;
  readonly found: PagedList;
}

export const emptyList: PagedList = { total: null, pages: {} };
export const emptyTree: Tree = { schemas: null, expanded: new Set(), lists: {}, columns: {}, search: '', found: emptyList };

interface RowPlace {
  /** Unique and stable: what the expansion, the focus and the element ids hang on. */
  readonly key: string;
  /** 1 is the outermost. */
  readonly level: number;
  /** Among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

export type Row = RowPlace &
  (
    | { readonly type: 'schema'; readonly schema: SchemaEntry; readonly expanded: boolean }
    | { readonly type: 'folder'; readonly schema: string; readonly kind: ObjectKind; readonly count: number; readonly expanded: boolean }
    | { readonly type: 'object'; readonly object: ObjectEntry; readonly expandable: boolean; readonly expanded: boolean; readonly qualified: boolean }
    | { readonly type: 'column'; readonly column: ColumnDetail; readonly of: ObjectRef }
    /** An object that has not been read yet. `list` is a folder key, or null for the search. */
    | { readonly type: 'waiting'; readonly list: string | null; readonly page: number }
    | { readonly type: 'note'; readonly text: string }
  );

export const schemaKey = (schema: string): string => JSON.stringify(['s', schema]);
export const folderKey = (schema: string, kind: ObjectKind): string => JSON.stringify(['f', schema, kind]);
export const objectKey = (object: ObjectRef): string => JSON.stringify(['o', object.schema, object.kind, object.name, object.oid ?? 0]);

/** What a folder key stands for. */
export function folderOf(key: string): { schema: string; kind: ObjectKind } {
  const [, schema, kind] = JSON.parse(key) as [string, string, ObjectKind];
  return { schema, kind };
}

/** Rows by their index, made when they are asked for: thirty thousand tables cost no more than those that are seen. */
export interface Rows {
  readonly count: number;
  readonly at: (index: number) => Row | undefined;
  /** Index of a row by its key, among those that have been read; -1 when it is not there. */
  readonly indexOf: (key: string) => number;
}

interface Segment {
  readonly start: number;
  readonly length: number;
  readonly row: (offset: number) => Row;
  /** Offset of a key within the segment, or -1. */
  readonly find: (key: string) => number;
}

class RowBuilder {
  private readonly segments: Segment[] = [];
  private count = 0;

  row(row: Row): void {
    this.range(1, () => row, (key) => (key === row.key ? 0 : -1));
  }

  range(length: number, row: (offset: number) => Row, find: (key: string) => number): void {
    if (length <= 0) return;
    this.segments.push({ start: this.count, length, row, find });
    this.count += length;
  }

  build(): Rows {
    const { segments, count } = this;
    const segmentAt = (index: number): Segment | undefined => {
      let low = 0;
      let high = segments.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((segments[middle]?.start ?? 0) <= index) low = middle;
        else high = middle - 1;
      }
      return segments[low];
    };
    return {
      count,
      at(index) {
        if (index < 0 || index >= count) return undefined;
        const segment = segmentAt(index);
        return segment?.row(index - segment.start);
      },
      indexOf(key) {
        for (const segment of segments) {
          const offset = segment.find(key);
          if (offset >= 0) return segment.start + offset;
        }
        return -1;
      },
    };
  }
}

function entryAt(list: PagedList, index: number): ObjectEntry | undefined {
  return list.pages[Math.floor(index / PAGE_SIZE)]?.[index % PAGE_SIZE];
}

function indexInList(list: PagedList, key: string, from: number, to: number): number {
  for (const [page, entries] of Object.entries(list.pages)) {
    const offset = entries.findIndex((entry) => objectKey(entry) === key);
    const index = Number(page) * PAGE_SIZE + offset;
    if (offset >= 0 && index >= from && index < to) return index - from;
  }
  return -1;
}

/** The objects of one list, split where an open object shows its columns. */
function addList(builder: RowBuilder, tree: Tree, list: PagedList, key: string | null, level: number, known: number): void {
  const total = list.total ?? known;
  const rowAt = (index: number): Row => {
    const object = entryAt(list, index);
    const place = { level, position: index + 1, siblings: total };
    if (!object) return { ...place, type: 'waiting', key: JSON.stringify(['w', key, index]), list: key, page: Math.floor(index / PAGE_SIZE) };
    const own = objectKey(object);
    return { ...place, type: 'object', key: own, object, expandable: kindFaces[object.kind].columns, expanded: tree.expanded.has(own), qualified: key === null };
  };
  let from = 0;
  const flush = (to: number): void => {
    const start = from;
    builder.range(to - start, (offset) => rowAt(start + offset), (wanted) => indexInList(list, wanted, start, to));
    from = to;
  };
  for (const index of openIndexes(tree, list)) {
    flush(index + 1);
    const object = entryAt(list, index);
    if (object) addColumns(builder, tree, object, level + 1);
  }
  flush(total);
}

function openIndexes(tree: Tree, list: PagedList): number[] {
  const open: number[] = [];
  for (const [page, entries] of Object.entries(list.pages)) {
    entries.forEach((entry, offset) => {
      if (kindFaces[entry.kind].columns && tree.expanded.has(objectKey(entry))) open.push(Number(page) * PAGE_SIZE + offset);
    });
  }
  return open.sort((a, b) => a - b);
}

function addColumns(builder: RowBuilder, tree: Tree, object: ObjectEntry, level: number): void {
  const own = objectKey(object);
  const columns = tree.columns[own];
  if (!columns || columns.length === 0) {
    builder.row({ type: 'note', key: `${own}note`, level, position: 1, siblings: 1, text: columns ? 'No columns' : 'Reading the columns…' });
    return;
  }
  columns.forEach((column, index) => {
    builder.row({ type: 'column', key: JSON.stringify(['c', own, column.name]), level, position: index + 1, siblings: columns.length, column, of: object });
  });
}

function addSchema(builder: RowBuilder, tree: Tree, schema: SchemaEntry, position: number, siblings: number): void {
  const key = schemaKey(schema.name);
  const expanded = tree.expanded.has(key);
  builder.row({ type: 'schema', key, level: 1, position, siblings, schema, expanded });
  if (!expanded) return;
  const kinds = kindOrder.filter((kind) => (schema.counts[kind] ?? 0) > 0);
  if (kinds.length === 0) builder.row({ type: 'note', key: `${key}note`, level: 2, position: 1, siblings: 1, text: 'Nothing in this schema' });
  kinds.forEach((kind, index) => {
    const own = folderKey(schema.name, kind);
    const list = tree.lists[own] ?? emptyList;
    const count = list.total ?? schema.counts[kind] ?? 0;
    const open = tree.expanded.has(own);
    builder.row({ type: 'folder', key: own, level: 2, position: index + 1, siblings: kinds.length, schema: schema.name, kind, count, expanded: open });
    if (open) addList(builder, tree, list, own, 3, count);
  });
}

/** The schemas in the order of the tree: people's own first. */
export function orderedSchemas(schemas: readonly SchemaEntry[]): SchemaEntry[] {
  return schemas.toSorted((a, b) => Number(a.system) - Number(b.system) || a.name.localeCompare(b.name));
}

/** The rows of a tree as it stands: the branches, or what a search found. */
export function treeRows(tree: Tree): Rows {
  const builder = new RowBuilder();
  if (tree.search !== '') {
    addList(builder, tree, tree.found, null, 1, 1);
    return builder.build();
  }
  const schemas = orderedSchemas(tree.schemas ?? []);
  schemas.forEach((schema, index) => addSchema(builder, tree, schema, index + 1, schemas.length));
  return builder.build();
}

/** Branches that are open at first: people's schemas when they are few, and their tables when there is one such schema or the lists are short. */
export function firstExpanded(schemas: readonly SchemaEntry[]): Set<string> {
  const own = schemas.filter((schema) => !schema.system && Object.values(schema.counts).some((count) => count > 0));
  if (own.length > 4) return new Set();
  const tables = own.reduce((sum, schema) => sum + (schema.counts.table ?? 0), 0);
  const withTables = own.length === 1 || tables <= 60 ? own.filter((schema) => (schema.counts.table ?? 0) > 0) : [];
  return new Set([...own.map((schema) => schemaKey(schema.name)), ...withTables.map((schema) => folderKey(schema.name, 'table'))]);
}

/** The row that Left goes to: the branch that this row is in. */
export function parentIndex(rows: Rows, index: number): number {
  const level = rows.at(index)?.level ?? 1;
  for (let above = index - 1; above >= 0; above -= 1) {
    const row = rows.at(above);
    if (row && row.level < level) return above;
    // Siblings in a long list need not be walked one by one.
    if (row && row.level === level && row.position > 1) above -= row.position - 2;
  }
  return -1;
}

/** What a row is called, for the type-ahead and for screen readers. */
export function rowLabel(row: Row): string {
  switch (row.type) {
    case 'schema':
      return row.schema.name;
    case 'folder':
      return kindFaces[row.kind].many;
    case 'object':
      return row.object.name;
    case 'column':
      return row.column.name;
    case 'waiting':
      return '';
    case 'note':
      return row.text;
  }
}

/** The next row, after `from` and around the end, whose name begins with `typed`; -1 when there is none. Looks at 20,000 rows at most. */
export function typeAhead(rows: Rows, from: number, typed: string): number {
  const wanted = typed.toLowerCase();
  const steps = Math.min(rows.count, 20_000);
  for (let step = typed.length > 1 ? 0 : 1; step <= steps; step += 1) {
    const index = (from + step) % rows.count;
    const row = rows.at(index);
    if (row && rowLabel(row).toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}
