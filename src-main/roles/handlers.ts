import type { Handlers } from '../../src-preload/contract/core';
import type { rolesContract } from '../../src-preload/contract/roles';
import type { RolesService } from './service';

/** What the window may ask about users and grants. */
export function rolesHandlers(roles: RolesService): Handlers<typeof rolesContract> {
  return {
    list: ({ connectionId }, { signal }) => roles.list(connectionId, signal),
    grants: ({ connectionId, object }, { signal }) => roles.grants(connectionId, object, signal),
    holdings: ({ connectionId, role }, { signal }) => roles.holdings(connectionId, role, signal),
    planRole: ({ connectionId, from, to }) => roles.planRole(connectionId, from, to),
    planGrant: ({ connectionId, change }, { signal }) => roles.planGrant(connectionId, change, signal),
    dropStatement: ({ connectionId, role }) => roles.planDrop(connectionId, role),
    passwordStatement: ({ connectionId, role, password }) => roles.planPassword(connectionId, role, password),
  };
}
