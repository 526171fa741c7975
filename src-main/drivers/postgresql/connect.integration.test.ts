import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type PostgresServer, startPostgres } from '../../../e2e/servers/postgresql';
import type { ServerTarget } from '../../../src-preload/contract/connections';
import type { AppError } from '../../errors';
import type { Connection, ResultSink } from '../driver';
import { decodeBatch } from '../rows';
import { postgresqlDriver } from './driver';
import { silentSink } from './session';

const forever = new AbortController().signal;

/** A certificate authority, a server's certificate for `localhost` and a client's for `certified`, made by openssl. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const sign = (name: string, subject: string): void => {
    openssl('req', '-utf8', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`);
    writeFileSync(path.join(folder, `${name}.ext`), `subjectAltName=DNS:${subject}`);
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  };
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=Test authority',
    '-days',
    '2',
  );
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'other.key',
    '-out',
    'other.crt',
    '-subj',
    '/CN=Other authority',
    '-days',
    '2',
  );
  sign('server', 'localhost');
  sign('client', 'certified');
  sign('zoe', 'Zoë');
  openssl('pkcs8', '-topk8', '-in', 'zoe.key', '-out', 'zoe.locked.key', '-passout', 'pass:of the key');
}

describe('connecting to PostgreSQL', () => {
  let folder: string;
  let server: PostgresServer;
  const file = (name: string): string => path.join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-tls-'));
    chmodSync(folder, 0o755);
    makeCertificates(folder);
    if (process.getuid?.() === 0) {
      const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim());
      chownSync(file('server.key'), id('-u'), id('-g'));
    }
    server = await startPostgres({
      settings: [
        'ssl=on',
        `ssl_cert_file=${file('server.crt')}`,
        `ssl_key_file=${file('server.key')}`,
        `ssl_ca_file=${file('ca.crt')}`,
        'max_connections=20',
        'superuser_reserved_connections=3',
      ],
    });
    const admin = await connect({});
    await execute(
      admin,
      `CREATE ROLE certified LOGIN PASSWORD 'x'; CREATE ROLE plain LOGIN PASSWORD 'plain'; CREATE ROLE tls_only LOGIN PASSWORD 'x';
       CREATE ROLE nologin; CREATE ROLE "Zoë" LOGIN PASSWORD 'both'`,
    );
    await execute(admin, 'CREATE DATABASE closed ALLOW_CONNECTIONS false');
    const hba = path.join(server.folder ?? '', 'pg_hba.conf');
    const rules = [
      'hostssl all certified all cert',
      'hostssl all "Zoë" all scram-sha-256 clientcert=verify-full',
      'hostnossl all plain all scram-sha-256',
      'hostssl all plain all reject',
      'hostssl all tls_only all trust',
      'host all tls_only all reject',
    ];
    writeFileSync(hba, `${rules.join('\n')}\n${readFileSync(hba, 'utf8')}`);
    await admin.close();
    // A reload has no end that could be waited for; a new start has.
    await server.kill();
    await server.restart();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function target(change: Partial<ServerTarget>): ServerTarget {
    return {
      engine: 'postgresql',
      host: '127.0.0.1',
      port: server.port,
      database: 'postgres',
      user: server.user,
      tls: { mode: 'disable' },
      ...change,
    };
  }

  function connect(
    change: Partial<ServerTarget>,
    password: string | undefined = server.password,
    connectTimeoutMs?: number,
  ): Promise<Connection> {
    return postgresqlDriver.connect(
      { target: target(change), password },
      { signal: forever, applicationName: 'ai-shell test', ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }) },
    );
  }

  function execute(connection: Connection, text: string): Promise<void> {
    return connection.run({ text }, silentSink, { signal: forever });
  }

  async function value(connection: Connection, text: string): Promise<string | null | undefined> {
    const rows: (string | null)[][] = [];
    const sink: ResultSink = { ...silentSink, rows: (batch) => void rows.push(...decodeBatch(batch)) };
    await connection.run({ text }, sink, { signal: forever });
    return rows[0]?.[0];
  }

  async function failure(work: Promise<Connection>): Promise<AppError> {
    return work.then(
      async (connection) => {
        await connection.close();
        throw new Error('It should not have connected.');
      },
      (error: AppError) => error,
    );
  }

  async function encryption(change: Partial<ServerTarget>, password?: string): Promise<{ says: boolean; is: string | null | undefined }> {
    const connection = await connect(change, password);
    try {
      return { says: connection.server.encrypted, is: await value(connection, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()') };
    } finally {
      await connection.close();
    }
  }

  describe('TLS', () => {
    it('follows the mode', async () => {
      expect(await encryption({ tls: { mode: 'disable' } })).toEqual({ says: false, is: 'f' });
      for (const mode of ['prefer', 'require'] as const) expect(await encryption({ tls: { mode } })).toEqual({ says: true, is: 't' });
      expect(await encryption({ host: 'localhost', tls: { mode: 'verify-full', ca: file('ca.crt') } })).toEqual({ says: true, is: 't' });
      expect(await encryption({ host: '127.0.0.1', tls: { mode: 'verify-ca', ca: file('ca.crt') } })).toEqual({ says: true, is: 't' });
    });

    it('refuses a certificate that is not made for the host', async () => {
      const error = await failure(connect({ host: '127.0.0.1', tls: { mode: 'verify-full', ca: file('ca.crt') } }));
      expect(error).toMatchObject({ code: 'connection_failed', data: { serverCode: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
      expect(error.data.hint).toContain('127.0.0.1');
    });

    it('refuses a certificate of another authority', async () => {
      for (const tls of [{ mode: 'verify-ca', ca: file('other.crt') }, { mode: 'verify-full' }] as const) {
        const error = await failure(connect({ host: 'localhost', tls }));
        expect(error.code).toBe('connection_failed');
        expect(error.data.hint).toMatch(/CA file/);
      }
    });

    it('logs in with a client certificate', async () => {
      const tls = { mode: 'verify-full', ca: file('ca.crt'), cert: file('client.crt'), key: file('client.key') } as const;
      expect(await encryption({ host: 'localhost', user: 'certified', tls })).toEqual({ says: true, is: 't' });
      expect((await failure(connect({ host: 'localhost', user: 'certified', tls: { mode: 'require' } }))).data.serverCode).toBe('28000');
    });

    it('wants the passphrase of the client key, and both the certificate and the password where the server does', async () => {
      const tls = { mode: 'verify-full', ca: file('ca.crt'), cert: file('zoe.crt'), key: file('zoe.locked.key') } as const;
      const attempt = (keyPassphrase: string | undefined, password = 'both'): Promise<Connection> =>
        postgresqlDriver.connect({ target: target({ host: 'localhost', user: 'Zoë', tls }), password, keyPassphrase }, { signal: forever, applicationName: 'ai-shell test' });
      const question = { kind: 'secret', lock: `key:${file('zoe.locked.key')}` };
      expect((await failure(attempt(undefined))).data).toMatchObject({ code: 'connection_failed', message: expect.stringContaining('behind a passphrase') as string, question });
      expect((await failure(attempt('not it'))).data).toMatchObject({ message: expect.stringContaining('does not open') as string, question });
      const connection = await attempt('of the key');
      expect(await value(connection, 'SELECT current_user')).toBe('Zoë');
      await connection.close();
      expect((await failure(attempt('of the key', 'wrong'))).data.serverCode).toBe('28P01');
      expect((await failure(connect({ host: 'localhost', user: 'Zoë', tls: { mode: 'verify-full', ca: file('ca.crt') } }, 'both'))).data.serverCode).toBe('28000');
    });

    it('names the certificate file that cannot be read', async () => {
      const error = await failure(connect({ tls: { mode: 'verify-ca', ca: file('missing.crt') } }));
      expect(error.message).toContain('missing.crt');
    });

    it('falls back to plain text with `prefer` alone, when the server wants it so', async () => {
      expect(await encryption({ user: 'plain', tls: { mode: 'prefer' } }, 'plain')).toEqual({ says: false, is: 'f' });
      expect((await failure(connect({ user: 'plain', tls: { mode: 'require' } }, 'plain'))).data).toMatchObject({ serverCode: '28000' });
      expect((await failure(connect({ user: 'tls_only', tls: { mode: 'disable' } }, 'x'))).data.hint).toContain('pg_hba.conf');
    });

    it('cancels over TLS too', async () => {
      const connection = await connect({ host: 'localhost', tls: { mode: 'verify-full', ca: file('ca.crt') } });
      await expect(connection.run({ text: 'SELECT pg_sleep(60)' }, silentSink, { signal: forever, timeoutMs: 100 })).rejects.toMatchObject({
        code: 'timeout',
      });
      expect(await value(connection, 'SELECT 1')).toBe('1');
      await connection.close();
    });
  });

  it('connects through a Unix socket, whatever the TLS mode', async () => {
    const connection = await connect({ host: path.dirname(server.folder ?? ''), tls: { mode: 'require' } });
    expect(connection.server.encrypted).toBe(false);
    expect(await value(connection, 'SELECT inet_server_addr()')).toBeNull();
    await expect(connection.run({ text: 'SELECT pg_sleep(60)' }, silentSink, { signal: forever, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'timeout',
    });
    await connection.close();
    expect((await failure(connect({ host: '/nowhere' }))).data).toMatchObject({ serverCode: 'ENOENT' });
  });

  it('says why the server refuses', async () => {
    const cases: [Partial<ServerTarget>, string, string][] = [
      [{ database: 'missing' }, '3D000', 'no database “missing”'],
      [{ database: 'closed' }, '55000', 'does not accept connections'],
      [{ user: 'nobody' }, '28P01', 'password'],
      [{ user: 'nologin' }, '28P01', 'password'],
    ];
    for (const [change, serverCode, hint] of cases) {
      const error = await failure(connect(change));
      expect([change, error.code, error.data.serverCode]).toEqual([change, 'connection_failed', serverCode]);
      expect(error.data.hint).toContain(hint);
      expect(JSON.stringify(error.data)).not.toContain(server.password);
    }
  });

  it('says when the server is full', async () => {
    const open: Connection[] = [];
    let error: AppError | undefined;
    while (error === undefined && open.length < 30) {
      await connect({ user: 'tls_only', tls: { mode: 'require' } }, 'x').then(
        (connection) => open.push(connection),
        (thrown: AppError) => (error = thrown),
      );
    }
    await Promise.all(open.map((connection) => connection.close()));
    expect(error).toMatchObject({ code: 'connection_failed', data: { serverCode: '53300' } });
    expect(error?.data.hint).toContain('max_connections');
  });

  it('says when nobody listens, and when a name has no address', async () => {
    const refused = await failure(connect({ port: await freePort() }));
    expect(refused).toMatchObject({ code: 'connection_failed', data: { serverCode: 'ECONNREFUSED' } });
    expect(refused.data.hint).toContain('Nothing listens');
    const unknown = await failure(connect({ host: 'no-such-host.invalid' }));
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(unknown.data.serverCode);
    expect(unknown.data.hint).toContain('no-such-host.invalid');
  });

  describe('what is no PostgreSQL server', () => {
    async function withServer(onSocket: (socket: net.Socket) => void, work: (port: number) => Promise<void>): Promise<void> {
      const sockets: net.Socket[] = [];
      const fake = net.createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined);
        onSocket(socket);
      });
      await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
      await work((fake.address() as net.AddressInfo).port);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => fake.close(resolve));
    }

    it('times out where nothing answers', async () => {
      for (const mode of ['disable', 'prefer', 'require'] as const) {
        await withServer(
          () => undefined,
          async (port) => {
            expect((await failure(connect({ port, tls: { mode } }, 'x', 200))).code).toBe('timeout');
          },
        );
      }
    });

    it('refuses one without TLS where TLS is required, and plain text before the handshake', async () => {
      await withServer(
        (socket) => socket.once('data', () => socket.write('N')),
        async (port) => {
          const error = await failure(connect({ port, tls: { mode: 'require' } }));
          expect(error.data).toMatchObject({ serverCode: 'TLS_NOT_SUPPORTED' });
          expect(error.data.hint).toContain('does not offer TLS');
        },
      );
      await withServer(
        (socket) => socket.once('data', () => socket.write('Sinjected')),
        async (port) => {
          expect((await failure(connect({ port, tls: { mode: 'prefer' } }))).data).toMatchObject({ serverCode: 'TLS_ANSWER' });
        },
      );
    });

    it('fails on one that closes or talks otherwise', async () => {
      await withServer(
        (socket) => socket.once('data', () => socket.end()),
        async (port) => {
          expect((await failure(connect({ port }))).code).toBe('connection_failed');
          expect((await failure(connect({ port, tls: { mode: 'require' } }))).code).toBe('connection_failed');
        },
      );
      await withServer(
        (socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
        async (port) => {
          expect((await failure(connect({ port, tls: { mode: 'require' } }))).data).toMatchObject({ serverCode: 'TLS_ANSWER' });
        },
      );
    });
  });

  it('never takes a password from the environment', async () => {
    process.env.PGPASSWORD = server.password;
    try {
      expect(
        (await failure(postgresqlDriver.connect({ target: target({}) }, { signal: forever, applicationName: 'x' }))).message,
      ).toContain('asks for a password');
    } finally {
      delete process.env.PGPASSWORD;
    }
  });

  it('gives the session up when the request to cancel cannot be delivered', async () => {
    const doorman = new Doorman(server.port);
    const connection = await connect({ port: await doorman.open() });
    const running = connection.run({ text: 'SELECT pg_sleep(30)' }, silentSink, { signal: AbortSignal.timeout(100) });
    doorman.refuseNew();
    await expect(running).rejects.toMatchObject({
      code: 'connection_lost',
      data: { hint: expect.stringContaining('may still run') as string },
    });
    await doorman.close();
  });

  it('notices that the server was killed in the middle of a result', async () => {
    const connection = await connect({});
    const lost: Error[] = [];
    connection.onLost((reason) => lost.push(reason));
    let killed: Promise<void> | undefined;
    const sink: ResultSink = { ...silentSink, rows: () => void (killed ??= server.kill()) };
    await expect(connection.run({ text: 'SELECT generate_series(1, 100000000)' }, sink, { signal: forever })).rejects.toMatchObject({
      code: 'connection_lost',
    });
    await killed;
    expect(lost.length).toBe(1);
    await server.restart();
    const again = await connect({});
    expect(await value(again, 'SELECT 1')).toBe('1');
    await again.close();
  });
});

/** Passes connections on to a server, until it is told to refuse new ones. */
class Doorman {
  private refusing = false;
  private readonly sockets: net.Socket[] = [];
  private readonly door: net.Server;

  constructor(port: number) {
    this.door = net.createServer((from) => {
      if (this.refusing) return void from.destroy();
      const to = net.connect(port, '127.0.0.1');
      this.sockets.push(from, to);
      for (const socket of [from, to]) socket.on('error', () => undefined);
      from.pipe(to).pipe(from);
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.door.listen(0, '127.0.0.1', resolve));
    return (this.door.address() as net.AddressInfo).port;
  }

  refuseNew(): void {
    this.refusing = true;
    this.door.close();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.door.listening) await new Promise((resolve) => this.door.close(resolve));
  }
}
