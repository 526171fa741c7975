import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { never, startTestProgram, type TestProgram } from './testSupport';

const megabytes = 100;
/** What reading, the pieces under way and a young generation of both threads may take above the start. */
const growthLimitMb = 350;

let program: TestProgram;
beforeAll(async () => {
  program = await startTestProgram();
});
afterAll(() => program.close());

it('keeps its memory flat while a file of 100 MB is scanned and loaded row by row', async () => {
  const file = path.join(program.folder, 'large.csv');
  const handle = openSync(file, 'w');
  writeSync(handle, 'id,note\n');
  const note = 'x'.repeat(2000);
  const block = Array.from({ length: 500 }, (_, n) => `${n},${note}\n`).join('');
  for (let written = 0; written < megabytes * 1_048_576; written += block.length) writeSync(handle, block);
  closeSync(handle);
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  try {
    const request = await program.request(file, { table: 'large' });
    const outcome = await program.run({ ...request, onError: 'skip' }, {}, never);
    expect(outcome).toMatchObject({ state: 'done', way: 'stage', committed: true });
  } finally {
    clearInterval(watch);
  }
  expect((most - before) / 1_048_576).toBeLessThan(growthLimitMb);
}, 180_000);
