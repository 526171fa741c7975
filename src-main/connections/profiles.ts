import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { connectionProfile, embeddedTarget, serverTarget, type ConnectionProfile } from '../../src-preload/contract/connections';
import { AppError } from '../errors';
import type { Workspace } from '../workspace/service';

/** The fields that a person may leave out when writing the file by hand. */
const storedTarget = z.discriminatedUnion('engine', [
  serverTarget.extend({ engine: z.literal('postgresql'), port: serverTarget.shape.port.default(5432), tls: serverTarget.shape.tls.default({ mode: 'prefer' }) }),
  serverTarget.extend({ engine: z.literal('mysql'), port: serverTarget.shape.port.default(3306), tls: serverTarget.shape.tls.default({ mode: 'prefer' }) }),
  embeddedTarget,
]);
const storedProfile = connectionProfile.extend({
  target: storedTarget,
  environment: connectionProfile.shape.environment.default('dev'),
  color: connectionProfile.shape.color.default('gray'),
  readOnly: connectionProfile.shape.readOnly.default(false),
});
const profileFile = z.object({ connections: z.array(storedProfile).default([]) }).superRefine(({ connections }, context) => {
  const taken = { id: new Set<string>(), name: new Set<string>() };
  connections.forEach((profile, index) => {
    for (const field of ['id', 'name'] as const) {
      const value = field === 'name' ? nameKey(profile.name) : profile.id;
      if (taken[field].has(value)) context.addIssue({ code: 'custom', path: ['connections', index, field], message: `another connection has the same ${field}` });
      taken[field].add(value);
    }
  });
});

/** Names are compared without regard to case, so that `Prod` and `prod` are never two servers. */
function nameKey(name: string): string {
  return name.trim().toLowerCase();
}

/** The saved connections of a workspace, in `connections.yaml`; the demo's profile is among them without standing there. */
export interface Profiles {
  list(): Promise<ConnectionProfile[]>;
  /** Creates when `id` is empty. Rejects with `bad_input` when the name is taken, `not_found` when the id is gone. */
  save(profile: ConnectionProfile): Promise<ConnectionProfile>;
  /** Creates all of them or none; a name that is taken gets a number. */
  add(profiles: readonly Omit<ConnectionProfile, 'id'>[]): Promise<ConnectionProfile[]>;
  remove(id: string): Promise<void>;
  onChange(listener: () => void): () => void;
}

export function createProfiles(workspace: Workspace, demo: ConnectionProfile | null): Profiles {
  const file = workspace.file('connections.yaml', profileFile);
  const builtIn = demo ? [demo] : [];
  const all = (stored: readonly ConnectionProfile[]): ConnectionProfile[] => [...builtIn, ...stored.filter((profile) => !builtIn.some((own) => own.id === profile.id))];
  const refuseBuiltIn = (id: string): void => {
    if (builtIn.some((profile) => profile.id === id)) throw new AppError('refused', 'The demo connection comes with the program and cannot be changed.', { hint: 'Save a connection of your own.' });
  };
  return {
    list: async () => all((await file.read()).connections),
    save: async (profile) => {
      refuseBuiltIn(profile.id);
      const name = profile.name.trim();
      const saved = { ...profile, name, id: profile.id === '' ? newId(name) : profile.id };
      await file.update(({ connections }) => {
        const clash = all(connections).find((other) => other.id !== saved.id && nameKey(other.name) === nameKey(name));
        if (clash) throw new AppError('bad_input', `There is already a connection named ${clash.name}.`, { hint: 'Choose another name.' });
        if (profile.id === '') return { connections: [...connections, saved] };
        if (!connections.some((other) => other.id === saved.id)) throw unknownConnection(saved.id);
        return { connections: connections.map((other) => (other.id === saved.id ? saved : other)) };
      });
      return saved;
    },
    add: async (profiles) => {
      let added: ConnectionProfile[] = [];
      await file.update(({ connections }) => {
        const taken = all(connections).map(({ name }) => name);
        added = profiles.map((profile) => {
          const name = freeName(profile.name.trim(), taken);
          taken.push(name);
          return { ...profile, name, id: newId(name) };
        });
        return { connections: [...connections, ...added] };
      });
      return added;
    },
    remove: async (id) => {
      refuseBuiltIn(id);
      await file.update(({ connections }) => {
        const rest = connections.filter((profile) => profile.id !== id);
        if (rest.length === connections.length) throw unknownConnection(id);
        return { connections: rest };
      });
    },
    onChange: (listener) => file.onChange(listener),
  };
}

export function unknownConnection(nameOrId: string): AppError {
  return new AppError('not_found', `There is no connection ${nameOrId}.`, { hint: 'See the list of connections, or give a URL such as postgres://user@host/database.' });
}

/** The name, or with the first number that makes it another than those that are taken. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map(nameKey));
  const numbered = (n: number): string => `${name.slice(0, 94)} (${n})`;
  if (!used.has(nameKey(name))) return name;
  let n = 2;
  while (used.has(nameKey(numbered(n)))) n += 1;
  return numbered(n);
}

/** Random as well as readable: the keychain, where ids name passwords, is shared by all workspaces of a person. */
function newId(name: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 30);
  return `${readable || 'connection'}-${randomBytes(4).toString('hex')}`;
}
