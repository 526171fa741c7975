import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Engine } from '../../src-preload/contract/connections';
import type { Connection } from '../drivers/driver';
import { AppError } from '../errors';
import type { Guard } from '../guard/service';
import { connectionOf, onSession, readAll, type CliContext } from './context';
import type { AreaCommand } from './program';

interface ClassifyOptions {
  readonly dialect?: string;
  readonly ndjson?: string | boolean;
}

/** `guard classify [--dialect D] ["SQL" | --ndjson F] [-c NAME]` */
export function addGuardArea(area: AreaCommand): void {
  const guard = area('guard', 'what a statement would do, without running it');
  guard(
    'classify [sql]',
    'read, write, ddl, session or unknown, and why',
    (command) =>
      command
        .option('--dialect <dialect>', 'postgresql (default), mysql or mariadb; with -c the connection’s own')
        .option('--ndjson [file]', 'one {"id","sql"} a line in, one {"id","class","reason"} a line out; without a file, or with -, from stdin'),
    classify,
  );
}

async function classify(context: CliContext, [sql]: readonly string[], { dialect, ndjson }: ClassifyOptions): Promise<void> {
  if (sql !== undefined && ndjson !== undefined) throw new AppError('bad_input', 'Give a statement or --ndjson, not both.');
  const profile = context.options.connection === undefined ? null : await connectionOf(context);
  const guard = context.services.guard.of(profile && dialect === undefined ? profile.target.engine : engineOf(dialect ?? 'postgresql'));
  const work = (connection: Connection | undefined): Promise<void> => (ndjson === undefined ? classifyOne(context, guard, sql, connection) : classifyLines(context, guard, ndjson, connection));
  return profile ? onSession(context, profile, work) : work(undefined);
}

function engineOf(dialect: string): Engine {
  const name = dialect.toLowerCase();
  if (['postgresql', 'postgres', 'pg', 'pglite'].includes(name)) return 'postgresql';
  if (['mysql', 'mariadb'].includes(name)) return 'mysql';
  throw new AppError('unsupported', `This version does not know the dialect ${dialect}.`, { hint: 'Use postgresql, mysql or mariadb.' });
}

async function classifyOne(context: CliContext, guard: Guard, operand: string | undefined, connection: Connection | undefined): Promise<void> {
  const { output, stdin, signal } = context;
  if (operand === undefined && stdin.isTTY) throw new AppError('bad_input', 'Which statement?', { hint: 'Give it as an operand, on stdin, or many with --ndjson FILE.' });
  const text = operand ?? (await readAll(stdin));
  const verdict = await guard.classify(text, { ...(connection ? { connection } : {}), signal });
  if (output.json) return output.document({ class: verdict.class, reason: verdict.reason, readOnly: verdict.readOnly, objects: verdict.objects });
  await output.results.write(`${verdict.class}: ${verdict.reason}\n`);
}

const inputLine = z.object({ id: z.union([z.string(), z.number(), z.null()]).optional(), sql: z.string() });

async function classifyLines({ output, stdin, signal }: CliContext, guard: Guard, file: string | boolean, connection: Connection | undefined): Promise<void> {
  const input: Readable = typeof file === 'string' && file !== '-' ? createReadStream(file) : stdin;
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      signal.throwIfAborted();
      const { id, sql } = readLine(line, number);
      const verdict = await guard.classify(sql, { ...(connection ? { connection } : {}), signal });
      await output.results.write(`${JSON.stringify({ id: id ?? null, class: verdict.class, reason: verdict.reason })}\n`);
    }
  } catch (thrown) {
    if (thrown instanceof Error && 'syscall' in thrown) throw new AppError('bad_input', `${String(file)} could not be read: ${thrown.message}`, {}, { cause: thrown });
    throw thrown;
  }
}

function readLine(line: string, number: number): z.infer<typeof inputLine> {
  try {
    return inputLine.parse(JSON.parse(line));
  } catch (error) {
    throw new AppError('bad_input', `Line ${number} is not an object with "id" and "sql".`, { hint: 'One JSON object a line: {"id":1,"sql":"SELECT 1"}' }, { cause: error });
  }
}
