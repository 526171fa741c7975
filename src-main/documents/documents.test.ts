import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentOptions, type Document } from '../../src-preload/contract/documents';
import { openStore, type Store } from '../store/service';
import { createDocumentsService, type DocumentsService } from './service';

let folder: string;
let store: Store;
let documents: DocumentsService;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'documents-'));
  store = openStore(path.join(folder, 'state.db'));
  documents = createDocumentsService({ store });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const tab = (id: string, rest: Partial<Document> = {}): Document => ({ id, kind: 'query', title: id, connectionId: null, text: '', position: 0, active: false, options: documentOptions.parse({}), ...rest });

describe('documents', () => {
  it('are replaced in place and keep the order in which they were created', async () => {
    await documents.save(tab('b', { text: 'SELECT 1', connectionId: 'c' }));
    await documents.save(tab('a'));
    await documents.save(tab('b', { text: "SELECT 'ü\u0000😀'", position: 7, title: 'New' }));
    expect(documents.list()).toEqual([tab('b', { text: "SELECT 'ü\u2400😀'", position: 7, title: 'New' }), tab('a')]);
    documents.remove('b');
    documents.remove('unknown');
    expect(documents.list()).toEqual([tab('a')]);
  });

  it('keep their options, and their text when the options are damaged', async () => {
    const options = documentOptions.parse({ database: 'other', searchPath: ['a', 'B c'], commitMode: 'manual', dirty: true });
    await documents.save(tab('a', { text: 'SELECT 1', options }));
    expect(documents.list()[0]?.options).toEqual(options);
    store.run(`UPDATE documents SET options = '{"database": 7' WHERE id = 'a'`);
    expect(documents.list()).toEqual([tab('a', { text: 'SELECT 1' })]);
  });

  it('have one active tab', async () => {
    await documents.save(tab('a', { active: true }));
    await documents.save(tab('b', { active: true }));
    expect(documents.list().map(({ id, active }) => [id, active])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('that were saved are there after the process was killed', async () => {
    const libsql = createRequire(import.meta.url).resolve('libsql');
    const script = `
      const db = new (require(${JSON.stringify(libsql)}))(${JSON.stringify(path.join(folder, 'state.db'))});
      db.pragma('synchronous = NORMAL');
      for (let n = 0; ; n++) {
        db.prepare("insert into documents values ('t','query','t',null,?,?,1,'{}') on conflict (id) do update set text = excluded.text, position = excluded.position").run(['x'.repeat(n % 5000) + n, n]);
        require('fs').writeSync(1, n + '\\n');
      }`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        told += data.toString();
        if (told.split('\n').length > 200) child.kill('SIGKILL');
      });
      child.on('close', () => resolve());
    });
    const last = Number(told.trimEnd().split('\n').at(-1));
    const [kept] = documents.list();
    expect(last).toBeGreaterThan(150);
    // What was told is stored; the one that was being stored may be there as well.
    expect(kept?.position).toBeGreaterThanOrEqual(last);
    expect(kept?.text.endsWith(String(kept.position))).toBe(true);
  });
});
