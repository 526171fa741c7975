import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/service';
import { createFilesService, type FilesService } from './service';
import { readTextFile, writeTextFile } from './textFile';

let folder: string;
let store: Store;
let files: FilesService;
const at = (name: string): string => path.join(folder, name);
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'files-'));
  store = openStore(at('state.db'));
  files = createFilesService({ store, alsoAllowed: () => false });
});
afterEach(() => {
  files.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('text files', () => {
  it.each<[string, Buffer]>([
    ['utf-8', Buffer.from('select 1;\nselect \'ü😀\';\n')],
    ['utf-8-bom', Buffer.from('\ufeffselect 1;\r\nselect 2;\r\n')],
    ['utf-16le', Buffer.from('\ufeffselect \'ü\';\r\n', 'utf16le')],
    ['utf-16be', Buffer.from('\ufeffselect 1;\n', 'utf16le').swap16()],
    ['latin1', Buffer.from('select \'\xfc\';\r', 'latin1')],
    ['utf-8', Buffer.alloc(0)],
    ['latin1', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x0a])],
  ])('in %s come back byte by byte', async (encoding, bytes) => {
    writeFileSync(at('a.sql'), bytes);
    const { stamp, text } = await readTextFile(at('a.sql'));
    expect(stamp.encoding).toBe(encoding);
    expect(text).not.toContain('\r');
    await writeTextFile(at('a.sql'), text, stamp);
    expect(readFileSync(at('a.sql'))).toEqual(bytes);
  });

  it('of any bytes with one kind of line end are the same after being read and written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ min: 1, max: 255, maxLength: 200 }), async (array) => {
        const bytes = Buffer.from(array.filter((byte) => byte !== 13));
        writeFileSync(at('p.sql'), bytes);
        const { stamp, text } = await readTextFile(at('p.sql'));
        await writeTextFile(at('p.sql'), text, stamp);
        expect(readFileSync(at('p.sql'))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('are told when they are none, or too large', async () => {
    writeFileSync(at('b.dump'), Buffer.from([80, 71, 0, 1]));
    await expect(readTextFile(at('b.dump'))).rejects.toThrow(refused('refused'));
    writeFileSync(at('big.sql'), '');
    truncateSync(at('big.sql'), 51 * 1024 * 1024);
    await expect(readTextFile(at('big.sql'))).rejects.toThrow(/51 MB/);
    await expect(readTextFile(folder)).rejects.toThrow(refused('refused'));
    await expect(readTextFile(at('nothing.sql'))).rejects.toThrow(refused('not_found'));
  });

  it('keep their permissions, and a read-only one stays as it is', async () => {
    writeFileSync(at('a.sql'), 'select 1', { mode: 0o644 });
    const { stamp } = await readTextFile(at('a.sql'));
    await writeTextFile(at('a.sql'), 'select 2', stamp);
    expect(statSync(at('a.sql')).mode & 0o777).toBe(0o644);
    chmodSync(at('a.sql'), 0o444);
    await expect(writeTextFile(at('a.sql'), 'select 3', stamp)).rejects.toThrow(refused('refused'));
    expect(readFileSync(at('a.sql'), 'utf8')).toBe('select 2');
  });

  it('in an encoding that lacks a character are not written with another one', async () => {
    writeFileSync(at('a.sql'), Buffer.from('\xfc', 'latin1'));
    const { stamp } = await readTextFile(at('a.sql'));
    await expect(writeTextFile(at('a.sql'), '😀', stamp)).rejects.toThrow(refused('bad_input'));
  });
});

describe('the window', () => {
  it('names only files that a dialog gave, also in the next run', async () => {
    writeFileSync(at('a.sql'), 'select 1');
    await expect(files.read(at('a.sql'))).rejects.toThrow(refused('refused'));
    files.choose(at('a.sql'));
    const { stamp } = await files.read(at('a.sql'));
    await expect(files.read(path.join(folder, '.', '..', path.basename(folder), 'state.db'))).rejects.toThrow(refused('refused'));
    const next = createFilesService({ store, alsoAllowed: () => false });
    expect((await next.save(stamp, 'select 2', false)).hash).not.toBe(stamp.hash);
    next.close();
    await expect(files.save({ ...stamp, path: at('state.db') }, 'x', true)).rejects.toThrow(refused('refused'));
    expect(() => files.watch([at('other.sql')])).toThrow(refused('refused'));
  });

  it('never writes over what another program wrote meanwhile', async () => {
    writeFileSync(at('a.sql'), 'select 1');
    files.choose(at('a.sql'));
    const { stamp } = await files.read(at('a.sql'));
    expect(await files.check(stamp)).toEqual({ kind: 'same' });
    writeFileSync(at('a.sql'), 'select 99');
    expect(await files.check(stamp)).toMatchObject({ kind: 'changed', file: { text: 'select 99' } });
    await expect(files.save(stamp, 'select 2', false)).rejects.toThrow(refused('busy'));
    expect(readFileSync(at('a.sql'), 'utf8')).toBe('select 99');
    const kept = await files.save(stamp, 'select 2', true);
    expect(await files.check(kept)).toEqual({ kind: 'same' });
    rmSync(at('a.sql'));
    expect(await files.check(kept)).toEqual({ kind: 'deleted' });
    writeFileSync(at('a.sql'), Buffer.from([0, 1]));
    expect(await files.check(kept)).toMatchObject({ kind: 'unreadable' });
  });

  it('is told of a change outside, also of one by renaming', async () => {
    writeFileSync(at('a.sql'), 'select 1');
    files.choose(at('a.sql'));
    files.watch([at('a.sql')]);
    const told = new Promise<string>((resolve) => files.onChange(resolve));
    await writeTextFile(at('a.sql'), 'select 2', { encoding: 'utf-8', lineEnd: 'lf' });
    expect(await told).toBe(at('a.sql'));
  });
});
