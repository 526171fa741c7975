import { describe, expect, it } from 'vitest';
import { toGridSpec, toServerSpec } from './gridSpec';

const columns = [{ name: 'id' }, { name: 'name' }];

describe('filters of the grid and of the server', () => {
  it('go over by name', () => {
    const spec = { sorts: [{ column: 1, direction: 'desc' as const }], filters: [{ column: 0, op: 'gt' as const, value: '5' }, { column: 1, op: 'isEmpty' as const, value: '' }] };
    expect(toServerSpec(spec, columns)).toEqual({
      sorts: [{ column: 'name', direction: 'desc' }],
      filters: [{ column: 'id', op: 'gt', value: '5' }, { column: 'name', op: 'eq', value: '' }],
    });
  });
  it('come back, but for what the grid cannot show', () => {
    expect(toGridSpec([{ column: 'name', op: 'startsWith', value: 'a' }, { column: 'id', op: 'eq', value: '1' }], [{ column: 'gone', direction: 'asc' }], columns)).toEqual({
      sorts: [],
      filters: [{ column: 0, op: 'eq', value: '1' }],
    });
  });
});
