import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutScript } from './cutScript';

async function* cutAt(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let index = 0; at < text.length; index += 1) {
    await Promise.resolve();
    const size = Math.max(1, sizes[index % Math.max(1, sizes.length)] ?? 7);
    yield text.slice(at, at + size);
    at += size;
  }
}

async function parts(text: string, sizes: readonly number[] = [1_000_000]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const part of cutScript(cutAt(text, sizes))) {
    if (part.kind !== 'copy') found.push([part.kind, part.text, part.line]);
    else {
      let data = '';
      for await (const piece of part.data) data += Buffer.from(piece).toString('utf8');
      found.push([part.kind, part.text, part.line, data]);
    }
  }
  return found;
}

const dump = `-- a dump
SET x = 1;
\\restrict abc
CREATE TABLE "t;t" (a text DEFAULT ';');
COPY "t;t" (a) FROM stdin;
one; two
\\\\.
\\N
\\.

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
/* last; one */ SELECT 'é;
x'`;

const expected = [
  ['statement', 'SET x = 1', 2],
  ['command', '\\restrict abc', 3],
  ['statement', `CREATE TABLE "t;t" (a text DEFAULT ';')`, 4],
  ['copy', 'COPY "t;t" (a) FROM stdin', 5, 'one; two\n\\\\.\n\\N\n'],
  ['statement', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$', 11],
  ['statement', 'CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END', 12],
  ['statement', `SELECT 'é;\nx'`, 13],
];

describe('cutScript', () => {
  it('finds statements, data and commands with their lines', async () => {
    expect(await parts(dump)).toEqual(expected);
  });

  it('finds the same wherever the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), async (sizes) => {
        expect(await parts(dump, sizes)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('takes data with Windows line ends, empty data, and data without an end', async () => {
    expect(await parts('COPY t FROM stdin;\r\na\r\n\\.\r\nSELECT 1;')).toEqual([['copy', 'COPY t FROM stdin', 1, 'a\r\n'], ['statement', 'SELECT 1', 4]]);
    expect(await parts('COPY t FROM stdin;\n\\.\nSELECT 1')).toEqual([['copy', 'COPY t FROM stdin', 1, ''], ['statement', 'SELECT 1', 3]]);
    expect(await parts('COPY t FROM stdin;\na\nb')).toEqual([['copy', 'COPY t FROM stdin', 1, 'a\nb']]);
  });
});
