import { expect, it } from 'vitest';
import { createGuardService } from './create';

const guard = createGuardService();

it.each([
  ['vacuum analyze t', 'VACUUM'],
  ['analyze t', null],
  ['create database x', 'CREATE DATABASE'],
  ['/* note */ create index concurrently i on t (a)', 'CREATE INDEX CONCURRENTLY'],
  ['create index i on t (a)', null],
  ['drop index concurrently i', 'DROP INDEX CONCURRENTLY'],
  ['reindex index concurrently i', 'REINDEX CONCURRENTLY'],
  ['reindex database x', 'REINDEX DATABASE'],
  ['reindex table t', null],
  ['alter system set work_mem = 1', 'ALTER SYSTEM'],
  ['cluster', 'CLUSTER of all tables'],
  ['cluster t using i', null],
  ['discard all', 'DISCARD ALL'],
  ['alter table p detach partition q concurrently', 'DETACH PARTITION CONCURRENTLY'],
  ['alter table p detach partition q', null],
  ['alter database x set tablespace y', 'ALTER DATABASE SET TABLESPACE'],
])('%s', async (text, outside) => expect((await guard.facts(text)).outside).toBe(outside));

it('knows what speaks of transactions', async () => {
  const kind = async (text: string) => (await guard.facts(text)).transaction;
  expect(await kind('START TRANSACTION')).toEqual({ kind: 'begin', savepoint: null });
  expect(await kind('savepoint "A b"')).toEqual({ kind: 'savepoint', savepoint: 'A b' });
  expect(await kind('rollback to x')).toEqual({ kind: 'rollbackTo', savepoint: 'x' });
  expect(await kind('end')).toEqual({ kind: 'end', savepoint: null });
  expect(await kind('select 1')).toBeNull();
  expect((await guard.facts('lock table t')).inside).toBe(true);
});
