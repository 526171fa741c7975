import { describe, expect, it } from 'vitest';
import { listRows, type ListRow } from './folders';
import type { Connection } from './store';

const connection = (name: string, folder?: string): Connection => ({ id: name, name, ...(folder === undefined ? {} : { folder }) }) as Connection;
const shown = (rows: readonly ListRow[]): string[] => rows.map((row) => `${'  '.repeat(row.depth)}${row.kind === 'folder' ? `${row.name} (${row.count})` : row.connection.name}`);
const all = [connection('top'), connection('b', 'North/Shops'), connection('a', 'North'), connection('c', 'East'), connection('like', 'Northern')];

describe('the connection list', () => {
  it('shows folders first, nested and counted', () => {
    expect(shown(listRows(all, new Set(), false))).toEqual(['East (1)', '  c', 'North (2)', '  Shops (1)', '    b', '  a', 'Northern (1)', '  like', 'top']);
  });
  it('leaves out what lies in a closed folder, but not when something is searched', () => {
    expect(shown(listRows(all, new Set(['North', 'East']), false))).toEqual(['East (1)', 'North (2)', 'Northern (1)', '  like', 'top']);
    expect(shown(listRows(all, new Set(['North', 'East']), true))).toContain('    b');
  });
});
