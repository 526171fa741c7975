import { z } from 'zod';
import { appErrorData } from './error';
import { call, defineContract, event, nothing } from './core';
import { lockOfHop, lockOfKey, type Lock } from './locks';
import { tunnel, tunnelHop } from './tunnels';
import { parsePrivateColumn } from './privateColumns';

export const engine = z.enum(['postgresql', 'mysql', 'pglite']);
export type Engine = z.infer<typeof engine>;

export const environment = z.enum(['dev', 'staging', 'production']);
export type Environment = z.infer<typeof environment>;

/** As libpq's sslmode. `prefer` tries TLS and falls back; only `verify-ca` and `verify-full` check the certificate. */
export const tlsMode = z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']);
export type TlsMode = z.infer<typeof tlsMode>;

export const serverTarget = z.object({
  /** `mysql` is MariaDB too: the server says at login which it is. */
  engine: z.enum(['postgresql', 'mysql']),
  /** A host name, an address, or the folder of a Unix socket. */
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  database: z.string().min(1),
  user: z.string().min(1),
  tls: z.object({
    mode: tlsMode,
    /** Paths of PEM files. */
    ca: z.string().optional(),
    cert: z.string().optional(),
    key: z.string().optional(),
  }),
  /** The host's name is then resolved by the last of these SSH servers. */
  tunnel: tunnel.optional(),
});
export const embeddedTarget = z.object({
  engine: z.literal('pglite'),
  /** The data folder. */
  folder: z.string().min(1),
});
export const connectionTarget = z.discriminatedUnion('engine', [serverTarget, embeddedTarget]);
export type ConnectionTarget = z.infer<typeof connectionTarget>;
export type ServerTarget = z.infer<typeof serverTarget>;

/** What has to be opened before this target can be reached: its SSH servers and its client key. */
export function locksOf(target: ConnectionTarget): Lock[] {
  if (target.engine === 'pglite') return [];
  const hops = (target.tunnel ?? []).map(lockOfHop).filter((lock) => lock !== null);
  return [...hops, ...(target.tls.key === undefined ? [] : [lockOfKey(target.tls.key)])];
}
/** `auto`: each statement commits by itself. `manual`: the program begins a transaction before what changes something, and a person ends it. */
export const commitMode = z.enum(['auto', 'manual']);
export type CommitMode = z.infer<typeof commitMode>;

/**
 * What of the data reaches Claude. `schema`: names, types, comments and sizes of tables only. `values`: also how values of a column are
 * spelled, and the planner's estimates. `results`: also rows of the queries that it runs.
 */
export const sharing = z.enum(['schema', 'values', 'results']);
export type Sharing = z.infer<typeof sharing>;

/** Mantine's colour names, so that a connection's colour works in both themes. */
export const connectionColor = z.enum(['gray', 'red', 'pink', 'grape', 'violet', 'indigo', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'orange']);

/** A saved connection as it stands in `.ai-shell/connections.yaml`: everything but secrets. */
export const connectionProfile = z.object({
  /** Stable; secrets and history refer to it. */
  id: z.string().min(1),
  /** Unique in the workspace; what the command's `-c` takes. */
  name: z.string().min(1).max(100),
  target: connectionTarget,
  environment,
  color: connectionColor,
  readOnly: z.boolean(),
  /** Where it stands in the list: names of folders with `/` between. */
  folder: z.string().max(200).optional(),
  /** What new query tabs do; absent is `auto`. */
  commitMode: commitMode.optional(),
  /** Absent is `results`. */
  sharing: sharing.optional(),
  /** Columns that are neither told to Claude nor readable by its queries, as `schema.table.column`; `*` stands for all of a part. */
  privateColumns: z.array(z.string().max(300).refine((text) => parsePrivateColumn(text) !== null, 'Write schema.table.column.')).max(1000).optional(),
});
export type ConnectionProfile = z.infer<typeof connectionProfile>;

/** What an engine can do; a string is the reason why it cannot. */
const able = z.union([z.literal(true), z.string()]);
export const capabilities = z.object({
  cancel: able,
  statementTimeout: able,
  parallelSessions: able,
  transactions: able,
  readOnlyLane: able,
  explain: able,
  /** What a statement does, in plain words. */
  explanation: able,
  /** Claude writes queries in words for it. */
  ask: able,
  introspect: able,
  notices: able,
  /** Values for `:name` and `$1`, sent apart from the text. */
  parameters: able,
  copyIn: able,
  imports: able,
  /** Whole tables into files; results can be exported on every engine. */
  tableExport: able,
  rowEdits: able,
  structure: able,
  tls: able,
  processes: able,
  roles: able,
});
export type Capabilities = z.infer<typeof capabilities>;

export const serverInfo = z.object({
  product: z.string(),
  /** For people, such as `15.18`. */
  version: z.string(),
  /** For comparing, such as 150018. */
  versionNumber: z.number().int(),
  user: z.string(),
  database: z.string(),
  superuser: z.boolean(),
  encoding: z.string(),
  timeZone: z.string(),
  encrypted: z.boolean(),
});
export type ServerInfo = z.infer<typeof serverInfo>;

/** How a saved connection stands right now. */
export const connectionStatus = z.object({
  id: z.string(),
  state: z.enum(['closed', 'connecting', 'open', 'lost']),
  server: serverInfo.nullable(),
  error: appErrorData.nullable(),
  /** Open server sessions, one a tab and one for browsing. */
  sessions: z.number().int(),
});
export type ConnectionStatus = z.infer<typeof connectionStatus>;

export const testResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), server: serverInfo, milliseconds: z.number() }),
  z.object({ ok: z.literal(false), error: appErrorData }),
]);

/** `keep` leaves the stored password as it is, bound to the host, port and user that it was given for; `ask` stores none and asks at each start. */
export const passwordChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  z.object({ kind: z.literal('set'), password: z.string() }),
  z.object({ kind: z.literal('ask') }),
]);

/** A URL in the place of a name would be shown and stored in plain, with the password in it. */
const savedName = connectionProfile.shape.name.refine((name) => !name.includes('://'), 'A name is no URL');

/** Secrets before the database (see `Lock`); null forgets a stored one, and a lock that is not named keeps what it has. */
export const lockSecrets = z.array(z.object({ lock: z.string(), secret: z.string().nullable() }));

const byId = z.object({ id: z.string() });

export const connectionsContract = defineContract('connections', {
  /** `hasPassword` and `knownLocks` tell what is stored or was given in this run; never the secrets themselves. */
  list: call(nothing, z.array(connectionProfile.extend({ hasPassword: z.boolean(), knownLocks: z.array(z.string()), status: connectionStatus, demo: z.boolean(), capabilities }))),
  /** Creates when `id` is empty. Rejects with bad_input when the name is taken. */
  save: call(z.object({ profile: connectionProfile.extend({ id: z.string(), name: savedName }), password: passwordChange, locks: lockSecrets.optional() }), connectionProfile),
  remove: call(byId, nothing),
  /** Saves a copy, with its secrets, under a name of its own. */
  duplicate: call(byId, connectionProfile),
  /** What is in another tool's file of connections that the person chose; nothing is saved. Rejects with bad_input for other files. */
  readFile: call(
    z.object({ path: z.string() }),
    z.object({
      tool: z.string(),
      found: z.array(z.object({ name: z.string(), address: z.string(), folder: z.string().nullable(), hasPassword: z.boolean(), notes: z.array(z.string()) })),
      left: z.array(z.object({ name: z.string(), reason: z.string() })),
    }),
  ),
  /** Saves what was picked of it, by its place in `found`; passwords that stand there in plain only with `passwords`. Resolves with the names. */
  importFile: call(z.object({ path: z.string(), picks: z.array(z.number().int().nonnegative()), passwords: z.boolean() }), z.object({ saved: z.array(z.string()) })),
  /** Writes all connections but the demo, without secrets, to a path that the person chose. */
  exportFile: call(z.object({ path: z.string() }), z.object({ count: z.number().int() })),
  /** The named hosts of ~/.ssh/config, as the SSH servers that they resolve to. */
  sshHosts: call(nothing, z.array(z.object({ alias: z.string(), summary: z.string(), hops: z.array(tunnelHop) }))),
  /** Reads a URL such as postgres://user:password@host:5432/db?sslmode=require into form fields. */
  parseUrl: call(z.object({ url: z.string() }), z.object({ target: connectionTarget, password: z.string().nullable() })),
  /** Connects, asks for the version, closes; never saves. With `password: keep` and an id, the stored password is used if it was given for this server. */
  test: call(z.object({ id: z.string(), target: connectionTarget, password: passwordChange, locks: lockSecrets.optional() }), testResult),
  /** Opens the browsing session; `password` answers a connection that is set to ask. */
  open: call(z.object({ id: z.string(), password: z.string().optional() }), connectionStatus),
  /** Remembers the key that this SSH server has just shown. Rejects with not_found when it showed no such key in this run. */
  trustHostKey: call(z.object({ host: z.string(), port: z.number().int(), fingerprint: z.string() }), nothing),
  /** Where a password would come from that is neither stored nor typed: the file `~/.pgpass`, and why it was ignored. */
  passwordSource: call(z.object({ target: connectionTarget }), z.object({ file: z.string().nullable(), ignored: z.string().nullable() })),
  /** Names of the services in pg_service.conf; `parseUrl` reads one by `postgres:///?service=NAME`. */
  services: call(nothing, z.array(z.string())),
  /** Uses a secret in this run and stores it nowhere. */
  supplySecret: call(z.object({ lock: z.string(), secret: z.string() }), nothing),
  /** Closes all sessions; open transactions roll back. */
  close: call(byId, nothing),
  statusChanged: event(connectionStatus),
  /** The list or a profile changed, also by an edit of the YAML file. */
  changed: event(nothing),
});
