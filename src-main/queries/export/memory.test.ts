import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportSpec } from '../../../src-preload/contract/exportSpec';
import type { Column } from '../../../src-preload/contract/queries';
import { encodeRows } from '../../drivers/rows';
import { createResultStore, type ResultStore } from '../results/resultStore';
import { exportFile } from './exportFile';

/** By hand, `EXPORT_TEST_MB=5000` looks at a result of 5 GB. */
const megabytes = Number(process.env.EXPORT_TEST_MB ?? 300);
const never = new AbortController().signal;
const column = (name: string, type: string, family: Column['family']): Column => ({ name, type, family, source: null });
const columns = [column('id', 'bigint', 'number'), column('at', 'timestamp without time zone', 'datetime'), column('text', 'text', 'text')];

let folder: string;
let store: ResultStore;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'memory-'));
  store = createResultStore({ folder: path.join(folder, 'results') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function filled(bytes: number): Promise<string> {
  const writer = store.create(columns);
  const text = 'x"y,'.repeat(50);
  while (writer.bytes < bytes) {
    const from = writer.rows;
    await writer.append(encodeRows(Array.from({ length: 4000 }, (_, n) => [String(from + n), '2024-01-01 12:00:00.5', `${from + n} ${text}`])));
  }
  await writer.finish();
  return writer.resultId;
}

// DuckDB may use what its limit allows (256 MB) however large the result is; the other formats hold a few buffers.
it.each([
  ['csv', 1, 80],
  ['copy', 1, 80],
  ['xlsx', 0.3, 80],
  ['parquet', 0.5, 560],
] as const)('%s: memory does not grow with the result', async (format, share, most) => {
  const resultId = await filled(megabytes * share * 1e6);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const target = path.join(folder, `out.${format}`);
  const { rows } = await exportFile(store, { resultId, viewId: null }, { columns: null, rows: null }, { spec: exportSpec.parse({ format }), gzip: false, target }, { signal: never });
  clearInterval(watch);
  process.stdout.write(`${format}: ${rows} rows, ${Math.round(statSync(target).size / 1e6)} MB, memory grew by ${Math.round((peak - before) / 1e6)} MB\n`);
  expect((peak - before) / 1e6).toBeLessThan(most);
  expect(readdirSync(folder).sort()).toEqual([`out.${format}`, 'results']);
}, Math.max(240_000, megabytes * 500));
