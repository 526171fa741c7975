import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ImportRequest } from '../../../src-preload/contract/imports';
import type { TestDatabase } from '../../servers/postgresql';
import { median, type Figure } from '../figure';
import type { BenchProgram } from './program';

const goal = 0.5;
const rival = 'psql \\copy table FROM file CSV HEADER';
const never = new AbortController().signal;

interface Sample {
  readonly program: BenchProgram;
  readonly database: TestDatabase;
  /** A table, whose rows are the file. */
  readonly table: string;
  readonly rows: number;
  readonly runs: number;
}

/**
 * `import_ratio`: rows a second of a CSV into an existing empty table, with the plan and its check as the window makes them, against psql's
 * \copy of the same file; `import_checked_ratio`: the same where bad rows are to be skipped, so that each row goes through the stage. Runs
 * alternate; the table is emptied before each, outside of the time.
 */
export async function measureImport({ program, database, table, rows, runs }: Sample): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-bench-import-'));
  const file = path.join(folder, 'rows.csv');
  try {
    await psql(database, `\\copy ${table} TO '${file}' WITH (FORMAT csv, HEADER)`);
    await database.query(`CREATE TABLE bench_import (LIKE ${table})`);
    const request = await requestOf(program, file);
    const timed = async (work: () => Promise<void>): Promise<number> => {
      await database.query('TRUNCATE bench_import');
      const started = performance.now();
      await work();
      const milliseconds = performance.now() - started;
      const [counted] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM bench_import');
      if (counted?.n !== rows) throw new Error(`${counted?.n} rows were loaded instead of ${rows}.`);
      return milliseconds;
    };
    const [ratios, checked]: [number[], number[]] = [[], []];
    for (let run = -1; run < runs; run += 1) {
      const mine = await timed(() => load(program, request));
      const copy = await timed(() => psql(database, `\\copy bench_import FROM '${file}' WITH (FORMAT csv, HEADER)`));
      const staged = await timed(() => load(program, { ...request, onError: 'skip' }));
      // The first run warms the caches of all.
      if (run < 0) continue;
      ratios.push(copy / mine);
      checked.push(copy / staged);
    }
    const [ratio, stage] = [median(ratios), median(checked)];
    return [
      { area: 'query', figure: 'import_ratio', value: ratio, unit: 'x', rival, goal: `>=${goal}`, ok: ratio >= goal, runs },
      { area: 'query', figure: 'import_checked_ratio', value: stage, unit: 'x', rival, goal: null, ok: true, runs },
    ];
  } finally {
    await database.query('DROP TABLE IF EXISTS bench_import');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function requestOf({ imports, connectionId }: BenchProgram, file: string): Promise<ImportRequest> {
  const { source, columns } = await imports.inspect({ path: file }, never);
  return { connectionId, source, fileColumns: columns, target: { kind: 'existing', schema: 'public', table: 'bench_import' }, columns: columns.map((name, index) => ({ source: index, name, type: 'text', dateOrder: null })), mode: 'append', key: [], onError: 'stop' };
}

async function load({ imports }: BenchProgram, request: ImportRequest): Promise<void> {
  const { hash } = await imports.plan(request, never);
  const outcome = await imports.run({ request, dryRun: false, confirmedHash: hash, rejectPath: null, origin: 'command' }, never, () => undefined);
  if (!outcome.committed) throw new Error(outcome.error?.message ?? 'The import was not kept.');
}

/** A client of its own, as a person would run it; its start is part of it. */
function psql({ url }: TestDatabase, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`psql failed: ${words}`))));
  });
}
