import { z } from 'zod';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';
import { foreignConnection, type FoundConnections } from './foreign';

const text = z.union([z.string(), z.number().transform(String)]).optional();
const handler = z.object({ enabled: z.boolean().default(false), properties: z.record(z.string(), z.unknown()).default({}) });
const entry = z.object({
  provider: z.string().optional(),
  name: z.string(),
  folder: z.string().optional(),
  'read-only': z.boolean().optional(),
  configuration: z.object({ host: text, port: text, database: text, user: text, url: z.string().optional(), type: z.string().optional(), handlers: z.record(z.string(), handler).default({}) }),
});
const file = z.object({ connections: z.record(z.string(), z.unknown()) });

const environments: Readonly<Record<string, ConnectionProfile['environment']>> = { prod: 'production', test: 'staging', dev: 'dev' };

/**
 * Reads DBeaver's `data-sources.json`; null when it is something else. User names and passwords stand in its encrypted
 * `credentials-config.json`, which is not read. Source: such files in public projects.
 */
export function readDbeaver(json: unknown): FoundConnections | null {
  const all = file.safeParse(json);
  if (!all.success) return null;
  const found = [];
  const left = [];
  for (const [id, raw] of Object.entries(all.data.connections)) {
    const one = entry.safeParse(raw);
    if (!one.success) left.push({ name: id, reason: 'the entry has another shape than this version knows' });
    else if (one.data.provider !== 'postgresql') left.push({ name: one.data.name, reason: `${one.data.provider ?? 'no'} servers are not supported` });
    else found.push(connection(one.data));
  }
  return { tool: 'DBeaver', found, left };
}

function connection({ name, folder, configuration, 'read-only': readOnly }: z.infer<typeof entry>) {
  const { host, port, database, user, type = '', handlers } = configuration;
  const ssh = handlers['ssh_tunnel'];
  const ssl = handlers['postgre_ssl'];
  const property = (key: string): string | undefined => (ssl?.enabled && typeof ssl.properties[key] === 'string' ? ssl.properties[key] : undefined);
  const tunnel = ssh?.enabled ? hops(ssh.properties) : [];
  return foreignConnection({
    name, host, port, database, user, folder, readOnly, tunnel,
    environment: environments[type],
    sslmode: property('sslMode'),
    ca: property('ssl.ca.cert'),
    cert: property('ssl.client.cert'),
    key: property('ssl.client.key'),
    notes: ssh?.enabled && tunnel.length === 0 ? ['its SSH tunnel could not be read'] : [],
  });
}

/** Jump servers carry a number in front of their properties' names. */
function hops(properties: Readonly<Record<string, unknown>>): TunnelHop[] {
  const at = (prefix: string): TunnelHop[] => {
    const value = (key: string): string => (['string', 'number'].includes(typeof properties[prefix + key]) ? String(properties[prefix + key]) : '');
    if (value('host') === '') return [];
    const authentication = value('authType') === 'PUBLIC_KEY' ? { kind: 'key' as const, file: value('keyPath') || '~/.ssh/id_rsa' } : value('authType') === 'AGENT' ? { kind: 'agent' as const } : { kind: 'password' as const };
    return [{ host: value('host'), port: Number(value('port')) || 22, user: value('user') || 'root', authentication }];
  };
  const jumps = Object.keys(properties).flatMap((key) => /^(jumpServer(\d+)\.)enabled$/.exec(key) ?? []).filter((part) => part.endsWith('.')).filter((prefix) => String(properties[`${prefix}enabled`]) === 'true');
  return [...jumps.sort().flatMap(at), ...at('')];
}
