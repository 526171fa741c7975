import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../e2e/servers/postgresql';
import type { RoleChange } from '../../../../src-preload/contract/roles';
import { maskSecrets } from '../../../queries/maskSecrets';
import type { Connection } from '../../driver';
import { postgresqlDriver } from '../driver';
import { scramVerifier } from '../scram';
import { silentSink } from '../session';
import { postgresqlRoles } from './driver';

const signal = new AbortController().signal;
let database: TestDatabase;
let connection: Connection;
let suffix = '';

beforeAll(async () => {
  database = await testDatabase();
  suffix = database.target.database;
  connection = await postgresqlDriver.connect({ target: database.target, password: database.password }, { signal, applicationName: 'ai-shell roles' });
});
afterAll(async () => {
  await run(`DROP OWNED BY "Lese Rolle ${suffix}"; DROP ROLE "Lese Rolle ${suffix}"; DROP ROLE "group ${suffix}"`);
  await connection.close();
  await database.drop();
});

const run = (text: string): Promise<void> => connection.run({ text }, silentSink, { signal });
const apply = (statements: readonly string[]): Promise<void> => run(statements.join(';\n'));
const plain: Omit<RoleChange, 'name'> = { was: null, superuser: false, inherit: true, createRole: false, createDatabase: false, login: false, replication: false, bypassRls: false, connectionLimit: -1, validUntil: null, memberOf: [] };
const role = async (name: string) => (await postgresqlRoles.list(connection, signal)).roles.find((one) => one.name === name);

it('makes a role, changes it, and gives it a password that is never sent', async () => {
  const group = `group ${suffix}`;
  const name = `Lese Rolle ${suffix}`;
  await apply(postgresqlRoles.planRole(null, { ...plain, name: group }));
  await apply(postgresqlRoles.planRole(null, { ...plain, name, login: true, connectionLimit: 5, memberOf: [group] }));
  const made = await role(name);
  expect(made).toMatchObject({ login: true, connectionLimit: 5, memberOf: [{ role: group, admin: false }], superuser: false });
  await apply(postgresqlRoles.planRole(made ?? null, { ...plain, was: name, name, login: true, createDatabase: true, validUntil: '2099-01-01 00:00:00+00', memberOf: [] }));
  expect(await role(name)).toMatchObject({ createDatabase: true, connectionLimit: -1, memberOf: [], validUntil: '2099-01-01 00:00:00+00' });
  const statements = postgresqlRoles.planPassword(name, "pässword '✓");
  expect(statements.join()).not.toContain('pässword');
  expect(maskSecrets(statements.join())).toBe(`ALTER ROLE "${name}" PASSWORD '***'`);
  await apply(statements);
  const session = await postgresqlDriver.connect({ target: { ...database.target, user: name }, password: "pässword '✓" }, { signal, applicationName: 'ai-shell test' });
  expect((await postgresqlRoles.list(session, signal)).limits[0]).toContain('CREATEROLE');
  await session.close();
});

it('computes the verifier that RFC 7677 gives', () => {
  // Salt and keys of the RFC's example: user "user", password "pencil", 4096 iterations.
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

it('tells who may do what on a table, by grants, PUBLIC, columns, policies, defaults; and a grant and a revoke change it', async () => {
  const name = `Lese Rolle ${suffix}`;
  await run('CREATE TABLE "Geheim" (id int, salary numeric); ALTER TABLE "Geheim" ENABLE ROW LEVEL SECURITY; CREATE POLICY own_rows ON "Geheim" FOR SELECT USING (id > 0)');
  const object = { schema: 'public', name: 'Geheim', kind: 'table' as const };
  const fresh = await postgresqlRoles.grants(connection, object, signal);
  expect(fresh.grants.every(({ implicit }) => implicit)).toBe(true);
  expect(fresh.rowSecurity).toMatchObject({ enabled: true, policies: [{ name: 'own_rows', command: 'SELECT', roles: ['PUBLIC'], using: '(id > 0)' }] });
  const grant = { object, grantee: name, withGrantOption: true, columns: [] };
  await apply(await postgresqlRoles.planGrant(connection, { ...grant, action: 'grant', privileges: ['SELECT', 'INSERT'] }, signal));
  await apply(await postgresqlRoles.planGrant(connection, { object, action: 'grant', privileges: ['UPDATE'], grantee: 'PUBLIC', withGrantOption: false, columns: ['salary'] }, signal));
  await run(`ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO "${name}"`);
  const now = await postgresqlRoles.grants(connection, object, signal);
  expect(now.grants).toContainEqual(expect.objectContaining({ grantee: name, privilege: 'SELECT', grantable: true, column: null, implicit: false }));
  expect(now.grants).toContainEqual(expect.objectContaining({ grantee: 'PUBLIC', privilege: 'UPDATE', column: 'salary' }));
  expect(now.defaults).toContainEqual(expect.objectContaining({ schema: 'public', grantee: name, privileges: ['SELECT'] }));
  expect(now.effective.find((one) => one.role === name)?.privileges).toEqual(['SELECT', 'INSERT']);
  expect(await postgresqlRoles.holdings(connection, name, signal)).toContainEqual(expect.objectContaining({ object: 'public.Geheim', kind: 'table', privileges: ['INSERT', 'SELECT'] }));
  await apply(await postgresqlRoles.planGrant(connection, { ...grant, action: 'revoke', privileges: ['INSERT'] }, signal));
  expect((await postgresqlRoles.grants(connection, object, signal)).effective.find((one) => one.role === name)?.privileges).toEqual(['SELECT']);
});

it('knows functions and sequences too, and refuses what is no privilege', async () => {
  await run('CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS $$ SELECT $1 * 2 $$; CREATE SEQUENCE numbers');
  const object = { schema: 'public', name: 'twice', kind: 'function' as const };
  const { grants, privileges } = await postgresqlRoles.grants(connection, object, signal);
  expect(privileges).toEqual(['EXECUTE']);
  expect(grants).toContainEqual(expect.objectContaining({ grantee: 'PUBLIC', privilege: 'EXECUTE', implicit: true }));
  expect(await postgresqlRoles.planGrant(connection, { object, action: 'revoke', privileges: ['EXECUTE'], grantee: 'PUBLIC', withGrantOption: false, columns: [] }, signal)).toEqual(['REVOKE EXECUTE ON FUNCTION public.twice(integer) FROM PUBLIC']);
  expect((await postgresqlRoles.grants(connection, { schema: 'public', name: 'numbers', kind: 'sequence' }, signal)).privileges).toContain('USAGE');
  await expect(postgresqlRoles.planGrant(connection, { object, action: 'grant', privileges: ['EXECUTE; DROP TABLE x'], grantee: 'PUBLIC', withGrantOption: false, columns: [] }, signal)).rejects.toMatchObject({ data: { code: 'bad_input' } });
});
