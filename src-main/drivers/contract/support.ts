import { expect, type TestContext } from 'vitest';
import type { Column, Notice } from '../../../src-preload/contract/queries';
import type { AppError } from '../../errors';
import type { ConnectTarget, Connection, ResultSink, RowBatch, RunOptions } from '../driver';
import type { EngineUnderTest } from '../engines';
import { decodeBatch } from '../rows';

/** An empty database of an engine that runs. */
export interface RunningEngine {
  readonly target: ConnectTarget;
  /** Runs SQL on a session of its own and returns its rows; absent where `lacks.observer` says why. */
  readonly observe?: <Row extends object>(text: string, parameters?: unknown[]) => Promise<Row[]>;
  stop(): Promise<void>;
}

/** What the parts of the contract work with. */
export class Suite {
  private engineRuns: RunningEngine | null = null;
  private shared: Connection | null = null;

  constructor(readonly engine: EngineUnderTest) {}

  get running(): RunningEngine {
    return this.engineRuns ?? expect.fail('The engine has not been started.');
  }

  /** One session that the tests share; each leaves it idle. */
  get connection(): Connection {
    return this.shared ?? expect.fail('The engine has not been started.');
  }

  async start(begin: () => Promise<RunningEngine>): Promise<void> {
    this.engineRuns = await begin();
    this.shared = await this.connect();
  }

  async stop(): Promise<void> {
    await this.shared?.close();
    await this.engine.close?.();
    await this.engineRuns?.stop();
  }

  connect(): Promise<Connection> {
    return this.engine.driver.connect(this.running.target, { signal: forever, applicationName: 'ai-shell contract' });
  }

  async withConnection(work: (session: Connection) => Promise<void>): Promise<void> {
    const session = await this.connect();
    try {
      await work(session);
    } finally {
      await session.close();
    }
  }

  /** Waits until a query of another session has so many rows. */
  async observed(text: string, rows: number): Promise<void> {
    await expect.poll(async () => (await this.running.observe?.(text))?.length, { timeout: 5000, interval: 20 }).toBe(rows);
  }

  /** Skips a test of what the engine lacks, with its reason. */
  needs(context: TestContext, part: keyof EngineUnderTest['lacks']): void {
    const reason = this.engine.lacks[part];
    if (reason !== undefined) context.skip(reason);
  }
}

interface Result {
  columns: readonly Column[];
  rows: (string | null)[][];
  command: string;
  rowsAffected: number | null;
}

/** Keeps everything that a statement brings. */
export class Collector implements ResultSink {
  readonly results: Result[] = [];
  readonly notices: Notice[] = [];
  private open: Result | null = null;

  columns(columns: readonly Column[]): void {
    this.open = { columns, rows: [], command: '', rowsAffected: null };
  }
  rows(batch: RowBatch): void | Promise<void> {
    this.open?.rows.push(...decodeBatch(batch));
  }
  notice(notice: Notice): void {
    this.notices.push(notice);
  }
  complete(result: { command: string; rowsAffected: number | null }): void {
    this.results.push({ ...(this.open ?? { columns: [], rows: [] }), ...result });
    this.open = null;
  }
}

/** A signal that never aborts. */
export const forever = new AbortController().signal;

/** Runs a text and keeps what it brings. */
export async function run(
  connection: Connection,
  text: string,
  parameters?: readonly (string | null)[],
  options: Partial<RunOptions> = {},
): Promise<Collector> {
  const sink = new Collector();
  await connection.run(parameters === undefined ? { text } : { text, parameters }, sink, { signal: forever, ...options });
  return sink;
}

/** The first row of the first result. */
export async function values(connection: Connection, text: string, parameters?: readonly (string | null)[]): Promise<(string | null)[]> {
  return (await run(connection, text, parameters)).results[0]?.rows[0] ?? [];
}

/** The error that work must end with. */
export async function rejection(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => {
      throw new Error('It should have been rejected.');
    },
    (error: AppError) => error,
  );
}
