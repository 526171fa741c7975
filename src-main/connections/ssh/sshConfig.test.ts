import { mkdirSync, mkdtempSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSshHosts, resolveSshHosts } from './sshConfig';

describe('~/.ssh/config', () => {
  test('hosts are what they resolve to: jump hosts, patterns, agents and keys', async () => {
    const text = `
Host bastion
  HostName bastion.example.org
  User ops
  Port 2222
  IdentityFile ~/.ssh/ops
Host db inner
  HostName %h.internal
  ProxyJump bastion
  IdentityAgent ~/.agent/sock
Host twice
  ProxyJump me@first.example:2022,bastion
Host *.example !bad
  User pattern
Host *
  User everybody
  Port 22
`;
    const hosts = await resolveSshHosts(text, 'osuser');
    expect(hosts.map(({ alias }) => alias)).toEqual(['bastion', 'db', 'inner', 'twice']);
    const bastion = { host: 'bastion.example.org', port: 2222, user: 'ops', authentication: { kind: 'key', file: '~/.ssh/ops' } };
    expect(hosts[0]).toMatchObject({ summary: 'ops@bastion.example.org:2222 by ~/.ssh/ops', hops: [bastion] });
    expect(hosts[1]?.hops).toEqual([bastion, { host: 'db.internal', port: 22, user: 'everybody', authentication: { kind: 'agent', socket: '~/.agent/sock' } }]);
    expect(hosts[3]?.hops).toEqual([{ host: 'first.example', port: 2022, user: 'me', authentication: { kind: 'agent' } }, bastion, { host: 'twice', port: 22, user: 'everybody', authentication: { kind: 'agent' } }]);
  });

  test('runs no command, and leaves out hosts that need one or that jump in a circle', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ssh-config-'));
    const trace = path.join(folder, 'ran');
    const text = `Match exec "touch ${trace}"\n  User evil\nHost a\n  ProxyCommand nc %h %p\nHost b\n  ProxyJump c\nHost c\n  ProxyJump b\nHost good\n  HostName g\n`;
    expect((await resolveSshHosts(text, 'osuser')).map(({ alias }) => alias)).toEqual(['good']);
    expect(existsSync(trace)).toBe(false);
    expect(await readSshHosts(folder)).toEqual([]);
    mkdirSync(path.join(folder, '.ssh'));
    writeFileSync(path.join(folder, '.ssh', 'config'), text);
    expect(await readSshHosts(folder)).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
