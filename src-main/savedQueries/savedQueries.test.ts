import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHeader, withHeader } from './header';
import { createSavedQueriesService, type SavedQueriesService } from './service';

let root: string;
let queries: SavedQueriesService;
const failing = (code: string): Error => expect.objectContaining({ code }) as Error;
const make = (folder: string, name: string, text = 'SELECT 1;') => queries.create({ folder, name, connection: 'shop', description: 'what it is for', text });

beforeEach(() => {
  root = path.join(mkdtempSync(path.join(os.tmpdir(), 'saved-')), 'queries');
  queries = createSavedQueriesService({ folder: root });
});
afterEach(() => {
  queries.close();
  rmSync(path.dirname(root), { recursive: true, force: true });
});

describe('saved queries', () => {
  it('are plain files with a header that people can read', async () => {
    const { query } = await make('Größen/täglich', 'Top 10');
    expect(query).toMatchObject({ id: 'Größen/täglich/Top 10', connection: 'shop', description: 'what it is for' });
    expect(readFileSync(path.join(root, 'Größen', 'täglich', 'Top 10.sql'), 'utf8')).toBe('-- connection: shop\n-- description: what it is for\nSELECT 1;');
    await expect(make('Größen/täglich', 'Top 10')).rejects.toThrow(failing('bad_input'));
  });

  it('are found by name, description and text, whoever wrote them', async () => {
    expect(await queries.list('')).toEqual({ queries: [], folders: [] });
    await make('', 'one', 'SELECT secret_thing');
    mkdirSync(path.join(root, 'by hand'));
    writeFileSync(path.join(root, 'by hand', 'two.sql'), 'select 2');
    writeFileSync(path.join(root, 'notes.txt'), 'no query');
    const { queries: all, folders } = await queries.list('');
    expect(all.map(({ id, connection }) => [id, connection])).toEqual([['by hand/two', null], ['one', 'shop']]);
    expect(folders).toEqual(['by hand']);
    expect((await queries.list('SECRET_THING')).queries.map(({ id }) => id)).toEqual(['one']);
    expect((await queries.list('what it IS')).queries.map(({ id }) => id)).toEqual(['one']);
  });

  it('are renamed, moved and removed, and never over another', async () => {
    await make('a', 'one');
    await make('a', 'two');
    expect((await queries.move('a/one', { folder: 'b/c', name: 'eins' })).id).toBe('b/c/eins');
    await expect(queries.move('a/two', { folder: 'b/c', name: 'eins' })).rejects.toThrow(failing('bad_input'));
    await queries.moveFolder('b', 'd');
    expect((await queries.list('')).queries.map(({ id }) => id)).toEqual(['a/two', 'd/c/eins']);
    await expect(queries.removeFolder('a')).rejects.toThrow(failing('refused'));
    await queries.remove('a/two');
    await queries.removeFolder('a');
    await expect(queries.read('a/two')).rejects.toThrow(failing('not_found'));
  });

  it.each(['', '..', 'a/b', 'a\\b', 'nul', 'Com1.old', '.hidden', 'x\u0000', 'a'.repeat(201), 'what?'])('refuse the name %j', async (name) => {
    await expect(make('', name)).rejects.toThrow(failing('bad_input'));
  });

  it('stay in their folder', async () => {
    await expect(queries.read('../../etc/passwd')).rejects.toThrow(failing('bad_input'));
    await expect(make('../x', 'a')).rejects.toThrow(failing('bad_input'));
    expect(queries.owns(path.join(root, 'a', 'b.sql'))).toBe(true);
    expect(queries.owns(`${root}/../x.sql`)).toBe(false);
    expect(queries.owns(path.join(root, 'a.txt'))).toBe(false);
    expect(queries.owns('queries/a.sql')).toBe(false);
  });

  it('tell of a change by another program', async () => {
    await make('', 'one');
    await queries.list('');
    const told = new Promise<void>((resolve) => queries.onChange(resolve));
    writeFileSync(path.join(root, 'two.sql'), 'select 2');
    await told;
    expect((await queries.list('')).queries).toHaveLength(2);
  });
});

it('a header replaces the one before and leaves other comments', () => {
  const text = '-- ticket 7\n-- Connection: old\nSELECT 1';
  expect(readHeader(text)).toEqual({ connection: 'old', description: '' });
  const changed = withHeader(text, { connection: 'new', description: 'two\nlines' });
  expect(changed).toBe('-- connection: new\n-- description: two lines\n-- ticket 7\nSELECT 1');
  expect(withHeader(changed, { connection: null, description: '' })).toBe('-- ticket 7\nSELECT 1');
});
