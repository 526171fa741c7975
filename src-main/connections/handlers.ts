import type { connectionsContract } from '../../src-preload/contract/connections';
import type { Handlers } from '../../src-preload/contract/core';
import type { ConnectionsService } from './service';

/** What the window may ask of the connections. Passwords go in, never out, except the one that a person pasted in a URL. */
export function connectionsHandlers(connections: ConnectionsService): Handlers<typeof connectionsContract> {
  return {
    list: async () => {
      const profiles = await connections.list();
      return Promise.all(
        profiles.map(async (profile) => ({
          ...profile,
          hasPassword: await connections.hasPassword(profile),
          knownLocks: await connections.knownLocks(profile),
          status: connections.status(profile.id),
          demo: connections.isDemo(profile.id),
        })),
      );
    },
    capabilities: ({ id }) => connections.capabilities(id),
    save: ({ profile, password, locks }) => connections.save(profile, password, locks),
    remove: async ({ id }) => void (await connections.remove(id)),
    parseUrl: ({ url }) => connections.parseUrl(url),
    test: ({ id, target, password, locks }, { signal }) => connections.test(id, target, password, signal, locks),
    open: ({ id, password }, { signal }) => connections.open(id, password, signal),
    trustHostKey: ({ host, port, fingerprint }) => connections.trustHostKey(host, port, fingerprint),
    supplySecret: ({ lock, secret }) => connections.supplySecret(lock, secret),
    passwordSource: ({ target }) => connections.passwordSource(target),
    services: () => connections.services(),
    close: async ({ id }) => void (await connections.close(id)),
  };
}
