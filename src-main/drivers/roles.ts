import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { GrantChange, ObjectGrants, RoleChange, RoleEntry } from '../../src-preload/contract/roles';
import type { Connection } from './driver';

export interface RoleList {
  readonly roles: RoleEntry[];
  /** The role that the connection works as. */
  readonly current: string;
  /** What this role cannot see or do, in sentences. */
  readonly limits: string[];
}

export interface Holding {
  readonly object: string;
  readonly kind: string;
  readonly privileges: string[];
  readonly owner: boolean;
}

/** Who there is and who may do what. The plans are pure; nothing is run. */
export interface RolesDriver {
  list(connection: Connection, signal: AbortSignal): Promise<RoleList>;
  grants(connection: Connection, object: ObjectRef, signal: AbortSignal): Promise<ObjectGrants>;
  holdings(connection: Connection, role: string, signal: AbortSignal): Promise<Holding[]>;
  planRole(from: RoleEntry | null, to: RoleChange): string[];
  planGrant(connection: Connection, change: GrantChange, signal: AbortSignal): Promise<string[]>;
  planDrop(role: string): string[];
  /** The password itself is in none of the statements. */
  planPassword(role: string, password: string): string[];
}
