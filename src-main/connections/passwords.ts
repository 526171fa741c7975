import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { tlsMode, type ConnectionTarget, type ServerTarget } from '../../src-preload/contract/connections';
import { AppError, toAppError } from '../errors';
import type { SecretsService } from '../secrets/service';
import { readPasswordFile, type Personal } from './passwordFile';

/** Whether a server's code at login says that the password was wrong or missing: PostgreSQL's and MySQL's. */
export function isWrongPassword(serverCode: string | undefined): boolean {
  return serverCode === '28P01' || serverCode === '1045';
}

/** What to connect with; `withheld` says why a stored password is not among it, for when the server wants one. */
export interface KnownPassword {
  readonly password: string | undefined;
  readonly withheld: AppError | null;
}

/** To whom a password was given. Definitions are shared and edited by others: a password must not follow them to another server. */
const bound = z.object({ host: z.string(), port: z.number(), user: z.string(), tls: tlsMode, ca: z.string().nullable(), tunnel: z.array(z.string()).default([]) });
type Bound = z.infer<typeof bound>;
const stored = bound.extend({ password: z.string() });

const nothing: KnownPassword = { password: undefined, withheld: null };

/** The passwords of connections: typed in this run, stored, from `PGPASSWORD`, or from `~/.pgpass`, in this order. */
export class Passwords {
  /** Typed, or from a URL; bound to the target that they are first used for. */
  private readonly supplied = new Map<string, { password: string; to: Bound | null }>();

  constructor(
    private readonly secrets: SecretsService,
    private readonly fallback: Readonly<Partial<Record<ServerTarget['engine'], string | undefined>>>,
    private readonly personal: Personal,
  ) {}

  /** Uses it in this run only. */
  supply(id: string, password: string): void {
    this.secrets.remember(password);
    this.supplied.set(id, { password, to: null });
  }

  /** Drops what was supplied. */
  withdraw(id: string): void {
    this.supplied.delete(id);
  }

  /** What to connect to this target with; `id` is null where nothing can be stored. */
  async of(id: string, target: ConnectionTarget, saved: boolean): Promise<KnownPassword> {
    if (target.engine === 'pglite') return nothing;
    const typed = this.supplied.get(id);
    if (typed) {
      typed.to ??= boundTo(target);
      if (mayGo(typed.to, target)) return { password: typed.password, withheld: null };
    }
    const known = saved ? await this.read(id, target) : nothing;
    const withheld = known.withheld ?? (typed?.to ? elsewhere(typed.to, target) : null);
    if (known.password !== undefined) return { password: known.password, withheld };
    const outside = await this.outside(target);
    return { password: outside.password, withheld: withheld ?? outside.withheld };
  }

  /** What is known without the program's own memory: `PGPASSWORD` or `MYSQL_PWD`, then PostgreSQL's password file. */
  async outside(target: ConnectionTarget): Promise<KnownPassword> {
    if (target.engine === 'pglite') return nothing;
    const fallback = this.fallback[target.engine];
    if (fallback !== undefined) {
      this.secrets.remember(fallback);
      return { password: fallback, withheld: null };
    }
    // The file is libpq's.
    if (target.engine !== 'postgresql') return nothing;
    const answer = await readPasswordFile(target, this.personal);
    if (answer.kind === 'ignored') return { password: undefined, withheld: fileIgnored(answer.file, answer.reason) };
    if (answer.kind === 'none') return nothing;
    this.secrets.remember(answer.password);
    return { password: answer.password, withheld: null };
  }

  async has(id: string, target: ConnectionTarget): Promise<boolean> {
    if (target.engine === 'pglite') return false;
    const typed = this.supplied.get(id);
    if (typed && mayGo(typed.to ?? boundTo(target), target)) return true;
    return (await this.read(id, target)).password !== undefined;
  }

  /** Rejects with `secrets_locked` when nothing could be stored. */
  async checkPlace(id: string): Promise<void> {
    await this.secrets.get(secretName(id));
  }

  /** Gives a new connection the stored password of another one; a place that is locked gives none. */
  async copy(from: string, to: string): Promise<void> {
    const text = await this.secrets.get(secretName(from)).catch(noneIfLocked);
    if (text !== null) await this.secrets.set(secretName(to), text);
  }

  async store(id: string, target: ServerTarget, password: string): Promise<void> {
    this.withdraw(id);
    this.secrets.remember(password);
    await this.secrets.set(secretName(id), JSON.stringify({ ...boundTo(target), password }));
  }

  /** Forgets all; a place that is locked or was never chosen must not keep a person from removing a connection. */
  async remove(id: string): Promise<void> {
    this.withdraw(id);
    try {
      await this.secrets.delete(secretName(id));
    } catch (thrown) {
      if (toAppError(thrown).code !== 'secrets_locked') throw thrown;
    }
  }

  private async read(id: string, target: ServerTarget): Promise<KnownPassword> {
    let text: string | null;
    try {
      text = await this.secrets.get(secretName(id));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'secrets_locked') throw error;
      return { password: undefined, withheld: error };
    }
    const entry = text === null ? null : parse(text);
    if (!entry) return nothing;
    this.secrets.remember(entry.password);
    return mayGo(entry, target) ? { password: entry.password, withheld: null } : { password: undefined, withheld: elsewhere(entry, target) };
  }
}

function secretName(id: string): string {
  return `connection:${id}:password`;
}

function boundTo({ host, port, user, tls, tunnel = [] }: ServerTarget): Bound {
  return { host: host.toLowerCase(), port, user, tls: tls.mode, ca: tls.ca ?? null, tunnel: tunnel.map((hop) => `${hop.host.toLowerCase()}:${hop.port}`) };
}

/** The same server and role, and the line at least as safe as it was. */
function mayGo(to: Bound, target: ServerTarget): boolean {
  const now = boundTo(target);
  const rank = (mode: Bound['tls']): number => tlsMode.options.indexOf(mode);
  return now.host === to.host && now.port === to.port && now.user === to.user && isDeepStrictEqual(now.tunnel, to.tunnel) && rank(now.tls) >= rank(to.tls) && (now.ca === to.ca || rank(to.tls) < rank('verify-ca'));
}

/** An entry that is not ours is as good as none: nobody knows for which server it was. */
function parse(text: string): z.infer<typeof stored> | null {
  try {
    return stored.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Carries the code of a wrong password, so that the person is asked for one. */
function elsewhere(to: Bound, target: ServerTarget): AppError {
  const words = ({ host, port, user, tls, tunnel }: Bound): string => `${user} on ${host}:${port}${tunnel.length > 0 ? ` through ${tunnel.join(', ')}` : ''} (TLS ${tls})`;
  return new AppError('connection_failed', `The known password was given for ${words(to)}. The connection now leads to ${words(boundTo(target))}, so the password was not sent.`, {
    serverCode: '28P01',
    hint: 'If the change is right, enter the password again.',
  });
}

/** Carries the code of a wrong password, so that the person is asked for one. */
function fileIgnored(file: string, reason: string): AppError {
  return new AppError('connection_failed', `The server wants a password, and none is known. ${file} was not used: ${reason}.`, { serverCode: '28P01', hint: 'Enter the password, or mend that file.' });
}

function noneIfLocked(thrown: unknown): null {
  const error = toAppError(thrown);
  if (error.code !== 'secrets_locked') throw error;
  return null;
}
