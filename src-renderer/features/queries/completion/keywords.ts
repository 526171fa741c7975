import { RESERVED } from '../../../../src-preload/contract/sqlNames';

export { quoteIdentifier } from '../../../../src-preload/contract/sqlNames';

/** Words that are never an alias right after a table. */
export const NOT_AN_ALIAS = new Set([
  ...RESERVED,
  ...'set values where group order having limit offset fetch for window union intersect except returning on using join inner left right full cross natural tablesample when then matched'.split(' '),
]);

/** Words that begin a clause at the level of a query. */
export const CLAUSES = new Set(
  'select from join on using where group order having limit offset fetch set values returning into update delete insert merge with window union intersect except table truncate for'.split(' '),
);

const compare = ['AND', 'OR', 'IS NULL', 'IS NOT NULL', 'IN (', 'NOT IN (', 'LIKE', 'ILIKE', 'NOT LIKE', 'BETWEEN', 'IS DISTINCT FROM', 'SIMILAR TO', 'COLLATE', 'AT TIME ZONE'];
const tail = ['GROUP BY', 'HAVING', 'WINDOW', 'ORDER BY', 'LIMIT', 'OFFSET', 'FETCH FIRST', 'UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'FOR UPDATE', 'FOR SHARE'];
const joins = ['JOIN', 'LEFT JOIN', 'INNER JOIN', 'RIGHT JOIN', 'FULL JOIN', 'CROSS JOIN', 'JOIN LATERAL', 'NATURAL JOIN'];
const caseWords = ['WHEN', 'THEN', 'ELSE', 'END'];

/** What can begin a statement. */
export const STARTS = [
  'SELECT', 'WITH', 'INSERT INTO', 'UPDATE', 'DELETE FROM', 'EXPLAIN', 'EXPLAIN (ANALYZE, BUFFERS)', 'CREATE TABLE', 'CREATE INDEX CONCURRENTLY', 'CREATE INDEX', 'CREATE VIEW',
  'CREATE MATERIALIZED VIEW', 'CREATE FUNCTION', 'ALTER TABLE', 'DROP TABLE', 'TRUNCATE', 'BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'SET', 'SHOW', 'VACUUM', 'ANALYZE',
  'VALUES', 'TABLE', 'MERGE INTO', 'CALL', 'DO', 'GRANT', 'REVOKE', 'COMMENT ON', 'REFRESH MATERIALIZED VIEW', 'COPY', 'LOCK TABLE', 'REINDEX', 'LISTEN', 'NOTIFY',
];
/** What can stand where a value is expected, besides columns and functions. */
export const OPERANDS = ['NOT', 'EXISTS (', 'CASE WHEN', 'NULL', 'TRUE', 'FALSE', 'CAST(', 'EXTRACT(', 'ARRAY[', 'INTERVAL', 'CURRENT_DATE', 'CURRENT_TIMESTAMP', 'CURRENT_USER', 'DEFAULT', 'SELECT'];
export const AFTER_SELECT = ['DISTINCT', 'DISTINCT ON (', 'ALL'];
export const AFTER_IS = ['NULL', 'NOT NULL', 'TRUE', 'FALSE', 'NOT TRUE', 'NOT FALSE', 'UNKNOWN', 'DISTINCT FROM', 'NOT DISTINCT FROM'];

/** What can follow a finished operand or table, by the clause that it stands in. */
export const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  select: ['FROM', 'AS', ...compare, ...caseWords, 'OVER (', 'FILTER (WHERE', 'INTO', ...tail, 'WHERE'],
  from: [...joins, 'WHERE', 'ON', 'USING (', 'AS', 'TABLESAMPLE', ...tail, 'RETURNING'],
  join: ['ON', 'USING (', 'AS', ...joins, 'WHERE', ...tail],
  on: [...compare, ...joins, 'WHERE', ...tail, 'CONFLICT', 'DO NOTHING', 'DO UPDATE SET', ...caseWords],
  using: [...joins, 'WHERE', ...tail, 'ON', 'AS'],
  where: [...compare, ...tail, 'RETURNING', ...caseWords],
  having: [...compare, ...tail, ...caseWords],
  group: ['HAVING', 'ORDER BY', 'LIMIT', ...compare, ...tail],
  order: ['ASC', 'DESC', 'NULLS FIRST', 'NULLS LAST', 'LIMIT', 'OFFSET', 'FETCH FIRST', 'FOR UPDATE', ...compare],
  limit: ['OFFSET', 'FOR UPDATE'],
  offset: ['LIMIT', 'ROWS', 'FETCH FIRST', 'FOR UPDATE'],
  set: ['WHERE', 'FROM', 'RETURNING', ...compare],
  update: ['SET', 'AS'],
  delete: ['FROM'],
  into: ['VALUES (', 'SELECT', 'DEFAULT VALUES', 'AS', 'USING', 'OVERRIDING SYSTEM VALUE'],
  values: ['ON CONFLICT', 'RETURNING', ...tail],
  returning: ['AS', ...compare, 'INTO'],
  insert: ['INTO'],
  merge: ['INTO'],
  with: ['AS (', 'AS MATERIALIZED (', 'AS NOT MATERIALIZED (', 'SELECT', 'INSERT INTO', 'UPDATE', 'DELETE FROM', 'RECURSIVE'],
  union: ['SELECT', 'ALL', 'DISTINCT'],
  intersect: ['SELECT', 'ALL'],
  except: ['SELECT', 'ALL'],
  window: ['AS (', ...tail],
  table: ['ADD COLUMN', 'DROP COLUMN', 'ALTER COLUMN', 'RENAME TO', 'RENAME COLUMN', 'ADD CONSTRAINT', 'DROP CONSTRAINT', 'ENABLE TRIGGER', 'CASCADE', 'RESTRICT'],
  truncate: ['CASCADE', 'RESTRICT', 'RESTART IDENTITY', 'CONTINUE IDENTITY'],
};
