import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../driver';
import { createPgliteDriver, type PgliteDriver } from './driver';
import { FolderLock, readOwner } from './folderLock';
import { bundleSecondProgram, failureOf, rowsOf, startSecondProgram, type SecondProgram } from './testSupport';

let base: string;
let script: string;
let drivers: PgliteDriver[] = [];
let programs: SecondProgram[] = [];
const { signal } = new AbortController();

/** A folder with an empty database: a copy, for making one takes seconds. */
function freshFolder(): string {
  const folder = emptyFolder();
  cpSync(path.join(base, 'template'), folder, { recursive: true });
  return folder;
}

function emptyFolder(): string {
  return mkdtempSync(path.join(base, 'db-'));
}

function connect(folder: string, applicationName = 'test', connectTimeoutMs = 15_000): Promise<Connection> {
  const driver = createPgliteDriver({ program: 'the first program' });
  drivers.push(driver);
  return driver.connect({ target: { engine: 'pglite', folder } }, { signal, applicationName, connectTimeoutMs });
}

async function second(folder: string, applicationName = 'second tab'): Promise<SecondProgram> {
  const program = await startSecondProgram(script, folder, applicationName);
  programs.push(program);
  return program;
}

beforeAll(async () => {
  base = mkdtempSync(path.join(os.tmpdir(), 'pglite-owner-'));
  script = await bundleSecondProgram();
  const template = path.join(base, 'template');
  mkdirSync(template);
  const driver = createPgliteDriver({ program: 'the set-up' });
  await driver.connect({ target: { engine: 'pglite', folder: template } }, { signal, applicationName: 'set-up' });
  await driver.close();
}, 180_000);

afterEach(async () => {
  for (const program of programs) if (program.child.exitCode === null && program.child.signalCode === null) await program.kill();
  for (const driver of drivers) await driver.close();
  programs = [];
  drivers = [];
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

it('keeps a program that has nothing else to do running until its statements are done and the database is shut', async () => {
  const folder = freshFolder();
  const child = spawn(process.execPath, [script, folder, 'script'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let answers = '';
  child.stdout.on('data', (chunk: Buffer) => (answers += chunk.toString()));
  // All at once, so that nothing is left to read while they run.
  child.stdin.end(`create temp table left_behind (a int)\n${'select count(*) from generate_series(1, 300000)\n'.repeat(5)}`);
  const [status] = (await once(child, 'exit')) as [number];
  expect(status).toBe(0);
  expect(answers.match(/"300000"/g)).toHaveLength(5);
});

describe('a folder that another program has open', () => {
  it('is served by that program: rows, refusals and cancelling', async () => {
    const folder = freshFolder();
    const owner = await second(folder);
    const connection = await connect(folder);
    expect(await owner.ask('create table t as select 1 as a')).toEqual({ rows: [] });
    expect(await rowsOf(connection, 'select a from t')).toEqual([['1']]);

    await owner.ask('begin');
    const refused = await failureOf(rowsOf(connection, 'select 1'));
    expect(refused.code).toBe('busy');
    expect(refused.message).toContain('“second tab”');
    await owner.ask('commit');

    const stopped = await failureOf(rowsOf(connection, 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b', { timeoutMs: 200 }));
    expect(stopped.code).toBe('timeout');
    expect(await rowsOf(connection, 'select a from t')).toEqual([['1']]);
    expect(await owner.ask('select a from t')).toEqual({ rows: [['1']] });
  });

  it('is ours once its owner was killed; what was committed is there, what was not is gone', async () => {
    const folder = freshFolder();
    const owner = await second(folder);
    await owner.ask('create table t (a int); insert into t select generate_series(1, 1000)');
    const connection = await connect(folder);
    const lost = new Promise<Error>((resolve) => connection.onLost(resolve));
    await owner.ask('begin');
    await owner.ask('insert into t select generate_series(1001, 2000)');
    await owner.kill();
    await lost;
    const mine = await connect(folder);
    expect(readOwner(folder)?.processId).toBe(process.pid);
    expect(await rowsOf(mine, 'select count(*), max(a) from t')).toEqual([['1000', '1000']]);
  });

  it('is handed over when its owner shuts down in order', async () => {
    const folder = freshFolder();
    const owner = await second(folder);
    await owner.ask('create table t as select 7 as a');
    await owner.stop();
    expect(readOwner(folder)).toBeNull();
    expect(await rowsOf(await connect(folder), 'select a from t')).toEqual([['7']]);
  });

  it('that cannot be reached is busy, and the error says who has it', async () => {
    const folder = freshFolder();
    const lock = FolderLock.take(folder);
    lock?.announce({ program: 'a program that prepares', door: null });
    const busy = await failureOf(connect(folder, 'test', 500));
    expect(busy.code).toBe('busy');
    expect(busy.message).toContain('a program that prepares');
    expect(busy.message).toContain(String(process.pid));
    lock?.release();
  });

  it('lets nobody in without the token, and keeps the token to its person', async () => {
    const folder = freshFolder();
    await connect(folder);
    const door = readOwner(folder)?.door;
    expect(statSync(`${folder}.ai-shell.json`).mode & 0o077).toBe(0);
    expect(statSync(path.dirname(door?.path ?? '')).mode & 0o077).toBe(0);
    const socket = net.connect(door?.path ?? '');
    socket.resume();
    socket.write(Buffer.alloc(32));
    await once(socket, 'close');
    expect(socket.bytesRead).toBe(0);
  });
});

describe('the lock', () => {
  it('is held once, also within one process', () => {
    const folder = freshFolder();
    const lock = FolderLock.take(folder);
    expect(lock).not.toBeNull();
    expect(FolderLock.take(folder)).toBeNull();
    lock?.release();
    const again = FolderLock.take(folder);
    expect(again).not.toBeNull();
    again?.release();
  });
});

describe('a folder of a person', () => {
  it('that is damaged is left as it is, and the error says where and what to do', async () => {
    const folder = freshFolder();
    const owner = await second(folder);
    await owner.ask('create table t as select 1 as a');
    await owner.kill();
    const control = path.join(folder, 'global', 'pg_control');
    writeFileSync(control, Buffer.alloc(statSync(control).size, 0xff));
    const folders = (): string[] => readdirSync(base).filter((name) => !name.includes('.ai-shell.'));
    const before = folders();
    const error = await failureOf(connect(folder));
    expect(error.code).toBe('connection_failed');
    expect(error.message).toContain(folder);
    expect(error.data.hint).toContain('left as it is');
    expect(error.data.detail).not.toBe('');
    expect(folders()).toEqual(before);
    // The lock is free again: somebody who repairs it is not locked out.
    const lock = FolderLock.take(folder);
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('must exist, must not hold other things, and must be of our version', async () => {
    expect((await failureOf(connect(path.join(base, 'nowhere')))).code).toBe('not_found');
    const other = emptyFolder();
    writeFileSync(path.join(other, 'letter.txt'), 'Dear reader');
    expect((await failureOf(connect(other))).code).toBe('not_found');
    expect(readFileSync(path.join(other, 'letter.txt'), 'utf8')).toBe('Dear reader');
    const old = emptyFolder();
    mkdirSync(path.join(old, 'base'));
    writeFileSync(path.join(old, 'PG_VERSION'), '16\n');
    const unsupported = await failureOf(connect(old));
    expect(unsupported.code).toBe('unsupported');
    expect(unsupported.message).toContain('PostgreSQL 16');
  });

  it('that is empty gets a new database', async () => {
    const folder = emptyFolder();
    expect(await rowsOf(await connect(folder), 'select 1')).toEqual([['1']]);
    expect(existsSync(path.join(folder, 'PG_VERSION'))).toBe(true);
    expect(existsSync(`${folder}.unfinished`)).toBe(false);
  }, 120_000);
});
