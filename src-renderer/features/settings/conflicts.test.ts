import { expect, it } from 'vitest';
import { conflictsOf } from './conflicts';

it('names keys that a person gave to two commands, at both; what shares keys by itself is none', () => {
  const found = conflictsOf([
    { id: 'run', title: 'Run', keys: ['F5'], modified: true },
    { id: 'refresh', title: 'Refresh', keys: ['f5', 'Mod+R'], modified: false },
    { id: 'reload', title: 'Reload', keys: ['Mod+R'], modified: false },
    { id: 'other', title: 'Other', keys: [], modified: true },
  ]);
  expect(Object.fromEntries(found)).toEqual({ run: ['F5 is also: Refresh.'], refresh: ['F5 is also: Run.'] });
});
