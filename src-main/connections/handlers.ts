import type { connectionsContract } from '../../src-preload/contract/connections';
import type { Handlers } from '../../src-preload/contract/core';
import { hopAddress } from '../../src-preload/contract/locks';
import type { ConnectionsService } from './service';
import type { FoundConnection } from './transfer/foreign';

/** What the window may ask of the connections; `chosenPath` refuses paths that no dialog gave. Passwords go in, never out, except the one that a person pasted in a URL. */
export function connectionsHandlers(connections: ConnectionsService, chosenPath: (path: string) => string): Handlers<typeof connectionsContract> {
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
          capabilities: connections.driver(profile).capabilities,
        })),
      );
    },
    save: ({ profile, password, locks }) => connections.save(profile, password, locks),
    duplicate: ({ id }) => connections.duplicate(id),
    readFile: async ({ path }) => {
      const { tool, found, left } = await connections.transfer.read(chosenPath(path));
      return { tool, found: found.map(described), left: [...left] };
    },
    importFile: async ({ path, picks, passwords }) => ({ saved: (await connections.transfer.take(chosenPath(path), picks, passwords)).map(({ name }) => name) }),
    exportFile: async ({ path }) => ({ count: await connections.transfer.write(chosenPath(path)) }),
    sshHosts: async () => (await connections.sshHosts()).map(({ alias, summary, hops }) => ({ alias, summary, hops: [...hops] })),
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

/** Never with the password itself. */
function described({ profile, password, notes }: FoundConnection) {
  const { name, target, folder = null } = profile;
  const through = target.engine !== 'pglite' && target.tunnel ? ` through ${target.tunnel.map(hopAddress).join(', ')}` : '';
  const address = target.engine === 'pglite' ? target.folder : `${target.user}@${target.host}:${target.port}/${target.database}${through}`;
  return { name, address, folder, hasPassword: password !== null, notes: [...notes] };
}
