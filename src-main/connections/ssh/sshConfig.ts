import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hopAddress } from '../../../src-preload/contract/locks';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';
import { isAbsent } from '../../atomicFile';
import { AppError } from '../../errors';

/** A host that a person named in `~/.ssh/config`, as what it resolves to. */
export interface SshHost {
  readonly alias: string;
  /** For people: where it leads, how and through what. */
  readonly summary: string;
  readonly hops: readonly TunnelHop[];
}

/** Jump hosts may name each other; no sensible chain is longer. */
const DEEPEST = 5;

/** Reads `~/.ssh/config`; an absent file has no hosts. `Match exec` is not run, and `Include` not followed. */
export async function readSshHosts(home: string): Promise<SshHost[]> {
  try {
    return await resolveSshHosts(await readFile(path.join(home, '.ssh', 'config'), 'utf8'), os.userInfo().username);
  } catch (thrown) {
    if (isAbsent(thrown)) return [];
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('bad_input', `~/.ssh/config cannot be read: ${(thrown as Error).message}`, { hint: 'Mend the file, or fill in the fields by hand.' }, { cause: thrown });
  }
}

/**
 * The named hosts (no patterns) of an SSH client's configuration. Source: ssh_config(5): HostName, User, Port, IdentityFile, IdentityAgent,
 * ProxyJump. A host with a ProxyCommand is left out, since commands are not run.
 */
export async function resolveSshHosts(text: string, user: string): Promise<SshHost[]> {
  // Loaded when the form asks: most never have such a file.
  const { parse } = await import('ssh-config');
  const config = parse(text);
  const aliases = [...text.matchAll(/^[ \t]*Host(?:[ \t]+|[ \t]*=[ \t]*)(.+)$/gim)].flatMap(([, names = '']) => names.split(/[ \t]+/)).filter((name) => name !== '' && !/[*?!"#]/.test(name));
  const hopsOf = (alias: string, depth: number, over: { user?: string; port?: number } = {}): TunnelHop[] | null => {
    const options = config.compute(alias, { ignoreCase: true, matchExec: false });
    const one = (name: string): string | undefined => [options[name]].flat()[0]?.toString();
    if (depth > DEEPEST || (one('proxycommand') ?? 'none').toLowerCase() !== 'none') return null;
    const hop: TunnelHop = {
      host: (one('hostname') ?? alias).replaceAll('%h', alias),
      port: over.port ?? Number(one('port') ?? 22),
      user: over.user ?? one('user') ?? user,
      authentication: authentication(one('identityfile'), one('identityagent')),
    };
    const jumps = one('proxyjump') ?? 'none';
    if (jumps.toLowerCase() === 'none') return [hop];
    const before = jumps.split(',').map((jump) => {
      const [, by, name = '', at] = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(jump.trim()) ?? [];
      return name === '' ? null : hopsOf(name.replace(/^\[|\]$/g, ''), depth + 1, { ...(by === undefined ? {} : { user: by }), ...(at === undefined ? {} : { port: Number(at) }) });
    });
    return before.includes(null) ? null : [...before.flatMap((hops) => hops ?? []), hop];
  };
  return [...new Set(aliases)].flatMap((alias) => {
    const hops = hopsOf(alias, 0);
    const last = hops?.at(-1);
    if (!hops || !last) return [];
    const way = last.authentication.kind === 'key' ? last.authentication.file : 'agent';
    const through = hops.length > 1 ? `, through ${hops.slice(0, -1).map(hopAddress).join(', ')}` : '';
    return [{ alias, summary: `${hopAddress(last)} by ${way}${through}`, hops }];
  });
}

function authentication(identityFile: string | undefined, identityAgent: string | undefined): TunnelHop['authentication'] {
  if (identityFile !== undefined && identityFile.toLowerCase() !== 'none') return { kind: 'key', file: identityFile.replaceAll('%d', '~') };
  return identityAgent === undefined || /^(none|SSH_AUTH_SOCK)$/.test(identityAgent) ? { kind: 'agent' } : { kind: 'agent', socket: identityAgent.replaceAll('%d', '~') };
}
