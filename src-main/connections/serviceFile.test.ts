import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServices, parseServices } from './serviceFile';
import { parseConnectionUrl } from './serverUrl';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'services-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
};

describe('pg_service.conf', () => {
  test('the person’s file wins over the machine’s; both can be moved by variables', () => {
    file('.pg_service.conf', '# mine\n[shop]\nhost=mine\n\n[both]\nhost=mine\n');
    file('etc/pg_service.conf', '[both]\nhost=system\n[system]\nhost=system\n');
    const services = createServices({ home: folder, environment: { PGSYSCONFDIR: path.join(folder, 'etc') } });
    expect(services.names()).toEqual(['both', 'shop', 'system']);
    expect(services.find('both').get('host')).toBe('mine');
    const moved = createServices({ home: folder, environment: { PGSERVICEFILE: file('other', '[elsewhere]\nhost=there\n'), PGSYSCONFDIR: folder } });
    expect(moved.names()).toEqual(['elsewhere']);
    expect(() => moved.find('shop')).toThrow(/no service shop/);
  });

  test('values keep what stands behind the first =; the first section and the first value count', () => {
    const services = parseServices('[a]\noptions=-c x=y\nport=1\nport=2\n[a]\nhost=later\n', 'f');
    expect([...(services.get('a') ?? [])]).toEqual([['options', '-c x=y'], ['port', '1']]);
  });

  test.each(['host=x\n', '[a]\nldap://server/dc\n', '[a]\nservice=b\n'])('%j is told with its line', (text) => {
    expect(() => parseServices(text, 'f')).toThrow(/^f, line \d/);
  });

  test('in a URL, what the URL says itself goes before the service, and the service before the variables', () => {
    file('.pg_service.conf', '[shop]\nhost=service\nport=6000\ndbname=fromservice\nuser=svc\npassword=pw\nsslmode=require\nconnect_timeout=3\n[odd]\noptions=-c x=1\n');
    const services = createServices({ home: folder, environment: {} });
    const defaults = { environment: { PGHOST: 'variable', PGUSER: 'variable' }, user: 'os', host: 'localhost', cwd: folder, service: services.find };
    expect(parseConnectionUrl('postgres:///?service=shop', defaults)).toEqual({
      target: { engine: 'postgresql', host: 'service', port: 6000, database: 'fromservice', user: 'svc', tls: { mode: 'require' } },
      password: 'pw',
    });
    expect(parseConnectionUrl('postgres://anna@mine/d?service=shop&sslmode=disable', defaults).target).toMatchObject({ host: 'mine', port: 6000, database: 'd', user: 'anna', tls: { mode: 'disable' } });
    expect(parseConnectionUrl('postgres:///', { ...defaults, environment: { PGSERVICE: 'shop' } }).target).toMatchObject({ host: 'service' });
    expect(() => parseConnectionUrl('postgres:///?service=odd', defaults)).toThrow(/options/);
    expect(() => parseConnectionUrl('postgres:///?service=none', defaults)).toThrow(/no service none/);
  });
});
