import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SavedChart } from '../../src-preload/contract/charts';
import type { Workspace } from '../workspace/service';
import { createResultStore } from '../queries/service';
import { openWorkspace } from '../workspace/workspace';
import { createChartsService, type ChartsService } from './service';

let folder: string;
let workspace: Workspace;
let charts: ChartsService;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-charts-'));
  workspace = openWorkspace(folder);
  charts = createChartsService({ workspace, results: createResultStore({ folder: path.join(folder, 'results') }) });
});
afterEach(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const chart = (name: string, sql = 'select 1'): SavedChart => ({ name, connectionId: 'c', sql, chart: { kind: 'bar', x: 'a', y: ['b'], series: null, aggregate: 'sum' } });

it('keeps charts as files of their own, tells of changes, and takes them away', async () => {
  const changed = vi.fn();
  charts.onChange(changed);
  await charts.save(chart('sales'));
  await charts.save(chart('Verkäufe / Monat', 'select\n  2'));
  await charts.save(chart('Verkäufe : Monat'));
  expect((await charts.list()).charts.map(({ name }) => name).sort()).toEqual(['Verkäufe / Monat', 'Verkäufe : Monat', 'sales']);
  expect(readFileSync(path.join(folder, 'charts', 'sales.yaml'), 'utf8')).toContain('kind: bar');
  await charts.remove('Verkäufe / Monat');
  expect((await charts.list()).charts).toHaveLength(2);
  expect(changed).toHaveBeenCalledTimes(4);
  await expect(charts.remove('never')).rejects.toMatchObject({ data: { code: 'not_found' } });
});

it('replaces a chart of the same name and keeps a person’s comments', async () => {
  await charts.save(chart('sales'));
  const file = path.join(folder, 'charts', 'sales.yaml');
  writeFileSync(file, `# looked at each Monday\n${readFileSync(file, 'utf8')}`);
  await charts.save(chart('sales', 'select 3'));
  expect(readFileSync(file, 'utf8')).toMatch(/^# looked at each Monday/);
  expect((await charts.list()).charts).toMatchObject([{ sql: 'select 3' }]);
});

it('lists the others beside a file that cannot be used, and says which', async () => {
  await charts.save(chart('good'));
  mkdirSync(path.join(folder, 'charts'), { recursive: true });
  writeFileSync(path.join(folder, 'charts', 'bad.yaml'), 'name: bad\nchart: 7\n');
  const { charts: found, problems } = await charts.list();
  expect(found.map(({ name }) => name)).toEqual(['good']);
  expect(problems.join()).toContain('bad.yaml');
});
