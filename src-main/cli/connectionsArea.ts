import { existsSync } from 'node:fs';
import { connectionColor, environment as environments, sharing as sharings, type ConnectionProfile, type ConnectionTarget } from '../../src-preload/contract/connections';
import { parsePrivateColumn } from '../../src-preload/contract/privateColumns';
import { hopAddress } from '../../src-preload/contract/locks';
import type { TunnelHop } from '../../src-preload/contract/tunnels';
import { AppError } from '../errors';
import { formatConnectionUrl } from '../connections/serverUrl';
import { passwordFromStdin, timedOut, type CliContext } from './context';
import { printList } from './lists';
import type { AreaCommand } from './program';

/** `connections list | add NAME URL | test NAME | remove NAME` */
export function addConnectionsArea(area: AreaCommand): void {
  const connections = area('connections', 'saved connections of the workspace');
  connections('list', 'all saved connections, never their passwords', (command) => command.option('--format <format>', 'table, json or ndjson'), list);
  connections('add <name> <url>', 'save a connection; a password in the URL or on stdin goes where secrets are kept', (command) =>
    command
      .option('--environment <environment>', environments.options.join(', '), 'dev')
      .option('--color <color>', 'its colour in the window')
      .option('--read-only', 'nothing but reading is ever sent')
      .option('--sharing <what>', 'what of its data Claude may see: schema, values (spellings too) or results (rows too, the default)')
      .option('--private <columns...>', 'columns kept from Claude, as schema.table.column; * stands for all of a part')
      .option('--folder <path>', 'where it stands in the list, such as Customers/North')
      .option('--tunnel <hops>', 'SSH servers on the way, as for ssh -J: user@host[:port][,user@host[:port]]')
      .option('--identity <file>', 'private key for them; without it the SSH agent is asked'), add);
  connections('test <name>', 'connect, ask for the version, close', (command) => command, test);
  connections('import <file>', 'save the connections of another tool’s file: DBeaver, pgAdmin, DataGrip, pg_service.conf, or our export', (command) => command.option('--with-passwords', 'also the passwords that stand there in plain').option('--dry-run', 'only show what is in it'), importFile);
  connections('export <file>', 'write all saved connections to a YAML file, without secrets', (command) => command, exportFile);
  connections('remove <name>', 'forget a connection and its password', (command) => command, remove);
}

async function list({ services, output }: CliContext, _operands: readonly string[], { format }: { format?: string }): Promise<void> {
  const items = (await services.connections.list()).map((profile) => ({ ...profile, url: formatConnectionUrl(profile.target), demo: services.connections.isDemo(profile.id) }));
  await printList(output, format, items, {
    name: (item) => item.name,
    url: (item) => item.url,
    tunnel: (item) => (item.target.engine === 'pglite' ? '' : (item.target.tunnel ?? []).map(hopAddress).join(', ')),
    folder: (item) => item.folder ?? '',
    environment: (item) => item.environment,
    access: (item) => (item.readOnly ? 'read-only' : 'read-write'),
  });
}

interface AddOptions {
  readonly environment: string;
  readonly color?: string;
  readonly readOnly?: boolean;
  readonly folder?: string;
  readonly sharing?: string;
  readonly private?: readonly string[];
  readonly tunnel?: string;
  readonly identity?: string;
}

const COLORS = { dev: 'gray', staging: 'yellow', production: 'red' } as const;

async function add(context: CliContext, [name = '', url = '']: readonly string[], options: AddOptions): Promise<void> {
  const { connections, secrets } = context.services;
  const { target: direct, password } = connections.parseUrl(url);
  const target = throughTunnel(direct, options);
  if (password !== null) secrets.remember(password);
  const environment = environments.safeParse(options.environment);
  if (!environment.success) throw new AppError('bad_input', `There is no environment ${options.environment}.`, { hint: `Use one of ${environments.options.join(', ')}.` });
  const color = connectionColor.safeParse(options.color ?? COLORS[environment.data]);
  if (!color.success) throw new AppError('bad_input', `There is no colour ${String(options.color)}.`, { hint: `Use one of ${connectionColor.options.join(', ')}.` });
  const sharing = sharings.optional().safeParse(options.sharing);
  if (!sharing.success) throw new AppError('bad_input', `Nothing is called ${String(options.sharing)} that could be shared.`, { hint: `Use one of ${sharings.options.join(', ')}.` });
  const given = context.options.passwordStdin ? await passwordFromStdin(context) : password;
  const profile: ConnectionProfile = { id: '', name, target, environment: environment.data, color: color.data, readOnly: options.readOnly ?? false, ...(options.folder === undefined ? {} : { folder: options.folder }), ...(sharing.data === undefined ? {} : { sharing: sharing.data }), ...privateOf(options) };
  const saved = await connections.save(profile, given === null ? { kind: 'ask' } : { kind: 'set', password: given });
  context.output.say(`Saved ${saved.name}: ${formatConnectionUrl(saved.target)}`);
  if (context.output.json) await context.output.document({ ...saved, url: formatConnectionUrl(saved.target) });
}

function privateOf({ private: columns }: AddOptions): Pick<ConnectionProfile, 'privateColumns'> {
  const wrong = columns?.find((text) => parsePrivateColumn(text) === null);
  if (wrong !== undefined) throw new AppError('bad_input', `--private ${wrong}: this names no column.`, { hint: 'Write schema.table.column; * stands for all of a part.' });
  return columns === undefined ? {} : { privateColumns: [...columns] };
}

/** Reads what `ssh -J` takes. */
function throughTunnel(target: ConnectionTarget, { tunnel, identity }: AddOptions): ConnectionTarget {
  if (tunnel === undefined) return target;
  if (target.engine === 'pglite') throw new AppError('bad_input', 'An embedded database needs no tunnel.');
  const hops = tunnel.split(',').map((text): TunnelHop => {
    const [, user, bracketed, plain, port = '22'] = /^([^@]+)@(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
    const host = bracketed ?? plain;
    if (user === undefined || host === undefined || Number(port) < 1 || Number(port) > 65_535) throw new AppError('bad_input', `--tunnel ${text}: this is no SSH server.`, { hint: 'Write user@host or user@host:port, several with commas between.' });
    return { host, port: Number(port), user, authentication: identity === undefined ? { kind: 'agent' } : { kind: 'key', file: identity } };
  });
  return { ...target, tunnel: hops };
}

async function test(context: CliContext, [name = '']: readonly string[]): Promise<void> {
  const { services, output, signal, options } = context;
  const profile = await services.connections.resolve(name);
  const password = options.passwordStdin ? ({ kind: 'set', password: await passwordFromStdin(context) } as const) : ({ kind: 'keep' } as const);
  const result = await services.connections.test(profile.id, profile.target, password, signal).catch((thrown: unknown) => {
    throw timedOut(signal, options.timeout, false) ?? thrown;
  });
  if (!result.ok) {
    const { code, message, ...rest } = result.error;
    throw new AppError(code, message, { ...rest, connection: profile.name });
  }
  const { server, milliseconds } = result;
  if (output.json) return output.document({ ok: true, server, milliseconds });
  const facts = [`${server.product} ${server.version}`, `user ${server.user}${server.superuser ? ' (superuser)' : ''}`, `database ${server.database}`, server.encrypted ? 'TLS' : 'not encrypted'];
  await output.results.write(`${profile.name}: ${facts.join(', ')}, ${Math.round(milliseconds)} ms\n`);
}

async function importFile({ services, output }: CliContext, [file = '']: readonly string[], options: { withPasswords?: boolean; dryRun?: boolean }): Promise<void> {
  const { transfer } = services.connections;
  const { tool, found, left } = await transfer.read(file);
  const names = options.dryRun ? found.map(({ profile }) => profile.name) : (await transfer.take(file, [...found.keys()], options.withPasswords ?? false)).map(({ name }) => name);
  for (const { name, reason } of left) output.say(`Left out ${name}: ${reason}`);
  for (const { profile, notes } of found) for (const note of notes) output.say(`${profile.name}: ${note}`);
  if (output.json) return output.document({ tool, [options.dryRun ? 'found' : 'imported']: names, left });
  output.say(`${options.dryRun ? 'Found' : 'Imported'} ${names.length} of ${tool}: ${names.join(', ')}`);
}

async function exportFile({ services, output, options }: CliContext, [file = '']: readonly string[]): Promise<void> {
  if (existsSync(file) && !options.yes) throw new AppError('confirm_required', `${file} exists.`, { hint: 'Give --yes to replace it.' });
  const count = await services.connections.transfer.write(file);
  output.say(`Wrote ${count} connections to ${file}, without secrets.`);
  if (output.json) await output.document({ file, count });
}

async function remove({ services, output }: CliContext, [name = '']: readonly string[]): Promise<void> {
  const profile = await services.connections.resolve(name);
  await services.connections.remove(profile.id);
  output.say(`Removed ${profile.name}.`);
  if (output.json) await output.document({ removed: profile.id });
}
