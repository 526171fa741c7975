import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { wordsOf } from './words';

export type Relation = CatalogSnapshot['relations'][number];

/** What is known of one relation for linking. */
export interface IndexedRelation {
  readonly relation: Relation;
  readonly signature: string;
  /** Weight of each word, with the field's length taken into account. */
  readonly words: ReadonlyMap<string, number>;
  /** Words of the name, in order. */
  readonly name: readonly string[];
}

/** Relations prepared for ranking; see {@link createSchemaIndex}. */
export interface SchemaIndex {
  readonly relations: ReadonlyMap<string, IndexedRelation>;
  /** For each word the keys of the relations that have it, with its weight there. */
  readonly postings: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** All words by their first letter, for abbreviations and typing mistakes. */
  readonly byStart: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys that foreign keys join, both ways. */
  readonly neighbours: ReadonlyMap<string, ReadonlySet<string>>;
  readonly bySchema: ReadonlyMap<string, ReadonlySet<string>>;
  /**
   * Takes over what has changed since the last snapshot, relation by relation, and lets others have their turn every few milliseconds.
   * Resolves to the number of relations that were read anew.
   */
  update(snapshot: CatalogSnapshot): Promise<number>;
}

/** How much a word counts by where it stands: BM25F's field weights (Robertson, Zaragoza and Taylor 2004). */
const FIELD = { name: 3, comment: 1.5, column: 1, columnComment: 0.7 };
/** How far a field's length counts (BM25F's b), and the length of a usual field. */
const LENGTH = { name: { b: 0.5, usual: 2 }, comment: { b: 0.5, usual: 8 }, column: { b: 0.4, usual: 14 }, columnComment: { b: 0.5, usual: 30 } };

/** Milliseconds of indexing before others get their turn. */
const SLICE_MS = 8;

export const relationKey = (schema: string, name: string): string => `${schema}\0${name}`;

/** An empty index. It holds one entry a relation and word, so that its size is that of the schema's names and comments. */
export function createSchemaIndex(): SchemaIndex {
  const relations = new Map<string, IndexedRelation>();
  const postings = new Map<string, Map<string, number>>();
  const byStart = new Map<string, Set<string>>();
  const bySchema = new Map<string, Set<string>>();
  let neighbours: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  const remove = (key: string): void => {
    const old = relations.get(key);
    if (!old) return;
    relations.delete(key);
    dropFrom(bySchema, old.relation.schema, key);
    for (const word of old.words.keys()) {
      const list = postings.get(word);
      list?.delete(key);
      if (list?.size !== 0) continue;
      postings.delete(word);
      dropFrom(byStart, word.slice(0, 1), word);
    }
  };
  const add = (key: string, entry: IndexedRelation): void => {
    relations.set(key, entry);
    addTo(bySchema, entry.relation.schema, key);
    for (const [word, weight] of entry.words) {
      const list = postings.get(word);
      if (list) list.set(key, weight);
      else {
        postings.set(word, new Map([[key, weight]]));
        addTo(byStart, word.slice(0, 1), word);
      }
    }
  };

  return {
    relations,
    postings,
    byStart,
    bySchema,
    get neighbours() {
      return neighbours;
    },
    async update(snapshot) {
      let changed = 0;
      let sliceEnd = performance.now() + SLICE_MS;
      const seen = new Set<string>();
      for (const relation of snapshot.relations) {
        if (relation.kind === 'partition' || relation.kind === 'sequence') continue;
        if (performance.now() > sliceEnd) {
          await nextTurn();
          sliceEnd = performance.now() + SLICE_MS;
        }
        const key = relationKey(relation.schema, relation.name);
        seen.add(key);
        const signature = signatureOf(relation);
        const known = relations.get(key);
        if (known?.signature === signature) {
          relations.set(key, { ...known, relation });
          continue;
        }
        remove(key);
        add(key, { relation, signature, words: weightedWords(relation), name: wordsOf(relation.name) });
        changed += 1;
      }
      for (const key of [...relations.keys()]) if (!seen.has(key)) remove(key);
      neighbours = neighboursOf(snapshot, relations);
      return changed;
    },
  };
}

/** What the words come from; a row count may change without a new reading. */
function signatureOf(relation: Relation): string {
  return [relation.comment ?? '', ...relation.columns.flatMap((column) => [column.name, column.comment ?? ''])].join('\0');
}

function weightedWords(relation: Relation): Map<string, number> {
  const words = new Map<string, number>();
  const add = (texts: readonly (string | null)[], field: keyof typeof FIELD): void => {
    const found = texts.flatMap((text) => (text === null ? [] : wordsOf(text)));
    const { b, usual } = LENGTH[field];
    const weight = FIELD[field] / (1 - b + (b * found.length) / usual);
    for (const word of new Set(found)) words.set(word, Math.max(words.get(word) ?? 0, weight) + Math.min(words.get(word) ?? 0, weight) * 0.3);
  };
  add([relation.name], 'name');
  add([relation.comment], 'comment');
  add(relation.columns.map((column) => column.name), 'column');
  add(relation.columns.map((column) => column.comment), 'columnComment');
  return words;
}

function neighboursOf(snapshot: CatalogSnapshot, relations: ReadonlyMap<string, IndexedRelation>): Map<string, Set<string>> {
  const neighbours = new Map<string, Set<string>>();
  for (const foreignKey of snapshot.foreignKeys) {
    const from = relationKey(foreignKey.schema, foreignKey.table);
    const to = relationKey(foreignKey.refSchema, foreignKey.refTable);
    if (from === to || !relations.has(from) || !relations.has(to)) continue;
    addTo(neighbours, from, to);
    addTo(neighbours, to, from);
  }
  return neighbours;
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function dropFrom(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
