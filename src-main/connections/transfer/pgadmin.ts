import { z } from 'zod';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';
import { foreignConnection, type FoundConnections } from './foreign';

const text = z.string().nullish();
const server = z.object({
  Name: z.string(),
  Group: text,
  Host: text,
  HostAddr: text,
  Port: z.union([z.number(), z.string()]).nullish(),
  Username: text,
  MaintenanceDB: text,
  SSLMode: text,
  Service: text,
  ConnectionParameters: z.record(z.string(), z.unknown()).nullish(),
  UseSSHTunnel: z.union([z.number(), z.boolean()]).nullish(),
  TunnelHost: text,
  TunnelPort: z.union([z.number(), z.string()]).nullish(),
  TunnelUsername: text,
  TunnelAuthentication: z.union([z.number(), z.boolean()]).nullish(),
  TunnelIdentityFile: text,
});
const file = z.object({ Servers: z.record(z.string(), z.unknown()) });

/** Reads what pgAdmin 4 exports (`servers.json`); null when it is something else. Source: its manual, "Import/Export Servers". It holds no passwords. */
export function readPgAdmin(json: unknown): FoundConnections | null {
  const all = file.safeParse(json);
  if (!all.success) return null;
  const found = [];
  const left = [];
  for (const [number, raw] of Object.entries(all.data.Servers)) {
    const one = server.safeParse(raw);
    if (one.success) found.push(connection(one.data));
    else left.push({ name: `server ${number}`, reason: 'the entry has another shape than this version knows' });
  }
  return { tool: 'pgAdmin', found, left };
}

function connection(one: z.infer<typeof server>) {
  const parameter = (name: string): string | undefined => (typeof one.ConnectionParameters?.[name] === 'string' ? one.ConnectionParameters[name] : undefined);
  return foreignConnection({
    name: one.Name,
    host: one.Host || one.HostAddr || undefined,
    port: one.Port ?? undefined,
    database: one.MaintenanceDB ?? undefined,
    user: one.Username ?? undefined,
    folder: one.Group === 'Servers' ? undefined : (one.Group ?? undefined),
    sslmode: parameter('sslmode') ?? one.SSLMode ?? undefined,
    ca: parameter('sslrootcert'),
    cert: parameter('sslcert'),
    key: parameter('sslkey'),
    tunnel: hops(one),
    notes: one.Service ? [`it names the service ${one.Service} of pg_service.conf, which is not followed`] : [],
  });
}

function hops(one: z.infer<typeof server>): TunnelHop[] {
  if (!one.UseSSHTunnel || !one.TunnelHost) return [];
  return [
    {
      host: one.TunnelHost,
      port: Number(one.TunnelPort ?? 22) || 22,
      user: one.TunnelUsername || 'root',
      authentication: one.TunnelAuthentication ? { kind: 'key', file: one.TunnelIdentityFile || '~/.ssh/id_rsa' } : { kind: 'password' },
    },
  ];
}
