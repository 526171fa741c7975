import { describe, expect, it } from 'vitest';
import type { AppError } from '../errors';
import { formatMysqlUrl, parseMysqlUrl } from './mysqlUrl';

const parse = (url: string) => parseMysqlUrl(url, { user: 'me' });

describe('MySQL URLs', () => {
  it('say where, who and how', () => {
    expect(parse('mysql://ann%40x:p%3Aw@db.example:3307/shop?ssl-mode=VERIFY_CA&ssl-ca=%2Fca.pem')).toEqual({
      target: { engine: 'mysql', host: 'db.example', port: 3307, database: 'shop', user: 'ann@x', tls: { mode: 'verify-ca', ca: '/ca.pem' } },
      password: 'p:w',
    });
    expect(parse('mariadb://[::1]')).toEqual({ target: { engine: 'mysql', host: '::1', port: 3306, database: 'information_schema', user: 'me', tls: { mode: 'prefer' } }, password: null });
  });

  it('read back as they were', () => {
    const { target } = parse('mysql://u@h:1/d%20e?ssl-mode=required&ssl-key=%2Fk');
    expect(parse(formatMysqlUrl(target as Parameters<typeof formatMysqlUrl>[0])).target).toEqual(target);
  });

  it.each([
    ['mysql://h?charset=utf8', 'unsupported'],
    ['mysql://h?ssl-mode=maybe', 'bad_input'],
    ['mysql://u:p/w@h', 'bad_input'],
    ['mysql://%zz@h', 'bad_input'],
  ])('%s is refused', (url, code) => {
    let thrown: AppError | null = null;
    try {
      parse(url);
    } catch (error) {
      thrown = error as AppError;
    }
    expect(thrown?.code).toBe(code);
  });
});
