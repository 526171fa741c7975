import type { ObjectKind } from '../../../../src-preload/contract/catalog';
import type { GrantChange, RoleChange, RoleEntry } from '../../../../src-preload/contract/roles';
import { qualified, quoteIdentifier, quoteLiteral } from '../../../../src-preload/contract/sqlNames';
import { AppError } from '../../../errors';
import { scramVerifier } from '../scram';

type Attribute = 'superuser' | 'inherit' | 'createRole' | 'createDatabase' | 'login' | 'replication' | 'bypassRls';

const attributes: Readonly<Record<Attribute, string>> = {
  login: 'LOGIN',
  superuser: 'SUPERUSER',
  createDatabase: 'CREATEDB',
  createRole: 'CREATEROLE',
  inherit: 'INHERIT',
  replication: 'REPLICATION',
  bypassRls: 'BYPASSRLS',
};
/** What CREATE ROLE gives when nothing is said. */
const fresh: Pick<RoleEntry, Attribute | 'connectionLimit' | 'validUntil'> = { login: false, superuser: false, createDatabase: false, createRole: false, inherit: true, replication: false, bypassRls: false, connectionLimit: -1, validUntil: null };

/** The statements that make or change a role: its name, then its attributes, then its memberships. */
export function planRole(from: RoleEntry | null, to: RoleChange): string[] {
  const name = quoteIdentifier(to.name);
  const base = from ?? fresh;
  const words = (Object.keys(attributes) as Attribute[]).filter((key) => base[key] !== to[key]).map((key) => `${to[key] ? '' : 'NO'}${attributes[key]}`);
  if (base.connectionLimit !== to.connectionLimit) words.push(`CONNECTION LIMIT ${to.connectionLimit}`);
  if (base.validUntil !== to.validUntil) words.push(`VALID UNTIL ${to.validUntil === null ? "'infinity'" : quoteLiteral(to.validUntil)}`);
  const before = (from?.memberOf ?? []).map(({ role }) => role);
  return [
    ...(from && from.name !== to.name ? [`ALTER ROLE ${quoteIdentifier(from.name)} RENAME TO ${name}`] : []),
    ...(from === null ? [`CREATE ROLE ${name}${words.length === 0 ? '' : ` ${words.join(' ')}`}`] : words.length === 0 ? [] : [`ALTER ROLE ${name} ${words.join(' ')}`]),
    ...to.memberOf.filter((role) => !before.includes(role)).map((role) => `GRANT ${quoteIdentifier(role)} TO ${name}`),
    ...before.filter((role) => !to.memberOf.includes(role)).map((role) => `REVOKE ${quoteIdentifier(role)} FROM ${name}`),
  ];
}

const targets: Partial<Record<ObjectKind, string>> = { table: 'TABLE', partition: 'TABLE', view: 'TABLE', materialized_view: 'TABLE', foreign_table: 'TABLE', sequence: 'SEQUENCE', type: 'TYPE' };

/** GRANT or REVOKE. `signature` is a function's kind, name and arguments. */
export function planGrant(change: GrantChange, signature: string | null): string[] {
  const { object, action } = change;
  const columns = change.columns.length === 0 ? '' : ` (${change.columns.map(quoteIdentifier).join(', ')})`;
  for (const privilege of change.privileges) {
    if (!/^[A-Z ]+$/.test(privilege)) throw new AppError('bad_input', `There is no privilege ${privilege}.`);
  }
  const privileges = change.privileges.map((privilege) => `${privilege}${columns}`).join(', ');
  const word = targets[object.kind];
  const on = signature ?? (word === undefined ? null : `${word} ${qualified(object.schema, object.name)}`);
  if (on === null) throw new AppError('unsupported', `Nothing can be granted on an ${object.kind.replace('_', ' ')}.`);
  const grantee = change.grantee === 'PUBLIC' ? 'PUBLIC' : quoteIdentifier(change.grantee);
  return [action === 'grant' ? `GRANT ${privileges} ON ${on} TO ${grantee}${change.withGrantOption ? ' WITH GRANT OPTION' : ''}` : `REVOKE ${privileges} ON ${on} FROM ${grantee}`];
}

export const planPassword = (role: string, password: string): string[] => [`ALTER ROLE ${quoteIdentifier(role)} PASSWORD ${quoteLiteral(scramVerifier(password))}`];
export const planDrop = (role: string): string[] => [`DROP ROLE ${quoteIdentifier(role)}`];
