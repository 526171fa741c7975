import { expect, test, type Page } from '@playwright/test';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startProgram, temporaryHome, type Program } from './program';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { sshdProgram, startSsh, type SshServer } from './servers/ssh';
import { cell, newQuery, picture, run } from './workbench';

test.describe.configure({ mode: 'serial' });
test.skip(sshdProgram() === null, 'sshd is not installed: apt-get install openssh-server');

let server: PostgresServer;
let ssh: SshServer;
let program: Program;
const { home, remove } = temporaryHome();

test.beforeAll(async () => {
  [server, ssh] = await Promise.all([startPostgres(), startSsh()]);
  // A home of its own, so that nothing of the person's who runs the tests is read.
  mkdirSync(path.join(home, '.ssh'), { recursive: true });
  writeFileSync(path.join(home, '.ssh', 'config'), `Host bastion\n  HostName ${ssh.host}\n  Port ${ssh.port}\n  User ${ssh.user}\n  IdentityFile ${ssh.lockedKeyFile}\n\nHost *\n  ServerAliveInterval 5\n`);
  writeFileSync(path.join(home, '.pg_service.conf'), `[shop]\nhost=${server.host}\nport=${server.port}\nuser=${server.user}\ndbname=postgres\n`);
  program = await startProgram({ home, environment: { HOME: home } });
});
test.afterAll(async () => {
  await program?.close();
  await Promise.all([server?.stop(), ssh?.stop()]);
  remove();
});

const form = (page: Page, name = 'New connection') => page.getByRole('dialog', { name });

async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  await form(page).getByRole('combobox', { name: label }).or(form(page).getByLabel(label, { exact: true })).first().click();
  await page.getByRole('option', { name: option }).click();
}

test('a service of pg_service.conf and a host of ~/.ssh/config fill in the form', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+Shift+n');
  await choose(page, 'From pg_service.conf', /shop/);
  await expect(form(page).getByLabel('Name')).toHaveValue('shop');
  await expect(form(page).getByLabel('Port', { exact: true })).toHaveValue(String(server.port));
  await form(page).getByLabel('Folder').fill('North/Shops');
  await form(page).getByLabel('New password').fill(server.password);
  await form(page).getByRole('switch', { name: 'Through an SSH tunnel' }).press('Space');
  await choose(page, 'From ~/.ssh/config', /bastion/);
  await expect(form(page).getByLabel('SSH port')).toHaveValue(String(ssh.port));
  await expect(form(page).getByLabel('Private key', { exact: true })).toHaveValue(ssh.lockedKeyFile);
  await form(page).getByLabel('SSH user').scrollIntoViewIfNeeded();
  await picture(page, 'tunnel-form');
});

test('the test asks for the passphrase, and whether the SSH server is the right one', async () => {
  const { page } = program;
  await form(page).getByRole('button', { name: 'Test' }).click();
  const secret = page.getByRole('dialog', { name: 'Before the database' });
  // The first that is asked of the keychain and of the SSH library in this run.
  await expect(secret).toContainText('behind a passphrase', { timeout: 30_000 });
  await secret.getByRole('textbox', { name: /passphrase of/ }).fill('not-the-passphrase');
  await secret.getByRole('button', { name: 'Go on' }).click();
  await expect(secret).toContainText('does not open');
  await picture(page, 'tunnel-passphrase');
  await secret.getByRole('textbox', { name: /passphrase of/ }).fill(ssh.passphrase);
  await secret.getByRole('button', { name: 'Go on' }).click();
  const question = page.getByRole('dialog', { name: /right SSH server/ });
  await expect(question).toContainText(ssh.fingerprint);
  await picture(page, 'tunnel-host-key');
  await question.getByRole('button', { name: 'Do not connect' }).click();
  await expect(form(page).getByText(/is not known yet/)).toBeVisible();
  await form(page).getByRole('button', { name: 'Test' }).click();
  await question.getByRole('button', { name: /trust it/ }).click();
  await expect(form(page).getByText(/Connected to PostgreSQL/)).toBeVisible();
  expect(readFileSync(path.join(home, 'config', 'known_hosts'), 'utf8')).toBe(ssh.knownHostsLine);
});

test('queries through the tunnel, and again after it was cut', async () => {
  const { page } = program;
  await form(page).getByRole('button', { name: 'Save' }).click();
  const place = page.getByRole('dialog', { name: 'A place for secrets' });
  await place.getByLabel('This run only').check();
  await place.locator('button[type=submit]').click();
  await page.getByRole('button', { name: /^shop/ }).first().click();
  await expect(page.getByRole('button', { name: /North/ })).toBeVisible();
  await newQuery(page);
  await run(page, "select 'through the tunnel' as way");
  await expect(cell(page, 'through the tunnel')).toBeVisible();
  expect(ssh.connections()).toBe(1);
  await run(page, 'create table kept (n int); select pg_sleep(50)');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();
  ssh.cut();
  await expect(page.getByText(/SSH tunnel .* was cut/).first()).toBeVisible();
  await picture(page, 'tunnel-cut');
  await run(page, "select 'a new tunnel' as way");
  await expect(cell(page, 'a new tunnel')).toBeVisible();
});

test('what the machine’s sleep killed is found on waking', async () => {
  const { page, electron } = program;
  ssh.cut();
  await electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect(page.getByRole('listitem').filter({ hasText: 'shop' }).getByRole('img', { name: 'lost' })).toBeVisible();
  await run(page, "select 'awake' as state");
  await expect(cell(page, 'awake')).toBeVisible();
});

test('connections are duplicated, moved, folded and found', async () => {
  const { page } = program;
  await page.getByRole('button', { name: 'Actions on shop', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  const copy = form(page, 'Edit shop (2)');
  await expect(copy.getByText('Keep the stored one')).toBeVisible();
  await copy.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Actions on shop (2)' }).click();
  await page.getByRole('menuitem', { name: /Move to folder/ }).click();
  const move = page.getByRole('dialog', { name: /Move shop/ });
  await move.getByLabel('Folder').fill('South');
  await move.getByRole('button', { name: 'Move' }).click();
  await page.getByRole('button', { name: /^South/ }).click();
  await expect(page.getByRole('button', { name: 'Actions on shop (2)' })).toHaveCount(0);
  await picture(page, 'connection-folders');
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, 'connection-folders-other-theme');
});

test('imports another tool’s file after a look at it, and exports without secrets', async () => {
  const { page, electron } = program;
  const file = path.join(home, 'data-sources.json');
  const entry = (name: string, more: object = {}) => ({ provider: 'postgresql', name, configuration: { host: 'db.example', port: '5432', database: 'shop', type: 'prod', ...more } });
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, { ...entry(`store ${index}`, { user: 'u' }), folder: `Stores/District ${index % 10}` }]));
  writeFileSync(file, JSON.stringify({ connections: { a: entry('shop', { user: 'anna' }), b: entry('a very long name that somebody gave to the reporting database of the northern shops'), c: { ...entry('old'), provider: 'mysql' }, ...many } }));
  const answer = (method: 'showOpenDialog' | 'showSaveDialog', result: object) =>
    electron.evaluate(({ dialog }, [name, value]) => Object.assign(dialog, { [name]: () => Promise.resolve(value) }), [method, result] as const);
  await answer('showOpenDialog', { canceled: false, filePaths: [file] });
  await page.getByRole('button', { name: 'Import and export connections' }).click();
  await page.getByRole('menuitem', { name: /Import/ }).click();
  const panel = page.getByRole('dialog', { name: 'Import connections' });
  await panel.getByRole('button', { name: /Choose a file/ }).click();
  await expect(panel).toContainText('202 connections in a file of DBeaver');
  await expect(panel).toContainText('old: mysql servers are not supported');
  await picture(page, 'connection-import');
  await panel.getByRole('button', { name: 'Import 202' }).click();
  await expect(page.getByRole('button', { name: 'Actions on shop (3)' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Search connections' }).fill('district store 177');
  await expect(page.getByRole('list', { name: 'Connections' }).getByRole('button', { name: /^Actions on/ })).toHaveCount(1);
  await picture(page, 'connection-search');
  await page.getByRole('textbox', { name: 'Search connections' }).press('Escape');
  const out = path.join(home, 'exported.yaml');
  await answer('showSaveDialog', { canceled: false, filePath: out });
  await page.getByRole('button', { name: 'Import and export connections' }).click();
  await page.getByRole('menuitem', { name: /Export/ }).click();
  await expect(page.getByText(/were written, without secrets/)).toBeVisible();
  const text = readFileSync(out, 'utf8');
  expect(text).toContain(ssh.lockedKeyFile);
  for (const secret of [server.password, ssh.passphrase]) expect(text).not.toContain(secret);
});

test('no file that the program wrote holds a secret of the run', async () => {
  // A demo that is being built moves its files while they are read.
  await program.close();
  const secrets = [server.password, ssh.passphrase, 'not-the-passphrase'].map((secret) => Buffer.from(secret));
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).map((file) => path.join(home, file)).filter((file) => lstatSync(file).isFile());
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => secrets.some((secret) => readFileSync(file).includes(secret)))).toEqual([]);
  expect(secrets.some((secret) => program.output().includes(secret.toString()))).toBe(false);
});
