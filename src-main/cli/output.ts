import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { AppErrorData } from '../../src-preload/contract/error';
import { AppError } from '../errors';

/** Where bytes of a result go. */
export interface ByteSink {
  /** Resolves when there is room for more: a slow reader holds the server up, not our memory. */
  write(text: string): Promise<void> | void;
  /** Resolves when all is written. */
  end(): Promise<void>;
  /** Throws away what can be thrown away. */
  discard(): Promise<void>;
}

export interface Output {
  readonly json: boolean;
  readonly color: boolean;
  /** Results. */
  readonly results: ByteSink;
  /** Progress and messages, on stderr; nothing with --quiet. */
  say(text: string): void;
  /** What a person must know also with --quiet. */
  warn(text: string): void;
  /** One JSON document on stdout. */
  document(value: unknown): Promise<void>;
  /** The error as the grammar wants it. */
  error(error: AppErrorData): Promise<void>;
}

export interface OutputOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly redact: (text: string) => string;
}

/** Results to stdout, everything else to stderr; secrets are cut from all that is not a result. */
export function createOutput({ stdout, stderr, json, quiet, color, redact }: OutputOptions): Output {
  const stream = streamSink(stdout);
  const warn = (text: string): void => void stderr.write(`${redact(text)}\n`);
  let began = false;
  const results: ByteSink = {
    ...stream,
    write: (text) => {
      began = true;
      return stream.write(text);
    },
  };
  const document = async (value: unknown): Promise<void> => {
    await results.write(`${JSON.stringify(value)}\n`);
  };
  return {
    json,
    color,
    results,
    say: quiet ? () => undefined : warn,
    warn,
    document,
    error: async (error) => {
      // A result that had begun holds its error itself, or is visibly unfinished; a second document would break both.
      if (!json || began) return warn(errorText(error));
      const { code, message, hint, detail, ...rest } = error;
      const words = { code, message: redact(message), ...(hint === undefined ? {} : { hint: redact(hint) }), ...(detail === undefined ? {} : { detail: redact(detail) }), ...rest };
      await document({ error: words });
    },
  };
}

function errorText(error: AppErrorData): string {
  const where = error.connection === undefined ? '' : ` (${error.connection})`;
  const code = error.serverCode === undefined ? '' : ` [${error.serverCode}]`;
  return [`ai-shell: ${error.message}${code}${where}`, error.detail, error.hint === undefined ? undefined : `Hint: ${error.hint}`].filter((line) => line !== undefined).join('\n');
}

function streamSink(stream: Writable): ByteSink {
  return {
    write: (text) => {
      // A reader that went away is told by the stream's own error event.
      if (stream.destroyed || stream.write(text)) return undefined;
      return new Promise((resolve) => {
        const go = (): void => {
          stream.off('drain', go);
          stream.off('close', go);
          resolve();
        };
        stream.once('drain', go);
        stream.once('close', go);
      });
    },
    end: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

/** A file that appears under its name only when it is complete. Rejects with AppError `disk`. */
export function fileSink(file: string): ByteSink {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  const stream = createWriteStream(beside);
  let failure: Error | null = null;
  const failed = new Promise<never>((_resolve, reject) => {
    stream.on('error', (error) => {
      failure = error;
      reject(diskError(file, error));
    });
  });
  // It is awaited together with every write; this keeps Node from calling it unhandled before the first.
  failed.catch(() => undefined);
  const sink = streamSink(stream);
  return {
    write: async (text) => {
      if (failure) throw diskError(file, failure);
      await Promise.race([sink.write(text), failed]);
    },
    end: async () => {
      await Promise.race([new Promise<void>((resolve) => stream.end(resolve)), failed]);
      if (failure) throw diskError(file, failure);
      await rename(beside, file).catch((error: unknown) => Promise.reject(diskError(file, error)));
    },
    discard: async () => {
      stream.destroy();
      await rm(beside, { force: true });
    },
  };
}

function diskError(file: string, error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('disk', `${file} could not be written: ${message}`, { hint: 'Check the folder, its permissions and the free space.' }, { cause: error });
}
