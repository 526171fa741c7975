import { describe, expect, it } from 'vitest';
import type { ObjectTabState } from '../../shell/documentActions';
import { currentPlace, gone, placeOf, stepped } from './place';

const object = (name: string) => ({ schema: 's', name, kind: 'table' as const });
const start: ObjectTabState = { object: object('orders'), view: 'data', place: { ...placeOf(object('orders')), row: 7 }, edits: { x: { log: { steps: [], undone: [] } } } };

describe('places of a table tab', () => {
  it('comes back to the same row, and forward again', () => {
    const there = gone(start, placeOf(object('customers'), [{ column: 'id', op: 'eq', value: '1' }]));
    expect(there.object.name).toBe('customers');
    const back = stepped(there, 'back');
    expect(currentPlace(back)).toEqual(start.place);
    expect(back.object.name).toBe('orders');
    expect(currentPlace(stepped(back, 'forward'))).toEqual(there.place);
  });

  it('keeps pending edits of every table, and stays where there is nothing to go back to', () => {
    expect(gone(start, placeOf(object('x'))).edits).toBe(start.edits);
    expect(stepped(start, 'back')).toBe(start);
  });
});
