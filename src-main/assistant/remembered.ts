import { createHash } from 'node:crypto';
import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import type { RememberedAnswer } from '../../src-preload/contract/assistant';
import type { Store } from '../store/service';
import { wrapStableData } from './boundary';
import { isStopWord, splitWords, stem } from './linking/words';
import { findRelation, qualified } from './relationNames';

/** How alike a question must be to be told: the cosine of both, their words weighed by how rare they are. */
const ALIKE = 0.35;
const MOST = 3;

/** A remembered answer that is like a question, and whether the tables that it reads look as they did. */
export interface SimilarAnswer extends RememberedAnswer {
  readonly changed: boolean;
}

/** Questions of a connection whose SQL a person confirmed. */
export interface RememberedAnswers {
  /** Remembers it once; `objects` are what the SQL reads. */
  add(entry: { connectionId: string; question: string; sql: string; objects: readonly string[] }, snapshot: CatalogSnapshot): void;
  /** Newest first; `search` is looked for in question and SQL, in any case. */
  list(query: { connectionId: string; search: string }): RememberedAnswer[];
  /** One, or with null all of the connection. */
  forget(connectionId: string, id: number | null): void;
  /** The most alike, the best first, at most three. */
  similar(connectionId: string, question: string, snapshot: CatalogSnapshot): SimilarAnswer[];
}

interface Row {
  readonly id: number;
  readonly at: string;
  readonly question: string;
  readonly sql: string;
  readonly tables: string;
  readonly schema_hash: string;
}

const shown = ({ id, at, question, sql }: Row): RememberedAnswer => ({ id, at, question, sql });

export function createRememberedAnswers(store: Store): RememberedAnswers {
  const rowsOf = (connectionId: string): Row[] => store.all<Row>('SELECT id, at, question, sql, tables, schema_hash FROM assistant_remembered WHERE connection_id = ? ORDER BY id DESC', connectionId);
  return {
    add({ connectionId, question, sql, objects }, snapshot) {
      const tables = [...new Set(objects.flatMap((object) => findRelation(snapshot, object) ?? []).map(qualified))].sort();
      store.run(
        `INSERT INTO assistant_remembered (at, connection_id, question, sql, tables, schema_hash) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (connection_id, question, sql) DO UPDATE SET at = excluded.at, tables = excluded.tables, schema_hash = excluded.schema_hash`,
        ...[new Date().toISOString(), connectionId, question, sql, JSON.stringify(tables), schemaHash(tables, snapshot)],
      );
    },
    list({ connectionId, search }) {
      const wanted = search.trim().toLowerCase();
      return rowsOf(connectionId).filter(({ question, sql }) => `${question}\n${sql}`.toLowerCase().includes(wanted)).map(shown);
    },
    forget(connectionId, id) {
      store.run('DELETE FROM assistant_remembered WHERE connection_id = ? AND (? IS NULL OR id = ?)', connectionId, id, id);
    },
    similar(connectionId, question, snapshot) {
      const rows = rowsOf(connectionId);
      return ranked(question, rows.map((row) => row.question)).flatMap((index) => {
        const row = rows[index];
        return row ? [{ ...shown(row), changed: schemaHash(JSON.parse(row.tables) as string[], snapshot) !== row.schema_hash }] : [];
      });
    },
  };
}

/** SHA-256 of the tables' columns and types; one that is gone counts as nothing. */
function schemaHash(tables: readonly string[], snapshot: CatalogSnapshot): string {
  const parts = tables.map((table) => [table, findRelation(snapshot, table)?.columns.map(({ name, type }) => [name, type]) ?? null]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function termsOf(question: string): Set<string> {
  return new Set(splitWords(question).filter((word) => !isStopWord(word)).map(stem));
}

/** Indexes of the questions that are like this one, the best first. */
function ranked(question: string, others: readonly string[]): number[] {
  const sets = others.map(termsOf);
  const wanted = termsOf(question);
  const rarity = (term: string): number => Math.log(1 + (others.length + 1) / (1 + sets.filter((set) => set.has(term)).length));
  const length = (terms: Iterable<string>): number => Math.sqrt([...terms].reduce((sum, term) => sum + rarity(term) ** 2, 0));
  const own = length(wanted);
  const scores = sets.map((set) => ([...wanted].filter((term) => set.has(term)).reduce((sum, term) => sum + rarity(term) ** 2, 0) / (own * length(set) || 1)));
  return scores.flatMap((score, index) => (score >= ALIKE ? [{ score, index }] : [])).sort((a, b) => b.score - a.score).slice(0, MOST).map(({ index }) => index);
}

/** For the model, before the question. */
export function rememberedPrompt(answers: readonly SimilarAnswer[], secret: string): string {
  const items = answers.map(({ question, sql, changed }) => `Question: ${question}\nSQL (${changed ? 'its tables have changed since: check it' : 'its tables have not changed since'}):\n${sql}`);
  return `(Note of the program: questions like the next one, whose SQL a person has confirmed. Take from it what fits; check what you take like anything else.)\n${wrapStableData(items.join('\n\n'), secret)}`;
}
