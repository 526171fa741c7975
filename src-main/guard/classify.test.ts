import { expect, it } from 'vitest';
import { createGuardService } from './create';

const guard = createGuardService();

const cases: [string, string, string][] = [
  ['select 1', 'read', 'only reads'],
  ['insert into t values (1)', 'write', 'inserts rows'],
  ['create table t (a int)', 'ddl', 'is a CREATE'],
  ['set work_mem = 1', 'session', 'changes a setting of the session'],
  ['select pg_sleep(1)', 'write', 'calls pg_sleep, which holds the session for as long as it likes'],
  ['select (1.5).pg_sleep', 'write', 'may call pg_sleep'],
  ['selec 1', 'unknown', 'cannot be analysed: syntax error at or near "selec"'],
  ['', 'unknown', 'holds no statement'],
  ['select 1; select 2', 'unknown', 'holds 2 statements'],
  ['select 1\0; drop table x', 'unknown', 'contains a NUL'],
  ['explain analyze delete from t', 'write', 'EXPLAIN ANALYZE runs it'],
  ['with x as (delete from t returning *) select * from x', 'write', 'deletes rows in its WITH clause'],
  [`select md5(repeat('x', 1000000000))`, 'write', 'calls repeat to make a value of 1,000,000,000 characters'],
  [`select repeat(repeat('xy', 10000), 10000)`, 'write', 'calls repeat to make a value of 200,000,000 characters'],
  [`select rpad('x', 2000000000)`, 'write', 'calls rpad to make a value of 2,000,000,000 characters'],
  [`select repeat('x', (10 ^ 9)::int)`, 'write', 'calls repeat to make a value of a computed, perhaps huge length'],
  [`select repeat('x', (select 100))`, 'write', 'perhaps huge length'],
  [`select repeat('#', n / 10), lpad(n::text, 10), repeat('-', 0) from t`, 'read', 'only reads'],
  [`select 1${'+1'.repeat(30_000)}`, 'unknown', 'nested too deeply'],
];

it.each(cases.map(([text, ...rest]) => [text.slice(0, 60), text, ...rest] as const))('%s', async (_name, text, statementClass, reason) => {
  const verdict = await guard.classify(text, {});
  expect(verdict).toMatchObject({ class: statementClass, readOnly: statementClass === 'read' });
  expect(verdict.reason).toContain(reason);
});
