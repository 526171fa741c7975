import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fingerprintOf, judgeHostKey, knownHostLine, knownKeyTypes, parseKnownHosts } from './knownHosts';

/** A public key in its wire format, of any type. */
function key(seed: string, type = 'ssh-ed25519'): Buffer {
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([field(Buffer.from(type)), field(Buffer.from(seed.padEnd(32, '.')))]);
}
const good = key('good');
const line = (names: string, bytes: Buffer = good, type = 'ssh-ed25519'): string => `${names} ${type} ${bytes.toString('base64')} a comment\n`;
const judge = (text: string, host: string, port = 22, shown = good): string => judgeHostKey(parseKnownHosts(text, 'file'), host, port, shown).kind;
const hashed = (name: string): string => {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('known_hosts', () => {
  test.each([
    ['a name', line('db.example'), 'db.example', 22, 'trusted'],
    ['any case', line('db.example'), 'DB.Example', 22, 'trusted'],
    ['one of several names', line('a,db.example,10.0.0.1'), '10.0.0.1', 22, 'trusted'],
    ['another name', line('db.example'), 'db.example.org', 22, 'unknown'],
    ['a dot is a dot', line('db.example'), 'dbxexample', 22, 'unknown'],
    ['a pattern', line('*.example'), 'db.example', 22, 'trusted'],
    ['one character', line('db?'), 'db1', 22, 'trusted'],
    ['one character is one', line('db?'), 'db12', 22, 'unknown'],
    ['a name that is taken out', line('*.example,!bad.example'), 'bad.example', 22, 'unknown'],
    ['a port', line('[db.example]:2222'), 'db.example', 2222, 'trusted'],
    ['another port', line('[db.example]:2222'), 'db.example', 2223, 'unknown'],
    ['a port does not stand for the usual one', line('[db.example]:2222'), 'db.example', 22, 'unknown'],
    ['the key of the host counts on any port', line('db.example'), 'db.example', 2222, 'trusted'],
    ['a hashed name', line(hashed('db.example')), 'db.example', 22, 'trusted'],
    ['a hashed name with a port', line(hashed('[db.example]:2222')), 'db.example', 2222, 'trusted'],
    ['another hashed name', line(hashed('db.example')), 'db2.example', 22, 'unknown'],
    ['a comment', `# ${line('db.example')}`, 'db.example', 22, 'unknown'],
    ['a certificate authority is no key of a host', `@cert-authority ${line('*.example')}`, 'db.example', 22, 'unknown'],
    ['a marker that nobody knows', `@perhaps ${line('db.example')}`, 'db.example', 22, 'unknown'],
    ['a broken line before a good one', `db.example ssh-ed25519\nnonsense\n${line('db.example')}`, 'db.example', 22, 'trusted'],
    ['a type that is not the key’s own', line('db.example', good, 'ssh-rsa'), 'db.example', 22, 'unknown'],
  ])('%s', (_what, text, host, port, verdict) => {
    expect(judge(text, host, port)).toBe(verdict);
  });

  test('a key that is revoked is refused, also where another line trusts it', () => {
    expect(judge(`${line('db.example')}@revoked ${line('*')}`, 'db.example')).toBe('revoked');
  });

  test('another key, of any type, is a change; any of several known keys is good', () => {
    expect(judge(line('db.example', key('old')), 'db.example')).toBe('changed');
    expect(judge(line('db.example', key('old', 'ecdsa-sha2-nistp256'), 'ecdsa-sha2-nistp256'), 'db.example')).toBe('changed');
    expect(judge(line('db.example', key('old')) + line('db.example'), 'db.example')).toBe('trusted');
    // A host behind a port of its own may be another machine.
    expect(judge(line('db.example', key('old')), 'db.example', 2222)).toBe('unknown');
  });

  test('a line that was written is found again, and the type of its key asked for first', () => {
    const known = parseKnownHosts(knownHostLine('Db.example', 2222, good), 'file');
    expect(judgeHostKey(known, 'db.example', 2222, good)).toEqual({ kind: 'trusted' });
    expect(knownKeyTypes(known, 'db.example', 2222)).toEqual(['ssh-ed25519']);
    expect(fingerprintOf(good)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
