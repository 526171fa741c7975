import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenize } from './lexer';
import { boundariesOf, boundsAround, statementAtOffset, updateBoundaries, type TextSource } from './statements';

const source = (text: string): TextSource => ({ length: text.length, sliceString: (from, to) => text.slice(from, to) });
const split = (text: string): string[] => {
  const ends = boundariesOf(text);
  return [0, ...ends].map((from, index) => text.slice(from, ends[index] ?? text.length));
};
/** Text of pieces that matter to the lexer, so that chance finds the corners. */
const sqlish = fc.array(fc.constantFrom("'", '"', '$$', '$a$', '--', '/*', '*/', ';', '\n', ' ', '(', ')', 'a', 'BEGIN', ' ATOMIC ', ' CASE ', ' END ', "E'\\'", '1.5', '::', '.', 'é'), { maxLength: 40 }).map((parts) => parts.join(''));

describe('tokenize', () => {
  it('covers any text without a gap', () => {
    fc.assert(
      fc.property(fc.oneof(sqlish, fc.string()), (text) => {
        const tokens = tokenize(text);
        expect(tokens.map((token) => text.slice(token.from, token.to)).join('')).toBe(text);
        expect(tokens.every((token) => token.to > token.from)).toBe(true);
      }),
    );
  });

  it('knows strings, quoted names, dollar quotes, nested comments and parameters', () => {
    const kinds = (text: string) => tokenize(text).filter((token) => token.kind !== 'space').map((token) => token.kind);
    expect(kinds("'it''s' E'\\'' \"a\"\"b\" $x$;'$x$ /* a /* b */ c */ $1 U&'x' U&\"y\"")).toEqual(['string', 'string', 'quoted', 'dollar', 'comment', 'parameter', 'string', 'quoted']);
    expect(kinds('a<>-1 --x')).toEqual(['word', 'operator', 'number', 'comment']);
    expect(kinds('1.5e-10 .5 0xff')).toEqual(['number', 'number', 'number']);
  });
});

describe('boundariesOf', () => {
  it('splits at semicolons that end a statement', () => {
    expect(split("SELECT ';'; SELECT $$;$$ -- ;\n; SELECT 1")).toEqual(["SELECT ';';", ' SELECT $$;$$ -- ;\n;', ' SELECT 1']);
    expect(split('CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3')).toHaveLength(2);
  });

  it('keeps the body of a function in SQL standard form together', () => {
    expect(split('CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3')).toHaveLength(2);
    expect(split('BEGIN; SELECT 1; END;')).toHaveLength(4);
  });
});

describe('updateBoundaries', () => {
  it('gives what reading the whole text anew gives', () => {
    fc.assert(
      fc.property(sqlish, sqlish, fc.nat(), fc.nat(), (text, insert, a, b) => {
        const [from, to] = [a % (text.length + 1), b % (text.length + 1)].toSorted((x, y) => x - y) as [number, number];
        const changed = text.slice(0, from) + insert + text.slice(to);
        expect(updateBoundaries(boundariesOf(text), source(changed), from, to, from + insert.length)).toEqual(boundariesOf(changed));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('statementAtOffset', () => {
  const at = (marked: string): string | null => {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    const range = statementAtOffset(source(text), boundariesOf(text), offset);
    return range && text.slice(range.from, range.to);
  };

  it('takes the statement that the cursor is in, touches, or stands before', () => {
    expect(at('SELECT 1;\nSEL|ECT 2;\n')).toBe('SELECT 2;');
    expect(at('SELECT 1;|\nSELECT 2;')).toBe('SELECT 1;');
    expect(at('SELECT 1; |\nSELECT 2;')).toBe('SELECT 1;');
    expect(at('SELECT 1;\n|\n-- two\nSELECT 2;')).toBe('SELECT 2;');
    expect(at('SELECT 1;\n\n|')).toBe('SELECT 1;');
    expect(at('SELECT 1\n  |')).toBe('SELECT 1');
    expect(at('  -- nothing |')).toBeNull();
    expect(at('|;;')).toBeNull();
  });

  it('bounds the stretch that completion reads', () => {
    const text = 'SELECT 1; SELECT  ';
    expect(boundsAround(boundariesOf(text), text.length, text.length)).toEqual({ from: 9, to: 18 });
    expect(boundsAround(boundariesOf(text), 9, text.length)).toEqual({ from: 9, to: 18 });
  });
});
