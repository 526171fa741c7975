import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { columnPlace, type ColumnValues } from './columnValues';
import { joinKeys, type ForeignKey, type JoinKeys } from './joins';
import { Vocabulary } from './vocabulary';
import { nameTerms } from './words';

type Relation = CatalogSnapshot['relations'][number];

/** How much a word counts by where it stands, and how many words such a place usually has (BM25F's average lengths, held constant). */
const fields = {
  name: { weight: 3, length: 2, b: 0.4 },
  column: { weight: 1, length: 10, b: 0.2 },
  schema: { weight: 0.4, length: 2, b: 0.3 },
  comment: { weight: 0.6, length: 12, b: 0.6 },
  columnComment: { weight: 0.3, length: 40, b: 0.6 },
  value: { weight: 0.5, length: 40, b: 0.6 },
};
type Field = keyof typeof fields;

/** Milliseconds of work before others get their turn. */
const SLICE_MS = 8;
/** Characters of one comment or value, columns of one table and values of one column that are read: what a table may cost is bounded. */
const TEXT_CHARS = 400;
const COLUMNS = 1_600;
const VALUES = 30;

interface Entry extends JoinKeys {
  /** As it stands in the newest snapshot: what the hash leaves out may differ. */
  relation: Relation;
  readonly hash: string;
  readonly terms: readonly string[];
  readonly schema: number;
}

/** The tables that have a term, and how much: two arrays of one length. */
export interface Posting {
  readonly slots: number[];
  readonly weights: number[];
}

/**
 * An inverted index of tables that follows the schema table by table: each table's part is made from that table alone and
 * replaced when its hash changes, so one changed table costs one table. The weights are those of BM25F (Robertson, Zaragoza and
 * Taylor, 2004) with constant instead of average field lengths, which is what lets tables come and go alone. Its size is
 * bounded by the snapshot's: names, the first words of comments, and `VALUES` values a column.
 */
export class SchemaIndex {
  private readonly entries: (Entry | null)[] = [];
  private readonly free: number[] = [];
  private readonly slots = new Map<string, number>();
  private readonly postings = new Map<string, Posting>();
  /** The terms of all tables. */
  readonly vocabulary = new Vocabulary();
  private readonly owners = new Map<string, number[]>();
  private readonly referrers = new Map<string, number[]>();
  private readonly schemas = new Map<string, number>();

  /** Tables in the index. */
  get size(): number {
    return this.slots.size;
  }

  /** One more than the highest slot. */
  get capacity(): number {
    return this.entries.length;
  }

  /** One more than the highest `schemaOf`. */
  get schemaCount(): number {
    return this.schemas.size;
  }

  /**
   * Makes the index agree with the snapshot and gives the number of tables that were read anew. Partitions and sequences are
   * left out. Not to be called while another update runs.
   */
  async update(snapshot: CatalogSnapshot, values: ColumnValues): Promise<number> {
    const keys = keysByTable(snapshot.foreignKeys);
    const seen = new Set<string>();
    let changed = 0;
    let sliceEnd = performance.now() + SLICE_MS;
    for (const relation of snapshot.relations) {
      if (performance.now() > sliceEnd) {
        await nextTurn();
        sliceEnd = performance.now() + SLICE_MS;
      }
      if (relation.kind === 'partition' || relation.kind === 'sequence') continue;
      const place = tablePlace(relation.schema, relation.name);
      seen.add(place);
      if (this.put(place, relation, keys.get(place) ?? [], values)) changed += 1;
    }
    for (const [place, slot] of this.slots) if (!seen.has(place)) this.remove(place, slot);
    return changed;
  }

  relation(slot: number): Relation | null {
    return this.entries[slot]?.relation ?? null;
  }

  schemaOf(slot: number): number {
    return this.entries[slot]?.schema ?? 0;
  }

  posting(term: string): Posting | undefined {
    return this.postings.get(term);
  }

  /** Tables that this one's keys lead to, or whose keys lead here, at most `most`; a key that more than `most` share says nothing and is left out. */
  neighbours(slot: number, most: number): readonly number[] {
    const entry = this.entries[slot];
    const found = new Set<number>();
    const add = (slots: readonly number[] | undefined): void => {
      if (slots && slots.length <= most) for (const other of slots) if (other !== slot) found.add(other);
    };
    for (const key of entry?.refers ?? []) add(this.owners.get(key));
    for (const key of entry?.owns ?? []) add(this.referrers.get(key));
    return [...found].slice(0, most);
  }

  private put(place: string, relation: Relation, foreignKeys: readonly ForeignKey[], values: ColumnValues): boolean {
    const valuesOf = relation.columns.map((column) => (values.get(columnPlace(relation, column.name)) ?? []).slice(0, VALUES));
    const hash = hashOf(relation, foreignKeys, valuesOf);
    const known = this.slots.get(place);
    const entry = known === undefined ? null : this.entries[known];
    if (entry?.hash === hash) {
      entry.relation = relation;
      return false;
    }
    if (known !== undefined) this.remove(place, known);
    const slot = this.free.pop() ?? this.entries.length;
    const words = weightedTerms(relation, valuesOf.flat());
    const joins = joinKeys(relation, foreignKeys);
    this.entries[slot] = { relation, hash, terms: [...words.keys()], schema: this.schemaNumber(relation.schema), ...joins };
    this.slots.set(place, slot);
    for (const [term, weight] of words) this.addPosting(term, slot, weight);
    for (const owned of joins.owns) addTo(this.owners, owned, slot);
    for (const referred of joins.refers) addTo(this.referrers, referred, slot);
    return true;
  }

  private addPosting(term: string, slot: number, weight: number): void {
    const posting = this.postings.get(term);
    if (posting) {
      posting.slots.push(slot);
      posting.weights.push(weight);
      return;
    }
    this.postings.set(term, { slots: [slot], weights: [weight] });
    this.vocabulary.add(term);
  }

  private remove(place: string, slot: number): void {
    const entry = this.entries[slot];
    this.slots.delete(place);
    this.entries[slot] = null;
    this.free.push(slot);
    for (const term of entry?.terms ?? []) {
      const posting = this.postings.get(term);
      const index = posting?.slots.indexOf(slot) ?? -1;
      if (!posting || index < 0) continue;
      posting.slots.splice(index, 1);
      posting.weights.splice(index, 1);
      if (posting.slots.length > 0) continue;
      this.postings.delete(term);
      this.vocabulary.remove(term);
    }
    for (const owned of entry?.owns ?? []) dropFrom(this.owners, owned, slot);
    for (const referred of entry?.refers ?? []) dropFrom(this.referrers, referred, slot);
  }

  private schemaNumber(schema: string): number {
    const known = this.schemas.get(schema) ?? this.schemas.size;
    this.schemas.set(schema, known);
    return known;
  }
}

function weightedTerms(relation: Relation, values: readonly string[]): Map<string, number> {
  const columns = relation.columns.slice(0, COLUMNS);
  const words = new Map<string, number>();
  const read = (field: Field, texts: readonly (string | null)[]): void => {
    const found = texts.flatMap((text) => (text === null ? [] : nameTerms(text.slice(0, TEXT_CHARS))));
    const { weight, length, b } = fields[field];
    const each = weight / (1 - b + (b * found.length) / length);
    for (const word of found) words.set(word, (words.get(word) ?? 0) + each);
  };
  read('name', [relation.name]);
  read('schema', [relation.schema]);
  read('comment', [relation.comment]);
  read('column', columns.map((column) => column.name));
  read('columnComment', columns.map((column) => column.comment));
  read('value', values);
  return words;
}

function keysByTable(foreignKeys: readonly ForeignKey[]): Map<string, ForeignKey[]> {
  const keys = new Map<string, ForeignKey[]>();
  for (const key of foreignKeys) {
    const place = tablePlace(key.schema, key.table);
    const known = keys.get(place);
    if (known) known.push(key);
    else keys.set(place, [key]);
  }
  return keys;
}

/** Of all that the index reads. */
function hashOf(relation: Relation, foreignKeys: readonly ForeignKey[], values: readonly (readonly string[])[]): string {
  const columns = relation.columns.map(({ name, comment }) => [name, comment]);
  const keys = foreignKeys.map((key) => [key.columns, key.refSchema, key.refTable]);
  return createHash('sha1').update(JSON.stringify([relation.comment, relation.primaryKey, columns, keys, values])).digest('base64');
}

function tablePlace(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

function addTo(map: Map<string, number[]>, key: string, slot: number): void {
  const known = map.get(key);
  if (known) known.push(slot);
  else map.set(key, [slot]);
}

function dropFrom(map: Map<string, number[]>, key: string, slot: number): void {
  const left = (map.get(key) ?? []).filter((other) => other !== slot);
  if (left.length > 0) map.set(key, left);
  else map.delete(key);
}
