import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RowLog } from './rowLog';

const megabyte = 1024 * 1024;
let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'log-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes that tell where they belong. */
function pattern(from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) bytes[index] = ((from + index) * 2_654_435_761) >>> 24;
  return bytes;
}

describe('a row log', () => {
  it('gives back every range, whatever is on disk at that moment', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 10_000, max: 3 * megabyte })), { minLength: 1, maxLength: 12 });
    let files = 0;
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(200_000)), { minLength: 12, maxLength: 12 }), fc.nat(15), async (lengths, reads, flushAt) => {
        const log = new RowLog(path.join(folder, `log${files++}`));
        const pending: Promise<void>[] = [];
        for (const [index, length] of lengths.entries()) {
          const wait = log.append(pattern(log.size, length));
          if (index === flushAt) await log.flush();
          const [where = 0, span = 0] = reads[index] ?? [];
          const from = Math.floor(where * (log.size - 1));
          const to = Math.min(log.size, from + span);
          // Not awaited, so that it overlaps with what is appended and written next.
          pending.push(log.read(from, to).then((bytes) => expect(bytes.equals(pattern(from, to - from))).toBe(true)));
          await wait;
        }
        await log.seal();
        await Promise.all(pending);
        expect((await log.read(0, log.size)).equals(pattern(0, log.size))).toBe(true);
        await log.flush();
        expect((await log.read(0, log.size)).equals(pattern(0, log.size))).toBe(true);
        await log.dispose();
      }),
      { numRuns: 20 },
    );
  });

  it('asks to wait for a slow disk, and goes on when it caught up', async () => {
    const log = new RowLog(path.join(folder, 'log'));
    const waits: Promise<void>[] = [];
    for (let n = 0; n < 40; n++) {
      const wait = log.append(pattern(log.size, megabyte));
      if (wait) waits.push(wait);
    }
    expect(waits.length).toBeGreaterThan(10);
    await Promise.all(waits);
    expect((await log.read(0, log.size)).equals(pattern(0, 40 * megabyte))).toBe(true);
    await log.dispose();
  });

  it('that cannot be written keeps what it has and refuses more', async () => {
    const log = new RowLog(path.join(folder, 'nowhere', 'log'));
    void log.append(pattern(0, 2 * megabyte));
    await log.seal();
    expect(log.failure?.data).toMatchObject({ code: 'disk', detail: 'ENOENT' });
    expect(() => log.append(Buffer.alloc(1))).toThrow(/could not be stored/);
    await expect(log.flush()).rejects.toMatchObject({ data: { code: 'disk' } });
    expect((await log.read(megabyte - 5, megabyte + 5)).equals(pattern(megabyte - 5, 10))).toBe(true);
    await log.dispose();
  });

  it('never writes into a file that was there before', async () => {
    writeFileSync(path.join(folder, 'log'), 'precious');
    const log = new RowLog(path.join(folder, 'log'));
    void log.append(pattern(0, 2 * megabyte));
    await log.seal();
    expect(log.failure?.data).toMatchObject({ code: 'disk', detail: 'EEXIST' });
  });
});
