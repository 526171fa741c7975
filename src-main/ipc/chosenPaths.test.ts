import { expect, it } from 'vitest';
import type { AppServices } from '../app';
import { ChosenPaths } from './chosenPaths';
import { featureHandlers } from './handlers';

it('lets the window export only to a file that a dialog gave', async () => {
  const written: string[] = [];
  const queries = { export: (_ref: unknown, _part: unknown, { target }: { target: string }) => (written.push(target), { id: 'job' }) };
  const paths = new ChosenPaths();
  const handlers = featureHandlers({ queries } as unknown as AppServices, paths, { chooseOpen: () => Promise.resolve([]), chooseSave: () => Promise.resolve(null), trash: () => Promise.resolve() });
  const ask = (path: string): unknown => handlers.queries.export({ resultId: 'r', viewId: null, spec: { format: 'json' }, gzip: false, part: { columns: null, rows: null }, path }, { signal: new AbortController().signal });
  expect(() => ask('/home/person/.bashrc')).toThrow(expect.objectContaining({ code: 'refused' }) as Error);
  paths.add('/home/person/result.csv');
  expect(ask('/home/person/result.csv')).toEqual({ jobId: 'job' });
  expect(() => ask('/home/person/../person/result.csv')).toThrow(expect.objectContaining({ code: 'refused' }) as Error);
  expect(written).toEqual(['/home/person/result.csv']);
});
