import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { createLinking } from '../../../src-main/assistant/linking/linking';
import { median, type Figure } from '../figure';
import { birdQuestions, pooled, readSchemas, spiderQuestions, type LinkingQuestion } from './linkingSets';

const goals = { spider: 95, bird: 90, rank: 20 };

/** Where the sets are: the folder that AI_SHELL_BENCH_DATA names, else the one beside the checkout. */
const dataFolder = (): string => process.env.AI_SHELL_BENCH_DATA ?? path.join(process.cwd(), '..', 'shared', 'data');

/**
 * How well tables are found without a model: `spider_strict_pct`, questions of Spider's dev set whose tables are all among the first 12 of
 * all its databases pooled; `bird_strict5_pct`, the same of BIRD's dev set among the first 5 of the question's own database, without
 * evidence; `rank_ms_10k_tables`, milliseconds for Spider's questions, or made-up ones, over 10,000 tables whose index is warm.
 */
export async function measureLinking(options: { quick: boolean }): Promise<Figure[]> {
  const folder = dataFolder();
  return [
    await strict(folder, { figure: 'spider_strict_pct', goal: goals.spider, limit: 12, file: 'spider_tables.json', pool: true, questions: spiderQuestions }, options.quick),
    await strict(folder, { figure: 'bird_strict5_pct', goal: goals.bird, limit: 5, file: 'bird_dev_tables.json', pool: false, questions: birdQuestions }, options.quick),
    await rankTime(options.quick),
  ];
}

interface StrictSet {
  readonly figure: string;
  readonly goal: number;
  readonly limit: number;
  readonly file: string;
  /** Whether all databases are one. */
  readonly pool: boolean;
  readonly questions: (folder: string) => LinkingQuestion[];
}

async function strict(folder: string, { figure, goal, limit, file, pool, questions }: StrictSet, quick: boolean): Promise<Figure> {
  const shape = { area: 'assistant', figure, unit: '%', rival: null, goal: `>=${goal}` };
  if (!existsSync(path.join(folder, 'schema_linking', file))) return { ...shape, value: null, ok: false, runs: 0, reason: `there is no schema_linking/${file} in ${folder}; name its folder by AI_SHELL_BENCH_DATA` };
  const schemas = readSchemas(folder, file);
  const all = pooled(schemas.values());
  const linking = createLinking();
  const asked = questions(folder).filter((_question, number) => !quick || number % 5 === 0);
  let found = 0;
  for (const { database, question, gold } of asked) {
    const snapshot = pool ? all : schemas.get(database);
    if (!snapshot) throw new Error(`${file} has no database ${database}`);
    const ranked = await linking.rank(pool ? 'all' : database, snapshot, question, limit);
    const names = new Set(ranked.map(({ relation }) => `${relation.schema}.${relation.name}`));
    if (gold.every((table) => names.has(`${database}.${table}`))) found += 1;
  }
  const value = (100 * found) / asked.length;
  return { ...shape, value, ok: value >= goal, runs: asked.length };
}

async function rankTime(quick: boolean): Promise<Figure> {
  const snapshot = manyTables(10_000);
  const linking = createLinking();
  const questions = ['Which customers ordered the most in the last year?', 'Average shipment delay for each warehouse and month', 'Invoices that were not paid although their contract has ended', 'How many devices of an account have an open ticket?', 'name and status of every user'];
  await linking.rank('many', snapshot, 'warm', 12);
  const times: number[] = [];
  for (let run = 0; run < (quick ? 4 : 20); run += 1) {
    for (const question of questions) {
      const started = performance.now();
      await linking.rank('many', snapshot, question, 12);
      times.push(performance.now() - started);
    }
  }
  const value = median(times);
  return { area: 'assistant', figure: 'rank_ms_10k_tables', value, unit: 'ms', rival: null, goal: `<=${goals.rank}`, ok: value <= goals.rank, runs: times.length };
}

/** Tables of 12 columns whose words come from one vocabulary, as in a real schema: common words are in thousands of them. */
function manyTables(count: number): CatalogSnapshot {
  const words = 'order stock user invoice shipment account device ticket contract payment customer warehouse product price status note link limit history line header audit archive name code type month year region country city store employee team project task event message file report'.split(' ');
  const word = (number: number): string => words[number % words.length] ?? '';
  const nameOf = (number: number): string => `${word(number)}_${word(Math.floor(number / words.length) + number * 3)}_${number}`;
  return {
    searchPath: ['big'],
    schemas: ['big'],
    relations: Array.from({ length: count }, (_table, number) => ({
      schema: 'big',
      name: nameOf(number),
      kind: 'table',
      comment: number % 4 === 0 ? `every ${word(number * 11)} of a ${word(number * 5)}` : null,
      rows: null,
      columns: ['id', 'name', 'created_at', ...Array.from({ length: 9 }, (_column, place) => `${word(number * 7 + place * 3)}_${word(number + place)}`)].map((name) => ({ name, type: 'text', nullable: true, comment: null })),
      primaryKey: ['id'],
    })),
    foreignKeys: Array.from({ length: count - 1 }, (_key, number) => ({ schema: 'big', table: nameOf(number + 1), columns: ['id'], refSchema: 'big', refTable: nameOf(Math.floor(number / 4)), refColumns: ['id'] })),
    functions: [],
    enums: [],
  };
}
