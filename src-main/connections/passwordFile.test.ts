import { describe, expect, test } from 'vitest';
import { findPassword } from './passwordFile';

const target = { host: 'db.example', port: 5432, database: 'shop', user: 'anna' };

describe('.pgpass', () => {
  test.each([
    ['all parts', 'db.example:5432:shop:anna:secret', 'secret'],
    ['wildcards', '*:*:*:*:secret', 'secret'],
    ['the first line that fits', 'db.example:5432:shop:bob:no\n*:*:*:anna:first\ndb.example:5432:shop:anna:second', 'first'],
    ['another port', 'db.example:5433:shop:anna:no', null],
    ['names are case-sensitive', 'db.example:5432:Shop:anna:no', null],
    ['a star is no pattern inside a word', 'db.*:5432:shop:anna:no', null],
    ['an escaped star is no wildcard', 'db.example:5432:\\*:anna:no', null],
    ['an escaped colon and backslash in the password', 'db.example:5432:shop:anna:a\\:b\\\\c', 'a:b\\c'],
    ['the password ends at a colon', 'db.example:5432:shop:anna:secret:rest', 'secret'],
    ['a comment', '#db.example:5432:shop:anna:no', null],
    ['too few parts', 'db.example:5432:shop:anna', null],
    ['Windows line ends', 'db.example:5432:shop:anna:secret\r\n', 'secret'],
    ['spaces belong to the password', 'db.example:5432:shop:anna: a b ', ' a b '],
  ])('%s', (_what, text, password) => {
    expect(findPassword(text, target)).toBe(password);
  });

  test('escapes in names; localhost for the usual socket, the folder itself for another one', () => {
    expect(findPassword('::1:5432:d:u:no\n\\:\\:1:5432:d:u:yes', { host: '::1', port: 5432, database: 'd', user: 'u' })).toBe('yes');
    expect(findPassword('localhost:5432:d:u:yes', { host: '/var/run/postgresql', port: 5432, database: 'd', user: 'u' })).toBe('yes');
    expect(findPassword('localhost:5432:d:u:no\n/opt/pg:5432:d:u:yes', { host: '/opt/pg', port: 5432, database: 'd', user: 'u' })).toBe('yes');
  });
});
