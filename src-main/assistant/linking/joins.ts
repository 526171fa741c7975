import type { SchemaIndex } from './schemaIndex';

interface Scored {
  readonly key: string;
  readonly own: number;
  readonly score: number;
}

/** The best relations between which ways are looked for, the longest way in foreign keys, and what a relation on it gets of the weaker end's score. */
const ENDS = 4;
const LONGEST_WAY = 4;
const ON_THE_WAY = 0.5;
/** The very best, whose neighbours have places of their own, and the share of places that go by score alone. */
const WITH_NEIGHBOURS = 3;
const BY_SCORE = 2 / 3;

/** Raises the relations on the shortest way of foreign keys between the best ones: a join needs them, although no word says so. */
export function withBridges(index: SchemaIndex, scored: readonly Scored[]): Scored[] {
  const ends = scored.filter(({ own }) => own > 0).sort((a, b) => b.score - a.score).slice(0, ENDS);
  const raised = new Map<string, number>();
  for (const [place, from] of ends.entries()) {
    const previous = waysFrom(index, from.key);
    for (const to of ends.slice(place + 1)) {
      const worth = ON_THE_WAY * Math.min(from.score, to.score);
      for (let step = previous.get(to.key); step !== undefined && step !== from.key; step = previous.get(step)) raised.set(step, Math.max(raised.get(step) ?? 0, worth));
    }
  }
  const known = new Set(scored.map(({ key }) => key));
  const added = [...raised].filter(([key]) => !known.has(key)).map(([key, score]) => ({ key, own: 0, score }));
  return [...scored.map((entry) => ({ ...entry, score: entry.score + (raised.get(entry.key) ?? 0) })), ...added];
}

/** For each relation within reach the one before it on the shortest way from `start`. */
function waysFrom(index: SchemaIndex, start: string): Map<string, string> {
  const previous = new Map<string, string>();
  let edge = [start];
  for (let length = 0; length < LONGEST_WAY && edge.length > 0; length += 1) {
    const next: string[] = [];
    for (const key of edge) {
      for (const neighbour of index.neighbours.get(key) ?? []) {
        if (neighbour === start || previous.has(neighbour)) continue;
        previous.set(neighbour, key);
        next.push(neighbour);
      }
    }
    edge = next;
  }
  return previous;
}

/** The first `limit`, of which the last places go to what the foreign keys of the very best lead to, where those are not among them yet. */
export function withNeighbours<T extends { readonly key: string }>(index: SchemaIndex, sorted: readonly T[], limit: number): T[] {
  const chosen = new Set(sorted.slice(0, Math.ceil(limit * BY_SCORE)));
  const wanted = new Set(sorted.slice(0, WITH_NEIGHBOURS).flatMap(({ key }) => [...(index.neighbours.get(key) ?? [])]));
  for (const entry of sorted) if (chosen.size < limit && wanted.has(entry.key)) chosen.add(entry);
  for (const entry of sorted) if (chosen.size < limit) chosen.add(entry);
  return [...chosen];
}
