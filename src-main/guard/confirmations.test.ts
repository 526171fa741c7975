import { expect, it } from 'vitest';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { createGuardService } from './create';

const guard = createGuardService();
const profile = (environment: ConnectionProfile['environment']): ConnectionProfile => ({
  id: 'x', name: 'shop', color: 'red', readOnly: false, environment,
  target: { engine: 'postgresql', host: 'h', port: 5432, database: 'd', user: 'u', tls: { mode: 'prefer' } },
});

const asked = async (text: string, environment: ConnectionProfile['environment']): Promise<[string, string[]][]> => {
  const verdict = await guard.classify(text, {});
  const found = await guard.confirmations([{ text, verdict }], profile(environment));
  for (const one of found) expect(one).toMatchObject({ statement: text, sentence: expect.stringContaining('shop') });
  return found.map((one) => [one.reason, one.objects]);
};

it.each<[string, [string, string[]][]]>([
  ['select * from t', []],
  ['insert into t values (1)', []],
  ['update t set a = 1 where id = 5', []],
  ['update s.t set a = 1', [['no_where', ['s.t']]]],
  ['delete from t', [['no_where', ['t']]]],
  ['delete from t where true', [['no_where', ['t']]]],
  ['delete from t where 1 = 1', [['no_where', ['t']]]],
  ["delete from t where id = 5 or 'a' = 'a'", [['no_where', ['t']]]],
  ['delete from t where id = id and not false', [['no_where', ['t']]]],
  ["delete from t where 't'::boolean and 2 > 1", [['no_where', ['t']]]],
  ['delete from t where false', []],
  ['delete from t where 1 = 2', []],
  ['with x as (delete from t returning *) select * from x', [['no_where', ['t']]]],
  ['explain analyze update t set a = 1', [['no_where', ['t']]]],
  ['explain update t set a = 1', []],
  ['prepare p as delete from t', [['no_where', ['t']]]],
  ['drop table a, s.b', [['drop', ['a', 's.b']]]],
  ['drop view v', [['drop', ['v']]]],
  ['drop function f(int)', [['drop', ['f']]]],
  ['drop schema s cascade', [['drop', ['s']]]],
  ['drop database d', [['drop', ['d']]]],
  ['drop role r', [['drop', ['r']]]],
  ['drop owned by r', [['drop', []]]],
  ['alter table t drop column c', [['drop', ['t']]]],
  ['truncate a, b', [['truncate', ['a', 'b']]]],
  ['create table n (a int)', []],
  ['selec 1', []],
])('anywhere: %s', async (text, expected) => {
  expect(await asked(text, 'dev')).toEqual(expected);
});

it.each<[string, string[]]>([
  ['select 1', []],
  ['set work_mem = 1', []],
  ['begin', []],
  ['insert into t values (1)', ['production_write']],
  ['select evil()', ['production_write']],
  ['create table n (a int)', ['ddl_on_production']],
  ['do $$ begin end $$', ['production_write']],
  ['selec 1', ['unknown_statement']],
  ['delete from t', ['no_where']],
  ['drop table t', ['drop']],
])('on production: %s', async (text, expected) => {
  expect((await asked(text, 'production')).map(([reason]) => reason)).toEqual(expected);
});

it.each<['dev' | 'staging', 'destructive' | 'structure' | 'writes', string, string[]]>([
  ['dev', 'destructive', 'insert into t values (1)', []],
  ['dev', 'structure', 'create table n (a int)', ['ddl']],
  ['dev', 'structure', 'selec 1', ['unknown_statement']],
  ['dev', 'structure', 'insert into t values (1)', []],
  ['dev', 'writes', 'insert into t values (1)', ['write']],
  ['staging', 'writes', 'drop table t', ['drop']],
  ['staging', 'writes', 'select 1', []],
])('a policy adds: %s asks before %s: %s', async (environment, strictness, text, expected) => {
  const strict = createGuardService({ policy: () => Promise.resolve({ dev: 'destructive', staging: 'destructive', [environment]: strictness }) });
  const verdict = await strict.classify(text, {});
  expect((await strict.confirmations([{ text, verdict }], profile(environment))).map(({ reason }) => reason)).toEqual(expected);
});

it('no policy takes anything away', async () => {
  for (const text of ['drop table t', 'truncate t', 'delete from t', 'update t set a = 1']) {
    for (const environment of ['dev', 'staging', 'production'] as const) expect(await asked(text, environment), text).toHaveLength(1);
  }
  expect(await asked('insert into t values (1)', 'production')).toHaveLength(1);
});
