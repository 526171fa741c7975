import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { workerFolderVariable } from '../../../e2e/setup/workersFromSource';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { AppError } from '../../errors';
import type { Connection } from '../driver';
import { decodeBatch } from '../rows';

const never = new AbortController().signal;

/** All rows of a statement as text. */
export async function rowsOf(connection: Connection, text: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<(string | null)[][]> {
  const found: (string | null)[][] = [];
  const sink = { columns: () => undefined, rows: (batch: Parameters<typeof decodeBatch>[0]) => void found.push(...decodeBatch(batch)), notice: () => undefined, complete: () => undefined };
  await connection.run({ text }, sink, { signal: never, ...options });
  return found;
}

/** What the work rejects with; throws when it does not, or not with an AppError. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error(`An AppError was expected, not ${String(thrown)}`);
  return thrown;
}

export interface SecondProgram {
  readonly child: ChildProcess;
  /** Runs a statement there. */
  ask(text: string): Promise<{ rows?: (string | null)[][]; error?: AppErrorData }>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends its input, and waits until it has shut down. */
  stop(): Promise<void>;
}

/** Bundles `testProcess.ts` beside the workers and returns its path. */
export async function bundleSecondProgram(): Promise<string> {
  const outDir = process.env[workerFolderVariable] ?? '';
  const here = path.dirname(fileURLToPath(import.meta.url));
  await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: [{ find: /^(\.\.?\/)+workers$/, replacement: path.resolve(here, '../../../e2e/setup/workersFromSource.ts') }] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: { input: { testProcess: path.join(here, 'testProcess.ts') }, external: ['libsql', 'pg', /^pg-/], output: { format: 'es', entryFileNames: '[name].js' } },
    },
  });
  return path.join(outDir, 'testProcess.js');
}

/** Starts it on the folder; resolves once it is connected. */
export async function startSecondProgram(script: string, folder: string, applicationName: string): Promise<SecondProgram> {
  const child = spawn(process.execPath, [script, folder, applicationName], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<{ ready?: boolean; rows?: (string | null)[][]; error?: AppErrorData }> => {
    const { value, done } = (await lines.next()) as { value: string; done?: boolean };
    if (done) throw new Error('The second program has ended.');
    return JSON.parse(value) as { rows?: (string | null)[][]; error?: AppErrorData };
  };
  const ready = await next();
  if (!ready.ready) throw new Error(`The second program could not start: ${JSON.stringify(ready)}`);
  const gone = once(child, 'exit');
  return {
    child,
    ask(text) {
      child.stdin.write(`${text}\n`);
      return next();
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}
