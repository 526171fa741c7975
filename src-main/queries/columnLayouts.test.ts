import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from '../store/service';
import { createColumnLayouts } from './columnLayouts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-layouts-'));
  store = openStore(path.join(folder, 'state.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const layout = { order: [1, 0], pinned: [1], hidden: [], widths: { 0: 120 } };

it('keeps a layout by names and types, replaces and forgets it', () => {
  const layouts = createColumnLayouts(store);
  const shape = [{ name: 'a', type: 'integer' }, { name: 'b', type: 'text' }];
  expect(layouts.read(shape)).toBeNull();
  layouts.save(shape, layout);
  expect(layouts.read(shape)).toEqual(layout);
  expect(layouts.read([{ name: 'a', type: 'bigint' }, { name: 'b', type: 'text' }])).toBeNull();
  layouts.save(shape, { ...layout, hidden: [0] });
  expect(layouts.read(shape)?.hidden).toEqual([0]);
  layouts.save(shape, null);
  expect(layouts.read(shape)).toBeNull();
});

it('takes damaged text for none, and drops the oldest of very many', () => {
  const layouts = createColumnLayouts(store);
  const shape = (number: number) => [{ name: `c${number}`, type: 'text' }];
  for (let number = 0; number < 1003; number += 1) layouts.save(shape(number), layout);
  expect(layouts.read(shape(0))).toBeNull();
  expect(layouts.read(shape(1002))).toEqual(layout);
  store.run("UPDATE column_layouts SET layout = 'nonsense'");
  expect(layouts.read(shape(1002))).toBeNull();
});
