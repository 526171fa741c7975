import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { migrations } from './migrations/all';
import { currentOwner, openStore, ownerAlive, type Store } from './service';

const libsqlPath = createRequire(import.meta.url).resolve('libsql');
let folder: string;
let file: string;
const opened: Store[] = [];

function open(): Store {
  const store = openStore(file);
  opened.push(store);
  return store;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'store-'));
  file = path.join(folder, 'sub', 'state.db');
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script in a process of its own; resolves when it printed a line. */
function otherProcess(script: string): Promise<{ line: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', `const Database = require(${JSON.stringify(libsqlPath)}); const file = ${JSON.stringify(file)}; ${script}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (data: Buffer) =>
      resolve({
        line: data.toString().trim(),
        kill: async () => {
          child.kill('SIGKILL');
          await ended;
        },
      }),
    );
  });
}

function thrownBy(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

const addHistory = (store: Store, text: string): void => {
  store.run(`INSERT INTO history (at, connection_id, connection_name, text, origin, status, owner) VALUES ('now', 'c', 'c', ?, 'editor', 'done', 'x')`, text);
};

describe('the store', () => {
  it('numbers its migrations without gaps', () => {
    expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('keeps what was written and is readable by its owner only', () => {
    const first = open();
    addHistory(first, "it's NULL, ünïcode and 'quotes'");
    first.close();
    opened.length = 0;
    const again = open();
    expect(again.all('SELECT text, error FROM history')).toEqual([{ text: "it's NULL, ünïcode and 'quotes'", error: null }]);
    expect(again.get('SELECT text FROM history WHERE id = ?', 99)).toBeUndefined();
    expect(again.setAside).toBeNull();
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('rolls a failed transaction back and refuses nesting', () => {
    const store = open();
    expect(() =>
      store.transaction(() => {
        addHistory(store, 'a');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.all('SELECT * FROM history')).toEqual([]);
    expect(() => store.transaction(() => store.transaction(() => 1))).toThrow(/do not nest/);
    expect(() => store.transaction(() => Promise.resolve(1))).toThrow(/must not wait/);
    expect(store.transaction(() => 5)).toBe(5);
  });

  it('is shared with other processes, and says so when one holds it', async () => {
    const store = open();
    const other = await otherProcess(`const d = new Database(file); d.prepare("insert into documents (id, kind, title, connection_id, text, position, active) values ('a','query','t',null,'x',0,1)").run([]); d.exec('BEGIN IMMEDIATE'); console.log('held'); setInterval(() => {}, 1000);`);
    expect(store.all('SELECT id FROM documents')).toEqual([{ id: 'a' }]);
    expect(thrownBy(() => addHistory(store, 'x')).code).toBe('busy');
    await other.kill();
    addHistory(store, 'x');
    expect(store.all('SELECT text FROM history')).toEqual([{ text: 'x' }]);
  });

  it('keeps commits of a process that was killed, and drops what it had not committed', async () => {
    open();
    const other = await otherProcess(`const d = new Database(file); d.pragma('synchronous = NORMAL'); d.prepare("insert into documents (id, kind, title, connection_id, text, position, active) values ('a','query','t',null,'kept',0,1)").run([]); d.exec('BEGIN IMMEDIATE'); d.exec("update documents set text = 'lost'"); console.log('ready'); setInterval(() => {}, 1000);`);
    await other.kill();
    expect(open().all('SELECT text FROM documents')).toEqual([{ text: 'kept' }]);
  });

  it('refuses a store of a newer program and leaves it alone', () => {
    const store = open();
    store.run('PRAGMA user_version = 9999');
    const error = thrownBy(() => openStore(file));
    expect(error.code).toBe('bad_input');
    expect(error.message).toContain('newer version');
    expect(store.get('PRAGMA user_version')).toEqual({ user_version: 9999 });
  });

  it('sets a file that is no database aside and begins afresh', () => {
    open().close();
    opened.length = 0;
    for (const name of readdirSync(path.dirname(file))) rmSync(path.join(path.dirname(file), name));
    writeFileSync(file, 'this is not a database '.repeat(500));
    const store = open();
    expect(store.setAside).not.toBeNull();
    expect(readFileSync(store.setAside ?? '', 'utf8')).toContain('this is not a database');
    addHistory(store, 'x');
    expect(store.all('SELECT text FROM history')).toEqual([{ text: 'x' }]);
  });

  it('finds damage inside the file, sets it aside, and does not take two damaged files for one', () => {
    for (let round = 1; round <= 2; round++) {
      const store = open();
      store.transaction(() => {
        for (let n = 0; n < 200; n++) addHistory(store, `${n} `.repeat(500));
      });
      store.run('PRAGMA wal_checkpoint(TRUNCATE)');
      store.close();
      opened.length = 0;
      const bytes = readFileSync(file);
      bytes.fill(0x5a, 8192, bytes.length - 4096);
      writeFileSync(file, bytes);
      const fresh = open();
      expect(fresh.setAside).not.toBeNull();
      expect(fresh.all('SELECT * FROM history')).toEqual([]);
      fresh.close();
      opened.length = 0;
    }
    expect(readdirSync(path.dirname(file)).filter((name) => /Z(-\d+)?$/.test(name))).toHaveLength(2);
  });

  it('syncs on demand, many callers at once', async () => {
    const store = open();
    addHistory(store, 'x');
    await Promise.all([store.durable(), store.durable(), store.durable()]);
    store.run('PRAGMA wal_checkpoint(TRUNCATE)');
    await store.durable();
  });
});

describe('owners', () => {
  it('tells this process from one that is gone and from a reused id', async () => {
    expect(ownerAlive(currentOwner())).toBe(true);
    expect(ownerAlive(`${process.pid}-00000000-1`)).toBe(false);
    expect(ownerAlive('nonsense')).toBe(false);
    const other = await otherProcess(`console.log(process.pid); setInterval(() => {}, 1000);`);
    const stat = readFileSync(`/proc/${other.line}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    const owner = `${other.line}-${boot}-${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
    expect(ownerAlive(owner)).toBe(true);
    await other.kill();
    expect(ownerAlive(owner)).toBe(false);
  });
});
