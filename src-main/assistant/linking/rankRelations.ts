import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { isSystemSchema } from '../relationNames';
import { literalTerms } from './literals';
import type { SchemaIndex } from './schemaIndex';
import { nameTerms, questionTerms, SYNONYM, type Terms } from './words';

type Relation = CatalogSnapshot['relations'][number];

export interface RankedRelation {
  readonly relation: Relation;
  /** Comparable within one ranking only. */
  readonly score: number;
  /** Its columns that the question's words point to, best first. */
  readonly columns: readonly string[];
}

/** BM25's saturation of a word that stands several times in one table. */
const K1 = 1.2;
/** What a word counts for a table of which a neighbour has it, and for one two joins away. */
const LENT = 0.55;
const LENT_TWICE = 0.3 * LENT;
/** What a word counts when some table of the same schema has it. */
const SHARED = 0.15;
/** A table with many joins is more often the middle of one. */
const JOINED = 0.05;
/** The server's own views are rarely meant, but may be. */
const OF_SERVER = 0.5;
/** A word inside a longer one, one that looks like an abbreviation of it, and one that is nearly it. */
const PART = 0.2;
const ABBREVIATION = 0.5;
const SIMILAR = 0.6;
/** Best matches whose neighbours are looked at, neighbours of one table, and tables that are weighed in all: what bounds the time. */
const SEEDS = 60;
const NEIGHBOURS = 60;
const CANDIDATES = 300;

/** For one word of the question, what it counts for each slot. */
type Scores = Float64Array;

/**
 * The tables that a question is about, best first, at most `limit`. A word counts for a table by BM25F, at its best synonym. A join
 * needs tables that no word names, and of two tables called alike that one is meant whose neighbours have the question's other words:
 * so a word that only a neighbour has counts as well, damped by each join on the way.
 */
export function rankRelations(index: SchemaIndex, question: string, limit: number): RankedRelation[] {
  const groups = [...[...questionTerms(question).values()].map((terms) => withNearTerms(index, terms)), ...literalTerms(question)];
  const words = groups.map((terms) => scoresOf(index, terms)).filter((scores) => scores !== null);
  const own = sumOf(words, index.capacity);
  const near = new Map<number, readonly number[]>();
  const neighbours = (slot: number): readonly number[] => {
    const known = near.get(slot) ?? index.neighbours(slot, NEIGHBOURS);
    near.set(slot, known);
    return known;
  };
  const candidates = new Set(best(own, Math.max(SEEDS, limit)));
  for (let joins = 0; joins < 2; joins++) for (const slot of [...candidates]) for (const other of neighbours(slot)) if (candidates.size < CANDIDATES) candidates.add(other);
  const bySchema = schemaScores(index, words);
  const lent = new Map([...candidates].map((slot) => [slot, words.map((scores) => highest(neighbours(slot), (other) => scores[other] ?? 0))]));
  const score = (slot: number): number => {
    const wordScore = (scores: Scores, word: number): number =>
      Math.max(scores[slot] ?? 0, LENT * (lent.get(slot)?.[word] ?? 0), LENT_TWICE * highest(neighbours(slot), (other) => lent.get(other)?.[word] ?? 0));
    const sum = words.reduce((total, scores, word) => total + wordScore(scores, word), 0);
    const ofServer = isSystemSchema(index.relation(slot)?.schema ?? '') ? OF_SERVER : 1;
    return ofServer * (sum + SHARED * (bySchema[index.schemaOf(slot)] ?? 0)) * (1 + JOINED * Math.log(1 + neighbours(slot).length));
  };
  return [...candidates]
    .map((slot) => [slot, score(slot)] as const)
    .sort(([slotA, a], [slotB, b]) => b - a || slotA - slotB)
    .slice(0, limit)
    .flatMap(([slot, total]) => {
      const relation = index.relation(slot);
      return relation ? [{ relation, score: total, columns: matchingColumns(relation, groups) }] : [];
    });
}

/** Adds terms of the index that contain the word; if it is not there itself, also those that look like an abbreviation or a slip of either. */
function withNearTerms(index: SchemaIndex, terms: Terms): Terms {
  const all = new Map(terms);
  const add = (near: readonly string[], weight: number): void => near.forEach((term) => void (all.has(term) || all.set(term, weight)));
  const known = [...terms].some(([term, weight]) => weight > SYNONYM && index.posting(term) !== undefined);
  for (const [term, weight] of terms) {
    if (weight !== 1) continue;
    add(index.vocabulary.compounds(term), PART);
    if (known) continue;
    add(index.vocabulary.abbreviations(term), ABBREVIATION);
    add(index.vocabulary.longForms(term), ABBREVIATION);
    add(index.vocabulary.similar(term), SIMILAR);
  }
  return all;
}

/** Null when no table has any of the terms. */
function scoresOf(index: SchemaIndex, terms: Terms): Scores | null {
  let scores: Scores | null = null;
  for (const [term, weight] of terms) {
    const posting = index.posting(term);
    if (!posting) continue;
    scores ??= new Float64Array(index.capacity);
    const { slots, weights } = posting;
    const rarity = Math.log(1 + (index.size - slots.length + 0.5) / (slots.length + 0.5));
    for (let place = 0; place < slots.length; place++) {
      const slot = slots[place] ?? 0;
      const frequency = weights[place] ?? 0;
      const score = (weight * rarity * frequency * (K1 + 1)) / (frequency + K1);
      if (score > (scores[slot] ?? 0)) scores[slot] = score;
    }
  }
  return scores;
}

function sumOf(words: readonly Scores[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const scores of words) for (let slot = 0; slot < length; slot++) sum[slot] = (sum[slot] ?? 0) + (scores[slot] ?? 0);
  return sum;
}

/** The slots with the highest scores above 0, best first, at most `count`; one pass, because nearly all slots are none of them. */
function best(scores: Float64Array, count: number): number[] {
  const found: number[] = [];
  const scoreAt = (place: number): number => scores[found[place] ?? -1] ?? 0;
  for (let slot = 0; slot < scores.length; slot++) {
    const score = scores[slot] ?? 0;
    if (score <= 0 || (found.length === count && score <= scoreAt(count - 1))) continue;
    let place = found.length;
    while (place > 0 && scoreAt(place - 1) < score) place -= 1;
    found.splice(place, 0, slot);
    if (found.length > count) found.pop();
  }
  return found;
}

/** For each schema how much of the question its tables have together; nothing when there is one schema only. */
function schemaScores(index: SchemaIndex, words: readonly Scores[]): Float64Array {
  const total = new Float64Array(index.schemaCount);
  if (index.schemaCount < 2) return total;
  for (const scores of words) {
    const most = new Float64Array(index.schemaCount);
    for (let slot = 0; slot < scores.length; slot++) {
      const score = scores[slot] ?? 0;
      if (score === 0) continue;
      const schema = index.schemaOf(slot);
      if (score > (most[schema] ?? 0)) most[schema] = score;
    }
    for (let schema = 0; schema < total.length; schema++) total[schema] = (total[schema] ?? 0) + (most[schema] ?? 0);
  }
  return total;
}

function highest(slots: readonly number[], score: (slot: number) => number): number {
  let found = 0;
  for (const slot of slots) found = Math.max(found, score(slot));
  return found;
}

function matchingColumns(relation: Relation, groups: readonly Terms[]): string[] {
  const scored = relation.columns.map(({ name, comment }) => {
    const inName = new Set(nameTerms(name));
    const inComment = new Set(comment === null ? [] : nameTerms(comment));
    const weigh = (terms: Terms): number => Math.max(0, ...[...terms].map(([term, weight]) => (inName.has(term) ? weight : inComment.has(term) ? weight / 2 : 0)));
    return { name, score: groups.reduce((sum, terms) => sum + weigh(terms), 0) / Math.sqrt(Math.max(1, inName.size)) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);
}
