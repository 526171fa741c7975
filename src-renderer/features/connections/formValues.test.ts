import { describe, expect, it } from 'vitest';
import { fieldErrors, folderOf, locksOf, newValues, targetOf, valuesOf, withUrl } from './formValues';

const target = { engine: 'postgresql' as const, host: 'db.example', port: 6432, database: 'shop', user: 'anna', tls: { mode: 'verify-full' as const, ca: '/ca.pem' } };

describe('connection form', () => {
  it('takes a URL with its password and makes a name', () => {
    const values = withUrl(newValues, { target, password: 'x y' });
    expect(values).toMatchObject({ name: 'shop on db.example', host: 'db.example', port: 6432, tlsMode: 'verify-full', ca: '/ca.pem', passwordKind: 'set', password: 'x y' });
    expect(targetOf(values)).toEqual({ ...target, tls: { mode: 'verify-full', ca: '/ca.pem', cert: undefined, key: undefined } });
  });
  it('keeps a given name, and the password field where the URL has none', () => {
    const values = withUrl({ ...newValues, name: 'Mine', passwordKind: 'ask' }, { target, password: null });
    expect(values).toMatchObject({ name: 'Mine', passwordKind: 'ask', password: '' });
  });
  it('never puts a stored password into the form', () => {
    const profile = { id: '1', name: 'Mine', target, environment: 'production' as const, color: 'red' as const, readOnly: true, hasPassword: true, knownLocks: ['ssh:me@bastion'] };
    expect(valuesOf(profile)).toMatchObject({ passwordKind: 'keep', password: '', readOnly: true, environment: 'production' });
  });
  it('keeps the way there, and tells main only the secrets that change', () => {
    const hop = { host: 'bastion', port: 22, user: 'me', authentication: { kind: 'password' as const } };
    const profile = { id: '1', name: 'Mine', folder: 'North', commitMode: 'manual' as const, target: { ...target, tunnel: [hop] }, environment: 'dev' as const, color: 'red' as const, readOnly: true, hasPassword: true, knownLocks: ['ssh:me@bastion'] };
    const values = valuesOf(profile);
    expect(values).toMatchObject({ folder: 'North', commitMode: 'manual', tunnel: [{ kind: 'password', secretKind: 'keep', secret: '' }] });
    expect(targetOf(values)).toMatchObject({ tunnel: [hop] });
    expect(locksOf(values)).toEqual([]);
    const changed = { ...values, tunnel: values.tunnel.map((one) => ({ ...one, secretKind: 'set' as const, secret: 'new' })) };
    expect(locksOf(changed)).toEqual([{ lock: 'ssh:me@bastion', secret: 'new' }]);
    expect(locksOf({ ...changed, tunnel: changed.tunnel.map((one) => ({ ...one, secretKind: 'ask' as const })) })).toEqual([{ lock: 'ssh:me@bastion', secret: null }]);
    expect(targetOf({ ...values, tunnel: [] }).tunnel).toBeUndefined();
    expect(withUrl(values, { target, password: null }).tunnel).toEqual(values.tunnel);
    expect(folderOf(' North / Shops//')).toBe('North/Shops');
  });
  it('refuses a URL, and the password in it, in the place of a name', () => {
    expect(fieldErrors.name?.('postgres://dba:pw@db/shop')).toMatch(/URL/);
    expect(fieldErrors.name?.('shop: production')).toBeNull();
  });
  it.each([['', false], ['5432', true], [0, false], [65_536, false], [5432, true], ['5.5', false]])('judges the port %s', (port, good) => {
    expect(fieldErrors.port?.(port) === null).toBe(good);
  });
});
