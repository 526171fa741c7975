import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import { freeName } from '../profiles';
import { createTransfer, type Transfer, type TransferOptions } from './transfer';

let folder: string;
let saved: { profile: ConnectionProfile; password: string | null }[];
let transfer: Transfer;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'transfer-'));
  saved = [];
  const defaults = { environment: {}, user: 'os', host: 'localhost', cwd: folder };
  const add: TransferOptions['add'] = (found) => {
    const added = found.map(({ profile, password }, index) => ({ profile: { ...profile, id: `id-${saved.length + index}` }, password }));
    saved.push(...added);
    return Promise.resolve(added.map(({ profile }) => profile));
  };
  transfer = createTransfer({ defaults, list: () => Promise.resolve(saved.map(({ profile }) => profile)), add }, (id) => id === 'demo');
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | object): string => {
  const full = path.join(folder, name);
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
  return full;
};

describe('files of other tools', () => {
  test('DBeaver: folders, environments, TLS, tunnels with a jump server; what it encrypts is told', async () => {
    const { tool, found, left } = await transfer.read(
      file('data-sources.json', {
        folders: { North: {} },
        connections: {
          'postgres-jdbc-1': {
            provider: 'postgresql',
            driver: 'postgres-jdbc',
            name: 'Shop Äé',
            folder: 'North/Shops',
            'read-only': true,
            configuration: {
              host: 'db.internal',
              port: '6432',
              database: 'shop',
              type: 'prod',
              handlers: {
                ssh_tunnel: { type: 'TUNNEL', enabled: true, properties: { host: 'bastion', port: 22, user: 'ops', authType: 'PUBLIC_KEY', keyPath: '/keys/id', 'jumpServer0.enabled': 'true', 'jumpServer0.host': 'outer', 'jumpServer0.user': 'me', 'jumpServer0.authType': 'AGENT' } },
                postgre_ssl: { type: 'CONFIG', enabled: true, properties: { sslMode: 'verify-full', 'ssl.ca.cert': '/ca.pem' } },
              },
            },
          },
          'mysql-1': { provider: 'mysql', name: 'Old', configuration: {} },
          broken: { name: 7 },
        },
      }),
    );
    expect(tool).toBe('DBeaver');
    expect(found).toEqual([
      {
        profile: {
          name: 'Shop Äé',
          folder: 'North/Shops',
          environment: 'production',
          color: 'red',
          readOnly: true,
          target: {
            engine: 'postgresql',
            host: 'db.internal',
            port: 6432,
            database: 'shop',
            user: 'postgres',
            tls: { mode: 'verify-full', ca: '/ca.pem' },
            tunnel: [
              { host: 'outer', port: 22, user: 'me', authentication: { kind: 'agent' } },
              { host: 'bastion', port: 22, user: 'ops', authentication: { kind: 'key', file: '/keys/id' } },
            ],
          },
        },
        password: null,
        notes: ['the user is not in the file; postgres stands in its place'],
      },
    ]);
    expect(left).toEqual([{ name: 'Old', reason: 'mysql servers are not supported' }, { name: 'broken', reason: expect.stringContaining('another shape') as string }]);
  });

  test('pgAdmin: both places of its TLS mode, groups, tunnels', async () => {
    const { tool, found } = await transfer.read(
      file('servers.json', {
        Servers: {
          1: { Name: 'A', Group: 'Servers', Host: 'a', Port: 5433, Username: 'anna', MaintenanceDB: 'postgres', SSLMode: 'require' },
          2: { Name: 'B', Group: 'North', Host: 'b', Port: 5432, Username: 'bob', MaintenanceDB: 'd', ConnectionParameters: { sslmode: 'verify-ca', sslrootcert: '/ca' }, UseSSHTunnel: 1, TunnelHost: 't', TunnelPort: '2222', TunnelUsername: 'tu', TunnelAuthentication: 1, TunnelIdentityFile: '/k' },
        },
      }),
    );
    expect(tool).toBe('pgAdmin');
    expect(found[0]?.profile).toMatchObject({ name: 'A', target: { host: 'a', port: 5433, user: 'anna', tls: { mode: 'require' } } });
    expect(found[0]?.profile.folder).toBeUndefined();
    expect(found[1]?.profile).toMatchObject({ folder: 'North', target: { tls: { mode: 'verify-ca', ca: '/ca' }, tunnel: [{ host: 't', port: 2222, user: 'tu', authentication: { kind: 'key', file: '/k' } }] } });
  });

  test('DataGrip: XML with entities; what is no PostgreSQL is told', async () => {
    const { tool, found, left } = await transfer.read(
      file(
        'dataSources.xml',
        `<?xml version="1.0"?><project><component name="DataSourceManagerImpl">
          <data-source source="LOCAL" name="A &amp; &#66;" uuid="1"><driver-ref>postgresql</driver-ref><jdbc-url>jdbc:postgresql://[::1]:5433/shop%20db?sslmode=require&amp;user=anna</jdbc-url></data-source>
          <data-source name="My" uuid="2"><jdbc-url>jdbc:mysql://h/d</jdbc-url></data-source></component></project>`,
      ),
    );
    expect(tool).toBe('DataGrip');
    expect(found[0]?.profile).toMatchObject({ name: 'A & B', target: { host: '::1', port: 5433, database: 'shop db', user: 'anna', tls: { mode: 'require' } } });
    expect(left).toEqual([{ name: 'My', reason: 'jdbc:mysql servers are not supported' }]);
  });

  test('DataGrip: the user and the tunnel of the local file beside it', async () => {
    file('dataSources.local.xml', '<project><data-source name="A" uuid="u-1"><user-name>anna</user-name><ssh-properties><enabled>true</enabled><ssh-config-id>c</ssh-config-id></ssh-properties></data-source></project>');
    const { found } = await transfer.read(file('dataSources.xml', '<project><data-source name="A" uuid="u-1"><jdbc-url>jdbc:postgresql://h/d</jdbc-url></data-source><data-source name="B" uuid="u-2"><jdbc-url>jdbc:postgresql://h/d</jdbc-url></data-source></project>'));
    expect(found.map(({ profile }) => profile.target)).toMatchObject([{ user: 'anna' }, { user: 'postgres' }]);
    expect(found.map(({ notes }) => notes)).toEqual([['its SSH tunnel stands in another file and was not taken over'], ['the user is not in the file; postgres stands in its place']]);
  });

  test('pg_service.conf: a password in it is taken only when that is asked for', async () => {
    const service = file('pg_service.conf', '[shop]\nhost=h\nuser=u\ndbname=d\npassword=plain-secret\n[odd]\nhostaddr=1.2.3.4\n');
    const { found, left } = await transfer.read(service);
    expect(found[0]).toMatchObject({ profile: { name: 'shop', target: { host: 'h', user: 'u', database: 'd' } }, password: 'plain-secret' });
    expect(left).toMatchObject([{ name: 'odd' }]);
    await transfer.take(service, [0], false);
    await transfer.take(service, [0], true);
    expect(saved.map(({ profile, password }) => [profile.name, password])).toEqual([['shop', null], ['shop', 'plain-secret']]);
    await expect(transfer.take(service, [5], false)).rejects.toMatchObject({ code: 'bad_input' });
  });

  test.each([['nonsense', '\0\x01 nothing'], ['other JSON', '{"a":1}'], ['broken JSON', '{"connections":'], ['other XML', '<html></html>'], ['a text', 'hello: world'], ['nothing', '']])('%s is refused', async (_what, content) => {
    await expect(transfer.read(file('x', content))).rejects.toMatchObject({ code: 'bad_input' });
    await expect(transfer.read(path.join(folder, 'absent'))).rejects.toMatchObject({ code: 'bad_input' });
  });
});

test('an export is read back as the same connections, for its reader to name anew', async () => {
  const profile: Omit<ConnectionProfile, 'id'> = {
    name: 'Shop: "Äé" #1',
    folder: 'North/Shops',
    environment: 'production',
    color: 'pink',
    readOnly: true,
    target: { engine: 'postgresql', host: 'h', port: 1, database: 'd', user: 'u', tls: { mode: 'verify-full', ca: '/ca' }, tunnel: [{ host: 't', port: 22, user: 'me', authentication: { kind: 'password' } }] },
  };
  saved = [{ profile: { ...profile, id: 'one' }, password: null }, { profile: { ...profile, id: 'demo', name: 'Demo' }, password: null }];
  const out = path.join(folder, 'out.yaml');
  expect(await transfer.write(out)).toBe(1);
  expect(readFileSync(out, 'utf8')).not.toContain('one\n');
  const { tool, found, left } = await transfer.read(out);
  expect({ tool, found, left }).toEqual({ tool: 'AI-Shell', found: [{ profile, password: null, notes: [] }], left: [] });
});

test('names', () => {
  expect(freeName('Shop', ['other'])).toBe('Shop');
  expect(freeName('Shop', ['SHOP ', 'shop (2)'])).toBe('Shop (3)');
  expect(freeName('x'.repeat(100), ['x'.repeat(100)])).toHaveLength(98);
});
