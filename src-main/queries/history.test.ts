import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/service';
import { createHistoryService, type HistoryService } from './history';
import { maskSecrets } from './maskSecrets';

let folder: string;
let store: Store;
let history: HistoryService;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'history-'));
  store = openStore(path.join(folder, 'state.db'));
  history = createHistoryService({ store, redact: (text) => text.replaceAll('hunter2', '***') });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const begin = (text: string, connectionId = 'c1'): number => history.begin({ connectionId, connectionName: 'shop', text, origin: 'editor' });
const texts = (query: Partial<Parameters<HistoryService['list']>[0]> = {}): string[] => history.list({ search: '', limit: 50, ...query }).map(({ text }) => text);

describe('history', () => {
  it('tells how each run ended, newest first', () => {
    const [first, second] = [begin('SELECT 1'), begin('SELECT 2')];
    history.end(first, { status: 'done', milliseconds: 12.5, rows: 3, error: null });
    history.end(second, { status: 'failed', milliseconds: 1, rows: null, error: 'no such table' });
    begin('SELECT 3');
    expect(history.list({ search: '', limit: 50 })).toMatchObject([
      { text: 'SELECT 3', status: 'running', milliseconds: null, rows: null, error: null },
      { text: 'SELECT 2', status: 'failed', error: 'no such table' },
      { id: first, text: 'SELECT 1', status: 'done', milliseconds: 12.5, rows: 3, connectionName: 'shop', connectionId: 'c1', origin: 'editor' },
    ]);
  });

  it('finds by text as it is written, by connection, by id and by time', () => {
    const ids = ['SELECT a_b', 'select 100%', 'SELECT aXb', "it's \\ here"].map((text, index) => begin(text, index === 0 ? 'c2' : 'c1'));
    expect(texts({ search: 'A_B' })).toEqual(['SELECT a_b']);
    expect(texts({ search: '0%' })).toEqual(['select 100%']);
    expect(texts({ search: '\\' })).toEqual(["it's \\ here"]);
    expect(texts({ connectionId: 'c2' })).toEqual(['SELECT a_b']);
    expect(texts({ before: ids[2] ?? 0, limit: 1 })).toEqual(['select 100%']);
    expect(texts({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect(texts({ since: new Date(Date.now() - 60_000).toISOString() })).toHaveLength(4);
  });

  it('marks what a dead process left, and leaves what a living one runs', () => {
    const [mine, dead] = [begin('mine'), begin('dead')];
    store.run('UPDATE history SET owner = ? WHERE id = ?', `${process.pid}-00000000-1`, dead);
    createHistoryService({ store });
    expect(history.list({ search: '', limit: 2 })).toMatchObject([
      { id: dead, status: 'interrupted' },
      { id: mine, status: 'running' },
    ]);
  });

  it('keeps no passwords', () => {
    const id = begin("ALTER ROLE bob PASSWORD 'geheim'; SELECT 'hunter2'");
    history.end(id, { status: 'failed', milliseconds: 1, rows: null, error: 'near hunter2' });
    expect(history.list({ search: '', limit: 1 })).toMatchObject([{ text: "ALTER ROLE bob PASSWORD '***'; SELECT '***'", error: 'near ***' }]);
  });

  it('masks passwords wherever statements state them, and nothing else', () => {
    const masked: [string, string][] = [
      ["CREATE ROLE a LOGIN PASSWORD 'it''s'", "CREATE ROLE a LOGIN PASSWORD '***'"],
      ["alter user a password E'x\\'y' valid until 'now'", "alter user a password '***' valid until 'now'"],
      ['ALTER ROLE a PASSWORD $q$se$c$ret$q$', "ALTER ROLE a PASSWORD '***'"],
      ["CREATE SUBSCRIPTION s CONNECTION 'host=h password=pw1 user=u' PUBLICATION p", "CREATE SUBSCRIPTION s CONNECTION 'host=h password=*** user=u' PUBLICATION p"],
      ["SELECT dblink('postgres://u:pw2@h/db', 'SELECT 1')", "SELECT dblink('postgres://u:***@h/db', 'SELECT 1')"],
      ["CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'pw3')", "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password '***')"],
    ];
    for (const [text, expected] of masked) expect(maskSecrets(text)).toBe(expected);
    for (const text of ['SELECT password FROM users WHERE password = crypt($1, password)', "SELECT 'a:b@c', '12:30:00'", 'ALTER ROLE a PASSWORD NULL']) {
      expect(maskSecrets(text)).toBe(text);
    }
  });
});
