import { describe, expect, it } from 'vitest';
import { gridCommand } from './gridKeys';
import { ORIGIN } from './selection';

const size = { rows: 10, columns: 3, page: 5 };
const press = (key: string, held: { mod?: boolean; shift?: boolean; alt?: boolean } = {}, state: { panelOpen?: boolean; editable?: boolean } = {}) =>
  gridCommand({ key, mod: false, shift: false, alt: false, ...held }, { selection: ORIGIN, size, panelOpen: false, editable: false, ...state });

describe('the keys of the grid', () => {
  it('move columns, search, and show the row', () => {
    expect(press('ArrowRight', { alt: true, shift: true })).toEqual({ kind: 'moveColumn', step: 1 });
    expect(press('ArrowRight', { alt: true })).toBeNull();
    expect(press('f', { mod: true })).toEqual({ kind: 'find' });
    expect(press('F3', { shift: true })).toEqual({ kind: 'nextMatch', direction: -1 });
    expect(press('i', { mod: true })).toEqual({ kind: 'row' });
    expect(press('Escape', {}, { panelOpen: true })).toEqual({ kind: 'closePanel' });
  });

  it('edit a cell where that can be done, and only there', () => {
    expect(press('s')).toEqual({ kind: 'sort', add: false });
    expect(press('Enter')).toEqual({ kind: 'view' });
    expect(press('F2')).toBeNull();
    expect(press('s', {}, { editable: true })).toEqual({ kind: 'edit', initial: 's' });
    expect(press('é', {}, { editable: true })).toEqual({ kind: 'edit', initial: 'é' });
    expect(press('F2', {}, { editable: true })).toEqual({ kind: 'edit', initial: null });
    expect(press('Enter', {}, { editable: true })).toEqual({ kind: 'edit', initial: null });
    expect(press('c', { mod: true }, { editable: true })).toEqual({ kind: 'copy', format: 'tsv' });
    expect(press('ArrowDown', {}, { editable: true })).toMatchObject({ kind: 'select' });
    expect(press('F10', { shift: true }, { editable: true })).toEqual({ kind: 'menu' });
  });
});
