import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createParser } from './parser';
import { split } from './split';

const parser = createParser();
const texts = async (script: string): Promise<string[]> => (await split(parser, script)).statements.map((statement) => statement.text);

describe('split', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' ; ;; -- nothing\n ;', []],
    ['select 1', ['select 1']],
    ['select 1;  select 2 ; ', ['select 1', 'select 2']],
    ["select 'a;b'; select $$ ; $$; select \"x;y\" from t", ["select 'a;b'", 'select $$ ; $$', 'select "x;y" from t']],
    ['/* a; */ select 1 -- ; b\n; select 2 /* c */', ['select 1', 'select 2']],
    ['select 1; /*+ SeqScan(t) */ select 2', ['select 1', '/*+ SeqScan(t) */ select 2']],
    ["select E'\\'; drop table x'; select 2", ["select E'\\'; drop table x'", 'select 2']],
    ['create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end; select 3', [
      'create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end',
      'select 3',
    ]],
    ['create rule r as on insert to t do (delete from a; delete from b); select 1', ['create rule r as on insert to t do (delete from a; delete from b)', 'select 1']],
  ])('%j', async (script, expected) => {
    expect(await texts(script)).toEqual(expected);
  });

  it('gives ranges in UTF-16 offsets', async () => {
    const script = "select 'é𝒳' ; select '😀', ü from t;";
    for (const { text, range } of (await split(parser, script)).statements) expect(script.slice(range.from, range.to)).toBe(text);
    expect(await texts(script)).toEqual(["select 'é𝒳'", "select '😀', ü from t"]);
  });

  it('finds the statements around a broken one and locates the error', async () => {
    const script = "select '😀';\nselec 2;\ncreate function f() returns int language sql begin atomic select 1; select 2; end;\nselect (3;\nselect 4";
    const { statements, error } = await split(parser, script);
    expect(statements.map((statement) => statement.text)).toEqual([
      "select '😀'",
      'selec 2',
      'create function f() returns int language sql begin atomic select 1; select 2; end',
      'select (3',
      'select 4',
    ]);
    expect(error).toEqual({ message: 'syntax error at or near "selec"', position: script.indexOf('selec 2') });
  });

  it('splits a script that is too large to parse whole, and broken strings to the end', async () => {
    const script = "insert into t values (1, 'a;b');\n".repeat(5_000);
    expect((await split(parser, script)).statements).toHaveLength(5_000);
    expect(await texts("select 1; select 'open ; select 2")).toEqual(['select 1', "select 'open ; select 2"]);
  });

  it('cuts by the lexer where the grammar cuts', async () => {
    const piece = fc.constantFrom('select 1', "select ';'", 'select $a$;$a$', 'select "a;b" from t', '/* ; */ select 2', 'select 3 -- ;\n', "select E'\\';'", "select U&'a;'", 'select a/**/+/*;*/-1', ' ', "select 'é;'", 'do $x$ begin; end $x$', 'select $1 + 1', 'select a$b$c from t', "select 'it''s; x'");
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (pieces) => {
        const script = pieces.join(';');
        const byGrammar = await texts(script);
        // A broken statement at the end makes the lexer do the cutting.
        expect(await texts(`${script}; selec`)).toEqual([...byGrammar, 'selec']);
      }),
    );
  });

  it('never throws, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('select ', "'", '"', '$', '$a$', ';', '--', '/*', '*/', '\n', '\\', 'E', '😀', '\ud800', '(', ')', '\0', 'begin atomic', 'end', 'create function '), maxLength: 30 }), async (script) => {
        for (const { text, range } of (await split(parser, script)).statements) expect(script.slice(range.from, range.to)).toBe(text);
      }),
    );
  });
});
