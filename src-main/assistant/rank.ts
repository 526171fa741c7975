import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CatalogSnapshot } from '../../src-preload/contract/catalog';

type Relation = CatalogSnapshot['relations'][number];

export interface RankedRelation {
  readonly relation: Relation;
  /** BM25; 0 for relations that are there only because a foreign key leads to them. */
  readonly score: number;
}

/** Relations prepared for ranking: for each word the relations that have it. */
interface RankIndex {
  readonly relations: readonly Relation[];
  readonly postings: ReadonlyMap<string, readonly { relation: number; weight: number }[]>;
  readonly lengths: readonly number[];
  readonly averageLength: number;
  /** Foreign-key neighbours, both ways. */
  readonly neighbours: ReadonlyMap<number, readonly number[]>;
}

const weights = { name: 3, column: 1, comment: 0.5, columnComment: 0.25 };
const K1 = 1.2;
const B = 0.6;

/** Milliseconds of indexing before others get their turn. */
const SLICE_MS = 8;

const indexes = new WeakMap<CatalogSnapshot, Promise<RankIndex>>();

/**
 * The relations that a question is about, best first, at most `limit`: BM25 (Robertson and Zaragoza 2009) over names, columns and
 * comments with light stemming; then, while there is room, what foreign keys of the best ones lead to, because a join needs its
 * middle tables. Partitions are left out, their parent stands for them.
 */
export async function rankRelations(snapshot: CatalogSnapshot, question: string, limit: number): Promise<RankedRelation[]> {
  const building = indexes.get(snapshot) ?? buildIndex(snapshot);
  indexes.set(snapshot, building);
  const index = await building;
  const scores = new Map<number, number>();
  for (const word of new Set(rankWords(question))) {
    const postings = index.postings.get(word);
    if (!postings) continue;
    const rarity = Math.log(1 + (index.relations.length - postings.length + 0.5) / (postings.length + 0.5));
    for (const { relation, weight } of postings) {
      const length = (index.lengths[relation] ?? 0) / index.averageLength;
      scores.set(relation, (scores.get(relation) ?? 0) + (rarity * weight * (K1 + 1)) / (weight + K1 * (1 - B + B * length)));
    }
  }
  const best = [...scores].sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b).slice(0, limit);
  return withNeighbours(index, best, limit);
}

function withNeighbours(index: RankIndex, best: readonly (readonly [number, number])[], limit: number): RankedRelation[] {
  // Room for neighbours is kept by dropping the weakest third of a full list: they rarely carry the answer.
  const kept = best.length < limit ? best : best.slice(0, Math.ceil((limit * 2) / 3));
  const chosen = new Map<number, number>(kept);
  for (const [relation] of kept) {
    for (const neighbour of index.neighbours.get(relation) ?? []) {
      if (chosen.size >= limit) break;
      if (!chosen.has(neighbour)) chosen.set(neighbour, 0);
    }
  }
  for (const [relation, score] of best) if (chosen.size < limit && !chosen.has(relation)) chosen.set(relation, score);
  return [...chosen].flatMap(([number, score]) => {
    const relation = index.relations[number];
    return relation ? [{ relation, score }] : [];
  });
}

async function buildIndex(snapshot: CatalogSnapshot): Promise<RankIndex> {
  const relations = snapshot.relations.filter((relation) => relation.kind !== 'partition' && relation.kind !== 'sequence');
  const postings = new Map<string, { relation: number; weight: number }[]>();
  const lengths: number[] = [];
  let total = 0;
  let sliceEnd = performance.now() + SLICE_MS;
  for (const [number, relation] of relations.entries()) {
    if (performance.now() > sliceEnd) {
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    let length = 0;
    for (const [word, weight] of weightedWords(relation)) {
      const list = postings.get(word);
      if (list) list.push({ relation: number, weight });
      else postings.set(word, [{ relation: number, weight }]);
      length += weight;
    }
    lengths.push(length);
    total += length;
  }
  return { relations, postings, lengths, averageLength: total / Math.max(1, lengths.length) || 1, neighbours: neighboursOf(snapshot, relations) };
}

function weightedWords(relation: Relation): Map<string, number> {
  const words = new Map<string, number>();
  const add = (text: string | null, weight: number): void => {
    for (const word of rankWords(text ?? '')) words.set(word, (words.get(word) ?? 0) + weight);
  };
  add(relation.name, weights.name);
  add(relation.comment, weights.comment);
  for (const column of relation.columns) {
    add(column.name, weights.column);
    add(column.comment, weights.columnComment);
  }
  return words;
}

function neighboursOf(snapshot: CatalogSnapshot, relations: readonly Relation[]): Map<number, number[]> {
  const numbers = new Map(relations.map((relation, number) => [`${relation.schema}\0${relation.name}`, number]));
  const neighbours = new Map<number, number[]>();
  const link = (from: number, to: number): void => {
    const known = neighbours.get(from);
    if (known) known.push(to);
    else neighbours.set(from, [to]);
  };
  for (const key of snapshot.foreignKeys) {
    const from = numbers.get(`${key.schema}\0${key.table}`);
    const to = numbers.get(`${key.refSchema}\0${key.refTable}`);
    if (from === undefined || to === undefined || from === to) continue;
    link(from, to);
    link(to, from);
  }
  return neighbours;
}

/** Words of a name or a sentence: split at camelCase, digits and signs, lower case, plural and a few endings removed. */
export function rankWords(text: string): string[] {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => (word === '' ? [] : [stem(word)]));
}

function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(ches|shes|sses|xes|zes)$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !/(ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}
