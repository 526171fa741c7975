import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from './errors';
import { createLogger } from './log';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'log-'));
  file = path.join(folder, 'deep', 'a.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const redact = (text: string): string => text.replaceAll('hunter22', '***');

test('lines are JSON with level, area and fields; secrets are cut also from fields and errors', async () => {
  const log = createLogger({ file, redact });
  log.debug('not at this level');
  log.area('queries').error('failed for hunter22', { error: new AppError('server_error', 'said hunter22', { serverCode: '42P01' }), count: 5n });
  await log.flush();
  const text = await readFile(file, 'utf8');
  expect(text).not.toContain('hunter22');
  expect(text.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 'error', area: 'queries', message: 'failed for ***', count: '5', error: expect.objectContaining({ code: 'server_error', serverCode: '42P01' }) as unknown }),
  ]);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('files are rotated by size and old ones dropped; no line is cut', async () => {
  const log = createLogger({ file, redact, maxBytes: 1000, keep: 2 });
  for (let index = 0; index < 60; index += 1) {
    log.info('line', { index, ballast: 'x'.repeat(60) });
    await log.flush();
  }
  expect((await readdir(path.dirname(file))).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
  const newest = (await readFile(file, 'utf8')).trim().split('\n').map((line) => (JSON.parse(line) as { index: number }).index);
  const before = (await readFile(`${file}.1`, 'utf8')).trim().split('\n').map((line) => (JSON.parse(line) as { index: number }).index);
  expect(newest.at(-1)).toBe(59);
  expect(before.at(-1)).toBe((newest[0] ?? 0) - 1);
});

test('a log that cannot be written is told once and harms nobody', async () => {
  await writeFile(path.join(folder, 'deep'), 'a file where the folder should be');
  const told: string[] = [];
  const log = createLogger({ file, redact, onFailure: (error) => told.push(error.message) });
  log.info('one');
  await log.flush();
  log.info('two');
  await log.flush();
  expect(told).toHaveLength(1);
});
