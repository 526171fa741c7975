import { expect, test } from 'vitest';
import { createGuardService } from '../guard/create';
import { explainStatement, explanationMarkdown } from './service';

const guard = createGuardService();
const stepsOf = async (sql: string): Promise<string[]> => {
  const { statement, sections } = await explainStatement(guard, sql);
  return (sections.find(({ id }) => id === 'steps')?.items ?? []).map(({ text, span }) => `${text} <${span ? statement.slice(span.from, span.to) : ''}>`);
};

test('placeholders and everything before the statement keep places where they are', async () => {
  expect(await stepsOf('  -- für 😀\nSELECT a FROM t WHERE a = :wanted AND b > :b;\n')).toEqual([
    'Takes the rows of `t`. <t>',
    'Keeps only rows where `a` equals `:wanted`. <a = :wanted>',
    'Keeps only rows where `b` is greater than `:b`. <b > :b>',
    'Returns 1 column: `a`. <a>',
  ]);
});

test('a join without parentheses inside of another has its own condition', async () => {
  expect(await stepsOf('SELECT 1 FROM a LEFT JOIN b JOIN c ON c.x = b.x ON b.y = a.y')).toEqual([
    'Takes the rows of `a`. <a>',
    'Left-joins the result of another join where `b.y` equals `a.y`; rows before it stay also without a partner, with NULL in its columns. <LEFT JOIN b JOIN c ON c.x = b.x ON b.y = a.y>',
    'Takes the rows of `b`. <b>',
    'Joins `c` where `c.x` equals `b.x`; rows without a partner are left out. <JOIN c ON c.x = b.x>',
    'Returns 1 column: `1`. <1>',
  ]);
});

test.each([
  ['SELECT 1; SELECT 2', /2 statements/],
  ['  ', /no statement/],
  ['SELEC 1', /does not parse: syntax error/],
])('%s is a bad input', async (sql, message) => {
  await expect(explainStatement(guard, sql)).rejects.toMatchObject({ data: { code: 'bad_input', message: expect.stringMatching(message) as string } });
});

test('Markdown fences what holds fences, and keeps the clause beside its sentence', async () => {
  const markdown = explanationMarkdown(await explainStatement(guard, "SELECT '```' AS fence FROM t WHERE a > 1"));
  expect(markdown).toMatch(/^````sql\nSELECT '```'/);
  expect(markdown).toContain('2. Keeps only rows where `a` is greater than `1`. — `a > 1`');
});

test('queries nested too deeply are told as such, whatever part gives up first', async () => {
  const unions = Array.from({ length: 6_000 }, (_, index) => `SELECT ${index}`).join(' UNION ALL ');
  await expect(explainStatement(guard, unions)).rejects.toMatchObject({ data: { code: 'bad_input', message: expect.stringMatching(/nested too deeply/) as string } });
}, 60_000);

test('long and deep statements are explained within seconds', async () => {
  const list = Array.from({ length: 9_000 }, (_, index) => index).join(', ');
  const terms = Array.from({ length: 400 }, (_, index) => `c${index} = ${index}`).join(' AND ');
  const unions = Array.from({ length: 300 }, (_, index) => `SELECT ${index} FROM t${index}`).join(' UNION ALL ');
  for (const sql of [`SELECT a FROM t WHERE a IN (${list})`, `SELECT a FROM t WHERE ${terms}`, unions]) {
    await explainStatement(guard, 'SELECT 1');
    const began = performance.now();
    const { sections } = await explainStatement(guard, sql);
    expect(sections.length).toBeGreaterThan(3);
    expect(performance.now() - began).toBeLessThan(15_000);
  }
}, 60_000);
