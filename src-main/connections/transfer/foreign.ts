import type { ConnectionProfile, ServerTarget } from '../../../src-preload/contract/connections';
import { tlsMode } from '../../../src-preload/contract/connections';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';

/** A connection that was found in a file, not saved yet. */
export interface FoundConnection {
  readonly profile: Omit<ConnectionProfile, 'id'>;
  /** Stands in the file in plain; null when there is none, or it is encrypted. */
  readonly password: string | null;
  /** What could not be taken over. */
  readonly notes: readonly string[];
}

export interface FoundConnections {
  /** Whose file it is. */
  readonly tool: string;
  readonly found: readonly FoundConnection[];
  /** Entries that are no connection of ours, each with why. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/** What the formats have in common, before defaults and checks. */
export interface ForeignServer {
  readonly name: string;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | null | undefined;
  readonly sslmode?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly tunnel?: readonly TunnelHop[] | undefined;
  readonly folder?: string | undefined;
  readonly environment?: ConnectionProfile['environment'] | undefined;
  readonly readOnly?: boolean | undefined;
  readonly notes?: readonly string[] | undefined;
}

const colors = { dev: 'gray', staging: 'yellow', production: 'red' } as const;

/** Fills gaps as the tools do themselves, and says so. */
export function foreignConnection(server: ForeignServer): FoundConnection {
  const notes = [...(server.notes ?? [])];
  const given = (value: string | undefined, otherwise: string, what: string): string => {
    if (value !== undefined && value.trim() !== '') return value.trim();
    notes.push(`${what} is not in the file; ${otherwise} stands in its place`);
    return otherwise;
  };
  const port = Number(server.port ?? 5432);
  const target: ServerTarget = {
    engine: 'postgresql',
    host: given(server.host, 'localhost', 'the host'),
    port: Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : 5432,
    user: given(server.user, 'postgres', 'the user'),
    database: given(server.database, 'postgres', 'the database'),
    tls: { mode: modeOf(server.sslmode), ...optional('ca', server.ca), ...optional('cert', server.cert), ...optional('key', server.key) },
    ...(server.tunnel && server.tunnel.length > 0 ? { tunnel: [...server.tunnel] } : {}),
  };
  const environment = server.environment ?? 'dev';
  const name = (server.name.trim().replaceAll('://', ' ') || `${target.database} on ${target.host}`).slice(0, 100);
  return {
    profile: { name, target, environment, color: colors[environment], readOnly: server.readOnly ?? false, ...optional('folder', server.folder?.slice(0, 200)) },
    password: server.password ?? null,
    notes,
  };
}

/** The TLS mode of a tool that speaks of libpq's; anything else is `prefer`, which reaches the same servers. */
function modeOf(sslmode: string | undefined): ServerTarget['tls']['mode'] {
  const mode = tlsMode.safeParse((sslmode ?? 'prefer').toLowerCase().replaceAll('_', '-'));
  return mode.success ? mode.data : 'prefer';
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined || value.trim() === '' ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}
