import { z } from 'zod';
import { objectRef } from './catalog';
import { call, defineContract } from './core';

export const roleEntry = z.object({
  name: z.string(),
  superuser: z.boolean(),
  inherit: z.boolean(),
  createRole: z.boolean(),
  createDatabase: z.boolean(),
  login: z.boolean(),
  replication: z.boolean(),
  bypassRls: z.boolean(),
  /** -1 is no limit. */
  connectionLimit: z.number().int(),
  /** ISO 8601; null is for ever. */
  validUntil: z.string().nullable(),
  comment: z.string().nullable(),
  /** Roles that it is a member of, and whether it may give that on. */
  memberOf: z.array(z.object({ role: z.string(), admin: z.boolean() })),
  members: z.array(z.string()),
  /** One of the server's own, pg_monitor and the like. */
  system: z.boolean(),
});
export type RoleEntry = z.infer<typeof roleEntry>;

/** Who may do what on an object, and by whose grant. */
export const grantEntry = z.object({
  /** `PUBLIC` is everybody. */
  grantee: z.string(),
  privilege: z.string(),
  grantable: z.boolean(),
  grantor: z.string(),
  /** For a grant on one column. */
  column: z.string().nullable(),
  /** The owner's own rights, and those that an object has as long as nothing was granted. */
  implicit: z.boolean(),
});
export type GrantEntry = z.infer<typeof grantEntry>;

export const objectGrants = z.object({
  owner: z.string(),
  grants: z.array(grantEntry),
  /** Privileges that this kind of object knows. */
  privileges: z.array(z.string()),
  rowSecurity: z.object({ enabled: z.boolean(), forced: z.boolean(), policies: z.array(z.object({ name: z.string(), command: z.string(), roles: z.array(z.string()), permissive: z.boolean(), using: z.string().nullable(), check: z.string().nullable() })) }),
  /** What new objects of this kind in this schema get. */
  defaults: z.array(z.object({ owner: z.string(), schema: z.string().nullable(), grantee: z.string(), privileges: z.array(z.string()) })),
  /** What every role can effectively do, memberships and PUBLIC counted in. */
  effective: z.array(z.object({ role: z.string(), privileges: z.array(z.string()) })),
});
export type ObjectGrants = z.infer<typeof objectGrants>;

export const roleChange = z.object({
  name: z.string().min(1),
  /** null for a new role. */
  was: z.string().nullable(),
  superuser: z.boolean(),
  inherit: z.boolean(),
  createRole: z.boolean(),
  createDatabase: z.boolean(),
  login: z.boolean(),
  replication: z.boolean(),
  bypassRls: z.boolean(),
  connectionLimit: z.number().int().min(-1),
  validUntil: z.string().nullable(),
  memberOf: z.array(z.string()),
});
export type RoleChange = z.infer<typeof roleChange>;

export const grantChange = z.object({
  object: objectRef,
  action: z.enum(['grant', 'revoke']),
  privileges: z.array(z.string()).min(1),
  grantee: z.string().min(1),
  withGrantOption: z.boolean().default(false),
  columns: z.array(z.string()).default([]),
});
export type GrantChange = z.infer<typeof grantChange>;

const onConnection = z.object({ connectionId: z.string() });
const script = z.object({ script: z.string(), statements: z.array(z.string()) });

export const rolesContract = defineContract('roles', {
  list: call(onConnection, z.object({ roles: z.array(roleEntry), current: z.string(), limits: z.array(z.string()) })),
  /** Rejects with `unsupported` for kinds without grants. */
  grants: call(onConnection.extend({ object: objectRef }), objectGrants),
  /** Tables, views, sequences, functions and schemas on which a role has been granted something, at most 1,000. */
  holdings: call(onConnection.extend({ role: z.string() }), z.array(z.object({ object: z.string(), kind: z.string(), privileges: z.array(z.string()), owner: z.boolean() }))),
  /** The statements that make or change a role. */
  planRole: call(onConnection.extend({ from: roleEntry.nullable(), to: roleChange }), script),
  planGrant: call(onConnection.extend({ change: grantChange }), script),
  dropStatement: call(onConnection.extend({ role: z.string() }), script),
  /**
   * ALTER ROLE with a SCRAM-SHA-256 verifier computed here, as psql's \password does: the server, its log and the history never see
   * the password.
   */
  passwordStatement: call(onConnection.extend({ role: z.string(), password: z.string().min(1).max(1000) }), script),
});
