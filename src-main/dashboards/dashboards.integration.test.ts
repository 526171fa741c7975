import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { realNeighbours } from '../../e2e/assistant/realServer';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { Tile } from '../../src-preload/contract/dashboards';
import { createSecretsService } from '../secrets/secrets';
import { openWorkspace } from '../workspace/workspace';
import type { Workspace } from '../workspace/service';
import { createDashboardsService, type DashboardsDependencies, type DashboardsService } from './service';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-dashboards-'));
const never = new AbortController().signal;
let database: TestDatabase;
let closeReal: () => Promise<void>;
let workspace: Workspace;
let dependencies: DashboardsDependencies;
let dashboards: DashboardsService;
let connectionId: string;

beforeAll(async () => {
  database = await testDatabase();
  await database.query('CREATE TABLE sales AS SELECT n AS id, (ARRAY[\'a\',\'b\',\'c\'])[1 + n % 3] AS shop, n * 2 AS revenue FROM generate_series(1, 30) n');
  const secrets = createSecretsService({ folder, keychain: { probe: async () => ({ available: false, reason: 'none' }), get: async () => null, set: async () => undefined, delete: async () => undefined } });
  await secrets.choose('memory');
  const real = realNeighbours(database);
  closeReal = real.close;
  const found = await real.neighbours(folder, secrets);
  if (!found.connections || !found.guard || !found.results || !found.charts) throw new Error('not all neighbours are there');
  workspace = openWorkspace(path.join(folder, 'workspace'));
  dependencies = { workspace, connections: found.connections, guard: found.guard, results: found.results, charts: found.charts };
  dashboards = createDashboardsService(dependencies);
  connectionId = (await found.connections.list())[0]?.id ?? '';
}, 60_000);
afterAll(async () => {
  await dashboards.close();
  workspace.close();
  await closeReal();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const tile = (id: string, sql: string, more: Partial<Tile> = {}): Tile => ({ id, title: id, connectionId, sql, view: { kind: 'table' }, place: { x: 0, y: 0, w: 6, h: 4 }, ...more });
const fileOf = (id: string): string => path.join(folder, 'workspace', 'dashboards', `${id}.yaml`);

it('keeps edits in a file with a person’s comments, takes them back beside what was changed outside, and does them again', async () => {
  const changed = vi.fn();
  const stop = dashboards.onChange(changed);
  const { id } = await dashboards.create('Shop at a glance', [tile('one', 'select 1')]);
  expect(id).toMatch(/^shop-at-a-glance-[0-9a-f]{6}$/);
  writeFileSync(fileOf(id), `# read each morning\n${readFileSync(fileOf(id), 'utf8')}`);
  await dashboards.edit(id, [{ kind: 'add', tile: tile('two', 'select 2') }, { kind: 'interval', seconds: 30 }]);
  await dashboards.edit(id, [{ kind: 'change', id: 'one', change: { title: 'First' } }]);
  expect(readFileSync(fileOf(id), 'utf8')).toMatch(/^# read each morning/);
  writeFileSync(fileOf(id), readFileSync(fileOf(id), 'utf8').replace('name: Shop at a glance', 'name: Changed outside'));
  expect(await dashboards.undo(id)).toMatchObject({ redo: true, dashboard: { name: 'Changed outside', tiles: [{ title: 'one' }, { id: 'two' }] } });
  expect(await dashboards.undo(id)).toMatchObject({ undo: false, dashboard: { refreshSeconds: 0, tiles: [{ id: 'one' }] } });
  await dashboards.redo(id);
  expect(await dashboards.redo(id)).toMatchObject({ redo: false, dashboard: { refreshSeconds: 30, tiles: [{ title: 'First' }, { id: 'two' }] } });
  await expect(dashboards.redo(id)).rejects.toMatchObject({ data: { code: 'bad_input' } });
  expect(changed).toHaveBeenCalledWith(id);
  stop();
});

it('duplicates, removes and brings back, exports, and lists the others beside a file that cannot be used', async () => {
  const { id } = await dashboards.create('Night watch', [tile('one', 'select 1')]);
  const copy = await dashboards.duplicate(id);
  expect(copy.dashboard.name).toBe('Night watch (copy)');
  const text = readFileSync(fileOf(id), 'utf8');
  await dashboards.remove(id);
  await expect(dashboards.read(id)).rejects.toMatchObject({ data: { code: 'not_found' } });
  await dashboards.restore(id);
  expect(readFileSync(fileOf(id), 'utf8')).toBe(text);
  await dashboards.exportYaml(id, path.join(folder, 'out.yaml'));
  expect(readFileSync(path.join(folder, 'out.yaml'), 'utf8')).toBe(text);
  writeFileSync(fileOf('broken'), 'name: x\ntiles:\n  - {id: a, title: a, connectionId: c, sql: s}\n  - {id: a, title: b, connectionId: c, sql: s}\n');
  const { dashboards: found, problems } = await dashboards.list();
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['Night watch', 'Night watch (copy)']));
  expect(problems.join()).toContain('Two tiles have the same id');
  rmSync(fileOf('broken'));
  for (const hostile of ['../connections', 'a/b', '..']) await expect(dashboards.read(hostile)).rejects.toMatchObject({ data: { code: 'not_found' } });
  expect(readdirSync(path.dirname(fileOf(id))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('reads tiles in the read-only lane, few at a time, and shows what fits the rows', async () => {
  const bars = { kind: 'chart' as const, chart: { kind: 'bar' as const, x: 'shop', y: ['revenue'], series: null, aggregate: 'sum' as const } };
  const { id } = await dashboards.create('Tiles', [
    tile('good', 'SELECT shop, sum(revenue) AS revenue FROM sales GROUP BY shop', { view: bars }),
    tile('drifted', 'SELECT shop, sum(revenue) AS turnover FROM sales GROUP BY shop', { view: bars }),
    tile('free', 'SELECT count(*) AS sales FROM sales', { view: null }),
    tile('long', 'SELECT n FROM generate_series(1, 20000) n'),
    tile('write', 'DELETE FROM sales RETURNING id'),
    tile('wrong', 'SELECT * FROM nowhere'),
    tile('who', "SELECT count(*) AS sessions FROM pg_stat_activity WHERE application_name = 'ai-shell dashboard'", { view: { kind: 'number', column: 'sessions' } }),
  ]);
  const read = (tileId: string) => dashboards.readTile(id, tileId, never);
  expect(await read('good')).toMatchObject({ rows: 3, view: bars, note: null, truncated: false });
  expect(await read('drifted')).toMatchObject({ view: { kind: 'chart', chart: { y: ['turnover'] } }, note: expect.stringContaining('There is no column revenue.') as string });
  expect(await read('free')).toMatchObject({ view: { kind: 'number', column: 'sales' }, note: null });
  expect(await read('long')).toMatchObject({ rows: 10_000, truncated: true });
  await expect(read('write')).rejects.toMatchObject({ data: { code: 'refused' } });
  await expect(read('wrong')).rejects.toMatchObject({ data: { code: 'server_error', serverCode: '42P01' } });
  await expect(read('gone')).rejects.toMatchObject({ data: { code: 'not_found' } });
  const all = await Promise.all(Array.from({ length: 6 }, () => read('who')));
  for (const { resultId } of all) {
    const { rows } = await dependencies.results.window({ resultId, viewId: null }, 0, 1, 100);
    expect(Number(rows[0]?.[0])).toBeLessThanOrEqual(2);
  }
  const stopped = new AbortController();
  const waiting = dashboards.readTile(id, 'good', stopped.signal);
  stopped.abort();
  await expect(waiting).rejects.toThrow();
  expect(await database.query('SELECT count(*) FROM sales')).toMatchObject([{ count: '30' }]);
}, 60_000);
