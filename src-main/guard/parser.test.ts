import createModule from 'libpg-query/wasm/libpg-query.js';
import { expect, it } from 'vitest';
import { createParser } from './parser';

it('says that it could not be loaded, and tries again for the next text', async () => {
  let broken = true;
  const parser = createParser(() => (broken ? Promise.reject(new Error('no such file: libpg-query.wasm')) : createModule()));
  await expect(parser.parse('select 1')).rejects.toMatchObject({ code: 'internal', data: { detail: expect.stringContaining('libpg-query.wasm') as unknown } });
  broken = false;
  expect(await parser.parse('select 1')).toMatchObject({ ok: true });
});

it('goes on with a new instance after a text that broke one', async () => {
  let loads = 0;
  const parser = createParser(() => ((loads += 1), createModule()));
  expect(await parser.parse(`select 1${'+1'.repeat(30_000)}`)).toMatchObject({ ok: false });
  expect(await parser.parse('select 1')).toMatchObject({ ok: true });
  expect(loads).toBe(2);
});
