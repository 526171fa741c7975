import { AppError } from '../../errors';
import type { Exchange } from './exchange';

/** Why a statement is being stopped; `given up` when our own side cannot go on. */
type InterruptReason = 'cancelled' | 'timeout' | 'given up';

/** How long a request to cancel may take to be delivered. */
const deliveryMs = 5000;
/** A request can overtake its statement on the way, and then has no effect: it is repeated. */
const repeatMs = 1000;

interface InterruptHost {
  cancel(): Promise<'asked' | 'ended'>;
  /** The server could only be stopped together with the session; `toStatement` is what its statement ends with. */
  serverEnded(toStatement: AppError): void;
  undeliverable(reason: AppError): void;
}

/**
 * Stops an exchange on the server: rows are thrown away from now on, and the server is asked to cancel until it is done. When
 * it cannot be asked, the session is given up, for nobody can know whether the statement still runs.
 */
export class Interrupt {
  reason: InterruptReason | null = null;
  private delivery: Promise<void> = Promise.resolve();
  private repeat: NodeJS.Timeout | null = null;
  private over = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly host: InterruptHost,
  ) {}

  start(reason: InterruptReason): void {
    if (this.reason !== null || this.over) return;
    this.reason = reason;
    this.exchange.giveUp();
    this.deliver();
  }

  /** Resolves when no request is under way. */
  finished(): Promise<void> {
    this.stop();
    return this.delivery;
  }

  /** No more requests. */
  stop(): void {
    this.over = true;
    if (this.repeat !== null) clearTimeout(this.repeat);
  }

  private deliver(): void {
    this.delivery = withTimeout(this.host.cancel(), deliveryMs).then(
      (result) => {
        if (result === 'ended') this.host.serverEnded(this.endedError());
        else if (!this.over) this.repeat = setTimeout(() => this.deliver(), repeatMs);
      },
      (thrown: unknown) => {
        if (!this.over) this.host.undeliverable(undeliverable(thrown));
      },
    );
  }

  private endedError(): AppError {
    const hint = 'The database was stopped together with its session and opens again.';
    return this.reason === 'timeout'
      ? new AppError('timeout', 'Stopped at the time-out of this statement.', { hint })
      : new AppError('cancelled', 'Cancelled.', { hint });
  }
}

function undeliverable(thrown: unknown): AppError {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('connection_lost', 'The request to cancel did not reach the server; the session was cut.', {
    detail,
    hint: 'The statement may still run on the server. Look for it in pg_stat_activity, and stop it with pg_cancel_backend.',
  });
}

function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
