import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAbsent } from './atomicFile';
import { AppError } from './errors';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a service may log with. Fields are data about the event; secrets are cut out of everything. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** The same log with an `area` on every line. */
  area(name: string): Logger;
}

export interface FileLogger extends Logger {
  /** Resolves when everything logged so far is in the file. */
  flush(): Promise<void>;
}

export interface LogOptions {
  readonly file: string;
  /** Lines below it are dropped; default `info`. */
  readonly level?: LogLevel;
  /** A file that would grow beyond this many bytes is renamed to `.1`, that to `.2`, and so on; default 5 MB. */
  readonly maxBytes?: number;
  /** Old files kept; default 3. */
  readonly keep?: number;
  readonly redact: (text: string) => string;
  /** Told when the log itself cannot be written, once until it can again; default: a line on stderr. */
  readonly onFailure?: (error: Error) => void;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * A log of one JSON object a line: `at` (ISO 8601, UTC), `level`, `area`, `message`, then the fields; errors become message, code and
 * stack. Writing never blocks or fails the caller. The file has mode 0600.
 */
export function createLogger(options: LogOptions): FileLogger {
  const lowest = LEVELS.indexOf(options.level ?? 'info');
  const append = appender(options);
  let waiting: string[] = [];
  let writing: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting.join('');
      waiting = [];
      await append(lines);
    }
    writing = null;
  };
  const write = (level: LogLevel, area: string | undefined, message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    if (LEVELS.indexOf(level) < lowest) return;
    const entry = { at: new Date().toISOString(), level, ...(area === undefined ? {} : { area }), message, ...fields };
    waiting.push(`${options.redact(JSON.stringify(entry, serialise))}\n`);
    writing ??= drain();
  };
  const logger = (area: string | undefined): Logger => ({
    debug: (message, fields) => write('debug', area, message, fields),
    info: (message, fields) => write('info', area, message, fields),
    warn: (message, fields) => write('warn', area, message, fields),
    error: (message, fields) => write('error', area, message, fields),
    area: logger,
  });
  return { ...logger(undefined), flush: async () => void (await writing) };
}

/** Appends with rotation; a failure is told once and logging goes on trying. */
function appender({ file, maxBytes = 5_000_000, keep = 3, onFailure = tellOnStderr }: LogOptions): (lines: string) => Promise<void> {
  let size: number | null = null;
  let failing = false;
  return async (lines) => {
    try {
      size ??= await startSize(file);
      const bytes = Buffer.byteLength(lines);
      if (size > 0 && size + bytes > maxBytes) {
        for (let index = keep; index >= 1; index -= 1) await renameIfThere(index === 1 ? file : `${file}.${index - 1}`, `${file}.${index}`);
        size = 0;
      }
      await appendFile(file, lines, { mode: 0o600 });
      size += bytes;
      failing = false;
    } catch (error) {
      size = null;
      if (!failing) onFailure(error instanceof Error ? error : new Error(String(error)));
      failing = true;
    }
  };
}

async function startSize(file: string): Promise<number> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function serialise(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof AppError) return { ...value.data, stack: value.stack, ...(value.cause === undefined ? {} : { cause: value.cause }) };
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack, ...(value.cause === undefined ? {} : { cause: value.cause }) };
  return value;
}

function tellOnStderr(error: Error): void {
  process.stderr.write(`The log cannot be written: ${error.message}\n`);
}
