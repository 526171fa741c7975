import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Capabilities } from '../../src-preload/contract/connections';
import { engines, mysqlEngine } from './engines';

/** What each capability lets a person do, in the order of the table. */
const rows: Record<keyof Capabilities, string> = {
  introspect: 'browse objects, completion',
  ask: 'ask Claude',
  explanation: 'a statement in plain words',
  explain: 'plan as a tree',
  parameters: 'parameters sent as parameters',
  cancel: 'cancel on the server',
  statementTimeout: 'time-out held by the server',
  transactions: 'manual commit',
  parallelSessions: 'a session for each tab',
  readOnlyLane: 'read-only held by parser and server',
  notices: 'notices and warnings',
  rowEdits: 'edit rows',
  structure: 'change structure',
  imports: 'import files',
  copyIn: '… by COPY',
  tableExport: 'export whole tables',
  processes: 'server processes',
  roles: 'users and grants',
  tls: 'TLS',
};
const all = [...engines, mysqlEngine];
const names = { postgresql: 'PostgreSQL', pglite: 'embedded', mysql: 'MySQL, MariaDB' };

/** The table of engines, and the reasons for what one cannot do. */
function enginesTable(): string {
  const reasons: string[] = [];
  const cell = (able: true | string): string => {
    if (able === true) return 'Y';
    if (!reasons.includes(able)) reasons.push(able);
    return `N (${reasons.indexOf(able) + 1})`;
  };
  const lines = Object.keys(rows).map((key) => {
    const name = key as keyof Capabilities;
    return `| ${rows[name]} | ${all.map(({ driver }) => cell(driver.capabilities[name])).join(' | ')} |`;
  });
  return [`| | ${all.map(({ name }) => names[name]).join(' | ')} |`, `|---|${all.map(() => '---|').join('')}`, ...lines, '', ...reasons.map((reason, index) => `${index + 1}. ${reason}`)].join('\n');
}

const readme = path.join(import.meta.dirname, '..', '..', 'README.md');
const [from, to] = ['<!-- engines: written by `WRITE_README=1 npx vitest run src-main/drivers/enginesTable.test.ts` -->', '<!-- /engines -->'];

test('the README’s table of engines says what the drivers say', () => {
  const text = readFileSync(readme, 'utf8');
  const [before = '', rest = ''] = text.split(from);
  const [, after = ''] = rest.split(to);
  const wanted = `${before}${from}\n${enginesTable()}\n${to}${after}`;
  if (process.env.WRITE_README) writeFileSync(readme, wanted);
  expect(readFileSync(readme, 'utf8')).toBe(wanted);
});
