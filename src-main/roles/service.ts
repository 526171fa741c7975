import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { GrantChange, ObjectGrants, RoleChange, RoleEntry } from '../../src-preload/contract/roles';
import type { ConnectionsService } from '../connections/service';
import type { Connection } from '../drivers/driver';
import type { Holding, RoleList, RolesDriver } from '../drivers/roles';
import { AppError } from '../errors';

/** Statements as a script in one transaction. */
export interface RoleScript {
  readonly script: string;
  readonly statements: string[];
}

/** Who there is and who may do what; it plans changes and runs none. */
export interface RolesService {
  list(connectionId: string, signal: AbortSignal): Promise<RoleList>;
  grants(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<ObjectGrants>;
  holdings(connectionId: string, role: string, signal: AbortSignal): Promise<Holding[]>;
  planRole(connectionId: string, from: RoleEntry | null, to: RoleChange): Promise<RoleScript>;
  planGrant(connectionId: string, change: GrantChange, signal: AbortSignal): Promise<RoleScript>;
  planDrop(connectionId: string, role: string): Promise<RoleScript>;
  /** The password is in neither script nor log. */
  planPassword(connectionId: string, role: string, password: string): Promise<RoleScript>;
}

export function createRolesService({ connections }: { connections: Pick<ConnectionsService, 'resolve' | 'driver' | 'withSession'> }): RolesService {
  const driverOf = async (connectionId: string): Promise<RolesDriver> => {
    const profile = await connections.resolve(connectionId);
    const { roles, capabilities } = connections.driver(profile);
    if (roles) return roles;
    throw new AppError('unsupported', `“${profile.name}” has no users and grants.`, typeof capabilities.roles === 'string' ? { detail: capabilities.roles } : {});
  };
  const onSession = async <T>(connectionId: string, signal: AbortSignal, work: (driver: RolesDriver, connection: Connection) => Promise<T>): Promise<T> => {
    const driver = await driverOf(connectionId);
    return connections.withSession(connectionId, { applicationName: 'ai-shell roles', signal }, (connection) => work(driver, connection));
  };
  return {
    list: (connectionId, signal) => onSession(connectionId, signal, (driver, connection) => driver.list(connection, signal)),
    grants: (connectionId, object, signal) => onSession(connectionId, signal, (driver, connection) => driver.grants(connection, object, signal)),
    holdings: (connectionId, role, signal) => onSession(connectionId, signal, (driver, connection) => driver.holdings(connection, role, signal)),
    planRole: async (connectionId, from, to) => scriptOf((await driverOf(connectionId)).planRole(from, to)),
    planGrant: async (connectionId, change, signal) => scriptOf(await onSession(connectionId, signal, (driver, connection) => driver.planGrant(connection, change, signal))),
    planDrop: async (connectionId, role) => scriptOf((await driverOf(connectionId)).planDrop(role)),
    planPassword: async (connectionId, role, password) => scriptOf((await driverOf(connectionId)).planPassword(role, password)),
  };
}

function scriptOf(statements: string[]): RoleScript {
  const lines = statements.map((text) => `${text};`);
  return { statements, script: (statements.length > 1 ? ['BEGIN;', ...lines, 'COMMIT;'] : lines).join('\n') };
}
