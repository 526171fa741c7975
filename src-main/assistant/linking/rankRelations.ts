import { meaningsOf } from './meanings';
import { withBridges, withNeighbours } from './joins';
import type { IndexedRelation, Relation, SchemaIndex } from './schemaIndex';
import { joinedWords, questionWords, wordsOf } from './words';

export interface RankedRelation {
  readonly relation: Relation;
  /** By its own words; 0 for relations that are there because of those around them. */
  readonly score: number;
  /** Columns whose name or comment has a word of the question, in the table's order. */
  readonly columns: readonly string[];
}

/** BM25's saturation. */
const K1 = 1.2;
/** What a word counts that stands one foreign key away, and elsewhere in a small schema. */
const ONE_KEY_AWAY = 0.5;
const SAME_SCHEMA = 0.35;
/** How much of its own part of a word a relation loses of what surrounds it: what it has itself needs no surroundings. */
const OWN_INSTEAD = 0.35;
/** A schema of at most so many relations is taken as one subject. */
const SMALL_SCHEMA = 40;
/** What a name that the question says whole adds. */
const NAME_SAID = 0.5;
/** How much relations count that many foreign keys lead to. */
const HUB = 0.1;
/** The best relations by their own words, of which also the surroundings are looked at. */
const LOOKED_AT = 400;
const SURROUNDINGS_LOOKED_AT = 60;

/**
 * The relations that a question is about, best first, at most `limit`, without a model: BM25F over names, columns and comments, with
 * synonyms, abbreviations and typing mistakes at a discount; each relation also counts the words that it lacks but that its foreign keys
 * or its small schema have, since the tables of a subject belong together; then what joins the best ones is raised.
 */
export function rankRelations(index: SchemaIndex, question: string, limit: number): RankedRelation[] {
  const terms = termsOf(index, question);
  const own = ownScores(index, terms);
  const bySchema = bestBySchema(index, own, terms.length);
  const scored = [...candidatesOf(index, own)].map((key) => {
    const mine = own.get(key);
    const words = (mine?.total ?? 0) * (1 + NAME_SAID * nameSaid(index.relations.get(key), terms)) + aroundOf(index, key, own, bySchema, terms.length);
    return { key, own: mine?.total ?? 0, score: words * (1 + HUB * Math.log1p(index.neighbours.get(key)?.size ?? 0)) };
  });
  const sorted = withBridges(index, scored).sort((a, b) => b.score - a.score || b.own - a.own || (a.key < b.key ? -1 : 1));
  return withNeighbours(index, sorted, limit).flatMap(({ key, own: score }) => {
    const entry = index.relations.get(key);
    return entry ? [{ relation: entry.relation, score, columns: matchingColumns(entry.relation, terms) }] : [];
  });
}

/** Words of the index that one word of the question may mean, each with how much it counts, at most 1. */
type Term = ReadonlyMap<string, number>;

function termsOf(index: SchemaIndex, question: string): Term[] {
  const all = wordsOf(question);
  const words = questionWords(question);
  const pairs = joinedWords(question).filter((pair) => index.postings.has(pair));
  return [...new Set([...(words.length > 0 ? words : all), ...pairs])].map((stem) => meaningsOf(index, stem)).filter(({ size }) => size > 0);
}

interface Own {
  readonly byTerm: number[];
  total: number;
}

/** Rare words first: once enough relations are found, the common words, which thousands have, only add to those. */
function ownScores(index: SchemaIndex, terms: readonly Term[]): Map<string, Own> {
  const scores = new Map<string, Own>();
  const frequency = (meanings: Term): number => [...meanings.keys()].reduce((sum, word) => sum + (index.postings.get(word)?.size ?? 0), 0);
  const rareFirst = [...terms.entries()].map(([number, meanings]) => ({ number, meanings, frequency: frequency(meanings) })).sort((a, b) => a.frequency - b.frequency);
  for (const { number, meanings, frequency: found } of rareFirst) {
    const weights = scores.size >= LOOKED_AT ? weightsOf(index, meanings, scores.keys()) : weightsOf(index, meanings);
    const having = Math.min(Math.max(found, weights.size), index.relations.size);
    const rarity = Math.log(1 + (index.relations.size - having + 0.5) / (having + 0.5));
    for (const [key, weight] of weights) {
      let entry = scores.get(key);
      if (!entry) scores.set(key, (entry = { byTerm: new Array<number>(terms.length).fill(0), total: 0 }));
      entry.byTerm[number] = rarity * weight;
      entry.total += rarity * weight;
    }
  }
  return scores;
}

/** What a term counts in each relation that has one of its words, or in these relations. */
function weightsOf(index: SchemaIndex, meanings: Term, among?: Iterable<string>): Map<string, number> {
  const weights = new Map<string, number>();
  const offer = (key: string, weight: number, factor: number): void => {
    const saturated = (factor * weight * (K1 + 1)) / (weight + K1);
    if (saturated > (weights.get(key) ?? 0)) weights.set(key, saturated);
  };
  const keys = among ? [...among] : null;
  for (const [word, factor] of meanings) {
    const postings = index.postings.get(word) ?? new Map<string, number>();
    if (keys) for (const key of keys) offer(key, postings.get(key) ?? 0, factor);
    else for (const [key, weight] of postings) offer(key, weight, factor);
  }
  return weights;
}

function candidatesOf(index: SchemaIndex, own: ReadonlyMap<string, Own>): Set<string> {
  const best = [...own].sort(([, a], [, b]) => b.total - a.total).slice(0, LOOKED_AT);
  const candidates = new Set(best.map(([key]) => key));
  for (const [key] of best.slice(0, SURROUNDINGS_LOOKED_AT)) {
    for (const neighbour of index.neighbours.get(key) ?? []) candidates.add(neighbour);
    for (const other of smallSchema(index, key)) candidates.add(other);
  }
  return candidates;
}

function smallSchema(index: SchemaIndex, key: string): ReadonlySet<string> {
  const relations = index.bySchema.get(index.relations.get(key)?.relation.schema ?? '');
  return relations && relations.size <= SMALL_SCHEMA ? relations : new Set();
}

/** For each small schema what each term counts at most in it. */
function bestBySchema(index: SchemaIndex, own: ReadonlyMap<string, Own>, terms: number): Map<string, number[]> {
  const best = new Map<string, number[]>();
  for (const [key, { byTerm }] of own) {
    const schema = index.relations.get(key)?.relation.schema ?? '';
    if (smallSchema(index, key).size === 0) continue;
    let entry = best.get(schema);
    if (!entry) best.set(schema, (entry = new Array<number>(terms).fill(0)));
    raise(entry, byTerm, 1);
  }
  return best;
}

/** What the surroundings of a relation add: each word where it counts most, less what the relation has of it itself. */
function aroundOf(index: SchemaIndex, key: string, own: ReadonlyMap<string, Own>, bySchema: ReadonlyMap<string, number[]>, terms: number): number {
  const around = new Array<number>(terms).fill(0);
  for (const neighbour of index.neighbours.get(key) ?? []) raise(around, own.get(neighbour)?.byTerm ?? [], ONE_KEY_AWAY);
  raise(around, bySchema.get(index.relations.get(key)?.relation.schema ?? '') ?? [], SAME_SCHEMA);
  const mine = own.get(key)?.byTerm;
  return around.reduce((sum, value, term) => sum + Math.max(0, value - OWN_INSTEAD * (mine?.[term] ?? 0)), 0);
}

function raise(values: number[], others: readonly number[], factor: number): void {
  for (const [place, other] of others.entries()) values[place] = Math.max(values[place] ?? 0, factor * other);
}

/** How much of the relation's name the question says, 0 to 1. */
function nameSaid(entry: IndexedRelation | undefined, terms: readonly Term[]): number {
  if (!entry || entry.name.length === 0) return 0;
  return entry.name.filter((word) => terms.some((meanings) => meanings.get(word) === 1)).length / entry.name.length;
}

function matchingColumns(relation: Relation, terms: readonly Term[]): string[] {
  return relation.columns.filter(({ name, comment }) => [...wordsOf(name), ...wordsOf(comment ?? '')].some((word) => terms.some((meanings) => meanings.has(word)))).map(({ name }) => name);
}
