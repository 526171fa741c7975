import { describe, expect, it } from 'vitest';
import { readingTwin } from './readingTwin';

describe('readingTwin', () => {
  it.each([
    ["DELETE FROM shop.orders WHERE status = 'x'", "SELECT 1 FROM shop.orders WHERE status = 'x'"],
    ['delete from only t', 'SELECT 1 FROM only t'],
    ['DELETE FROM t AS a USING u, v WHERE a.id = u.id RETURNING *;', 'SELECT 1 FROM t AS a, u, v WHERE a.id = u.id'],
    ["WITH é AS (SELECT 1 AS id) DELETE FROM t USING é WHERE t.id = é.id AND note = 'é'", "WITH é AS (SELECT 1 AS id) SELECT 1 FROM t, é WHERE t.id = é.id AND note = 'é'"],
    ['UPDATE t SET a = (SELECT max(b) FROM u WHERE c = 1) WHERE id = 7', 'SELECT 1 FROM t WHERE id = 7'],
    ['UPDATE t x SET a = u.b FROM u WHERE u.id = x.id RETURNING x.id', 'SELECT 1 FROM t x, u WHERE u.id = x.id'],
    ['UPDATE t SET a = 1;', 'SELECT 1 FROM t'],
    ['INSERT INTO t (a, b) VALUES (1, 2), (3, 4)', 'VALUES (1, 2), (3, 4)'],
    ['INSERT INTO t SELECT u.* FROM u JOIN v ON u.id = v.id ON CONFLICT (id) DO UPDATE SET a = 1', 'SELECT u.* FROM u JOIN v ON u.id = v.id'],
  ])('%s', async (text, twin) => {
    expect(await readingTwin(text)).toBe(twin);
  });

  it('has none for other statements', async () => {
    expect(await readingTwin('TRUNCATE t')).toBeNull();
    expect(await readingTwin('DROP TABLE t')).toBeNull();
    expect(await readingTwin('INSERT INTO t DEFAULT VALUES')).toBeNull();
  });
});
