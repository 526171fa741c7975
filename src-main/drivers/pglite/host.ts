import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { AppError, toAppError } from '../../errors';
import { Backend, type BackendGone } from './backend';
import { ClientSession, Refusal, type SessionHost } from './clientSession';
import { openDoor, type Door } from './door';
import type { FolderLock } from './folderLock';
import { linkedStreams } from './linkedStreams';
import { readParameterStatuses, simpleQuery, type WireError, type WireStatus } from './protocol';
import { HeldByTransaction, Turns } from './turns';
import type { Residue } from './workerMessages';

/** SQLSTATE of a refusal because another session holds a transaction; the class is one that the standard leaves to us. */
export const busyState = 'PGL01';
/** SQLSTATE query_canceled. */
const cancelledState = '57014';
/** SQLSTATE crash_shutdown. */
const crashState = '57P02';
/** SQLSTATE admin_shutdown. */
const shutdownState = '57P01';

/** How long a statement has to stop by itself after it was asked to; longer, and the backend is restarted. */
const politeMs = 300;

const noResidue: Residue = { temporaryTables: 0, preparedStatements: 0, heldCursors: 0, listeners: 0, advisoryLocks: 0 };

/**
 * Owns one embedded database: its folder's lock, its worker with the only backend, its door for other processes, and the
 * sessions that share it all.
 */
export class PgliteHost implements SessionHost {
  private readonly sessions = new Set<ClientSession>();
  private readonly turns = new Turns<ClientSession>();
  private residue: Residue = noResidue;
  private parameters: Readonly<Record<string, string>> = {};
  private door: Door | null = null;
  private backend: Promise<Backend>;
  private nextId = 1;
  private closing: Promise<void> | null = null;
  /** Why the backend is being stopped by us, while it is. */
  private stopping: { session: ClientSession } | null = null;
  private politeTimer: NodeJS.Timeout | null = null;

  private constructor(
    private readonly lock: FolderLock,
    first: Backend,
    private readonly onEnd: () => void,
  ) {
    this.backend = Promise.resolve(first);
    this.adopt(first);
  }

  /**
   * Opens a database whose lock we hold, and says so to other processes. The lock is the host's from then on. Rejects as
   * `Backend.open` does, or with `disk` when no door can be opened; the lock is then still the caller's.
   */
  static async open(lock: FolderLock, options: { program: string; signal: AbortSignal; onEnd: () => void }): Promise<PgliteHost> {
    const backend = await Backend.open(lock.folder, { fsync: true, signal: options.signal });
    const host = new PgliteHost(lock, backend, options.onEnd);
    try {
      host.door = await openDoor((stream) => host.accept(stream));
      lock.announce({ program: options.program, door: { path: host.door.path, token: host.door.token } });
      return host;
    } catch (thrown) {
      host.closing = backend.close();
      await host.closing;
      throw new AppError('disk', `Other programs cannot be told that this one has ${lock.folder} open: ${toAppError(thrown).message}`, {}, { cause: thrown });
    }
  }

  /** A stream on which the database speaks PostgreSQL's protocol. */
  connect(): Duplex {
    const [client, server] = linkedStreams();
    this.accept(server);
    return client;
  }

  /** Ends all sessions, shuts PostgreSQL down in order and gives the folder free. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  greeting(): Readonly<Record<string, string>> {
    return this.parameters;
  }

  async acquire(session: ClientSession): Promise<Backend> {
    try {
      await this.turns.acquire(session);
    } catch (thrown) {
      throw thrown instanceof HeldByTransaction ? new Refusal(busyError(thrown as HeldByTransaction<ClientSession>)) : thrown;
    }
    if (session.closed) {
      this.turns.release(session, false);
      throw new Refusal({ severity: 'FATAL', code: shutdownState, message: 'The session is closed.' });
    }
    return this.backend;
  }

  release(session: ClientSession, status: WireStatus): void {
    if (this.stopping?.session === session) {
      this.stopping = null;
      if (this.politeTimer) clearTimeout(this.politeTimer);
    }
    if (session.closed) void this.cleanUp(session, status);
    else this.turns.release(session, status !== 'I');
  }

  settled(session: ClientSession, residue: Residue): void {
    const added = total(residue) - total(this.residue);
    session.residue = Math.max(0, session.residue + added);
    this.residue = residue;
  }

  cancel(processId: number, secret: number): void {
    const session = [...this.sessions].find((candidate) => candidate.id === processId && candidate.secret === secret);
    if (session) this.stopStatement(session);
  }

  broken(backend: Backend): void {
    void backend.stop('PostgreSQL did not finish the statement');
  }

  left(session: ClientSession): void {
    this.sessions.delete(session);
    this.turns.withdraw(session, new Refusal({ severity: 'FATAL', code: shutdownState, message: 'The session is closed.' }));
    if (this.closing) return;
    if (session.running) this.stopStatement(session);
    else void this.cleanUp(session, session.transactionOpen ? 'T' : 'I');
  }

  explainLoss(session: ClientSession, loss: BackendGone): WireError {
    if (this.closing) return { severity: 'FATAL', code: shutdownState, message: 'The program that had the embedded database open has closed it.' };
    const gone = session.transactionOpen ? ' The open transaction is rolled back.' : '';
    const kept = session.residue > 0 ? ' Temporary tables, prepared statements, cursors and locks of this session are gone.' : '';
    if (this.stopping?.session === session) {
      return {
        severity: 'ERROR',
        code: cancelledState,
        message: 'canceling statement due to user request',
        detail: `The embedded database cannot cancel; it was restarted to stop the statement.${gone}${kept}`,
      };
    }
    return {
      severity: 'FATAL',
      code: crashState,
      message: `The embedded database ended unexpectedly: ${loss.message}`,
      detail: `${loss.log}\nIt starts again by itself; what was committed is kept.${gone}${kept}`.trim(),
    };
  }

  private accept(stream: Duplex): void {
    const session = new ClientSession(this, stream, this.nextId++, randomInt(2 ** 31));
    if (this.closing) stream.destroy();
    else this.sessions.add(session);
  }

  private stopStatement(session: ClientSession): void {
    const cancelled = new Refusal({ severity: 'ERROR', code: cancelledState, message: 'canceling statement due to user request', detail: 'It had not begun: another session was using the embedded database.' });
    if (this.turns.withdraw(session, cancelled) || !session.running || this.stopping) return;
    this.stopping = { session };
    session.interrupt();
    this.politeTimer = setTimeout(() => session.stopBackend('stopped to cancel a statement'), politeMs);
  }

  /** Rolls back what a session that is gone left open, and drops what only it had. */
  private async cleanUp(session: ClientSession, status: WireStatus): Promise<void> {
    try {
      if (status === 'I' && session.residue === 0) return;
      await this.turns.acquire(session);
      const backend = await this.backend;
      // DISCARD ALL must not touch what other sessions still use.
      const alone = [...this.sessions].every((other) => other === session || other.residue === 0);
      if (status !== 'I') await this.command(session, backend, 'rollback');
      if (alone && session.residue > 0) await this.command(session, backend, 'discard all');
    } catch {
      // The backend ended meanwhile, and with it everything that was to be cleaned up; or another session holds a transaction,
      // and what is left is dropped with the next restart.
    } finally {
      this.turns.release(session, false);
    }
  }

  private async command(session: ClientSession, backend: Backend, text: string): Promise<void> {
    const { settled } = await backend.run(session.id, session.settings, simpleQuery(text), () => Promise.resolve());
    const state = await settled;
    if (state) this.residue = state.residue;
  }

  private adopt(backend: Backend): void {
    this.parameters = readParameterStatuses(backend.greeting);
    void backend.gone.then(() => {
      if (!this.closing) this.restart();
    });
  }

  private restart(): void {
    if (this.politeTimer) clearTimeout(this.politeTimer);
    this.residue = noResidue;
    this.backend = Backend.open(this.lock.folder, { fsync: true });
    this.backend.then(
      (backend) => this.adopt(backend),
      (thrown: unknown) => this.giveUp(toAppError(thrown)),
    );
    for (const session of this.sessions) {
      if (session.running || (session.residue === 0 && !session.transactionOpen)) continue;
      session.residue = 0;
      session.end({
        severity: 'FATAL',
        code: crashState,
        message: 'The embedded database was restarted, and this session had a transaction, temporary tables, prepared statements, cursors or locks in it.',
        hint: 'They are gone; what was committed is kept. Connect again.',
      });
    }
  }

  private giveUp(error: AppError): void {
    for (const session of this.sessions) session.end({ severity: 'FATAL', code: crashState, message: error.message, ...(error.data.hint === undefined ? {} : { hint: error.data.hint }) });
    void this.close();
  }

  private async shutDown(): Promise<void> {
    this.onEnd();
    for (const session of this.sessions) session.end({ severity: 'FATAL', code: shutdownState, message: 'The program that had the embedded database open has closed it.' });
    await this.door?.close();
    const backend = await this.backend.catch(() => null);
    await backend?.close();
    this.lock.release();
  }
}

function total(residue: Residue): number {
  return residue.temporaryTables + residue.preparedStatements + residue.heldCursors + residue.listeners + residue.advisoryLocks;
}

function busyError(refusal: HeldByTransaction<ClientSession>): WireError {
  const seconds = Math.round(refusal.sinceMs / 1000);
  return {
    severity: 'ERROR',
    code: busyState,
    message: `“${refusal.holder.name}” has a transaction open on this embedded database${seconds > 0 ? `, idle for ${seconds} s` : ''}, and it can serve one session at a time.`,
    hint: 'Commit or roll back there, or close that session; then run this again.',
  };
}
