import { foreignConnection, type FoundConnections } from './foreign';

/** What a person does not share of DataGrip's sources, by their `uuid`: user names and tunnels stand in this file beside `dataSources.xml`. */
export const dataGripLocalFile = 'dataSources.local.xml';

/**
 * Reads DataGrip's `dataSources.xml`; null when it is something else. `local` is the text of the file {@link dataGripLocalFile} beside it,
 * where there is one. Passwords stand in its keychain, SSH tunnels in the program's own folder. Source: such files in public projects.
 */
export function readDataGrip(xml: string, local = ''): FoundConnections | null {
  if (!/<data-source\b/.test(xml)) return null;
  const found = [];
  const left = [];
  const locals = new Map([...sources(local)].map(({ uuid, body }) => [uuid, body]));
  for (const { name, uuid, body: shared } of sources(xml)) {
    const body = shared + (locals.get(uuid) ?? '');
    const url = decode(element(body, 'jdbc-url') ?? '');
    const server = jdbc(url);
    if (!server) left.push({ name, reason: url === '' ? 'it has no URL' : `${url.split(':').slice(0, 2).join(':')} servers are not supported` });
    else {
      const notes = /<ssh-config-id>|<ssh-properties>[\s\S]*<enabled>true/.test(body) ? ['its SSH tunnel stands in another file and was not taken over'] : [];
      found.push(foreignConnection({ ...server, name, user: server.user ?? decode(element(body, 'user-name') ?? ''), readOnly: element(body, 'read-only') === 'true', notes }));
    }
  }
  return { tool: 'DataGrip', found, left };
}

function* sources(xml: string): Generator<{ name: string; uuid: string; body: string }> {
  for (const [, attributes = '', body = ''] of xml.matchAll(/<data-source\b([^>]*)>([\s\S]*?)<\/data-source>/g)) {
    const attribute = (key: string): string => decode(new RegExp(`\\b${key}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    yield { name: attribute('name'), uuid: attribute('uuid'), body };
  }
}

/** `jdbc:postgresql://host:port/database?parameters`; several hosts are not followed. */
function jdbc(url: string): { host?: string; port?: string; database?: string; user?: string; sslmode?: string } | null {
  const [, host, port, database = '', query = ''] = /^jdbc:postgresql:\/\/(\[[^\]]+\]|[^:/,?]*)(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/.exec(url) ?? [];
  if (host === undefined) return null;
  const parameters = new URLSearchParams(query);
  const optional = (name: 'user' | 'sslmode'): object => (parameters.get(name) === null ? {} : { [name]: parameters.get(name) });
  return { host: host.replace(/^\[|\]$/g, ''), ...(port === undefined ? {} : { port }), database: decodeURIComponent(database), ...optional('user'), ...optional('sslmode') };
}

function element(body: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? null;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? all;
    return String.fromCodePoint(decimal === undefined ? parseInt(hex ?? '0', 16) : Number(decimal));
  });
}
