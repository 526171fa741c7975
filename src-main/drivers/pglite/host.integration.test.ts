import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../errors';
import type { Connection } from '../driver';
import { decodeBatch } from '../rows';
import { createPgliteDriver, type PgliteDriver } from './driver';

let base: string;
let folder: string;
let driver: PgliteDriver;
const signal = new AbortController().signal;

function connect(applicationName = 'test'): Promise<Connection> {
  return driver.connect({ target: { engine: 'pglite', folder } }, { signal, applicationName });
}

async function rows(connection: Connection, text: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<(string | null)[][]> {
  const found: (string | null)[][] = [];
  await connection.run(
    { text },
    { columns: () => undefined, rows: (batch) => void found.push(...decodeBatch(batch)), notice: () => undefined, complete: () => undefined },
    { signal, ...options },
  );
  return found;
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error(`expected an AppError, got ${String(thrown)}`);
  return thrown;
}

beforeAll(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'pglite-host-'));
  folder = mkdtempSync(path.join(base, 'db-'));
  driver = createPgliteDriver({ program: 'the test' });
});

afterAll(async () => {
  await driver.close();
  rmSync(base, { recursive: true, force: true });
});

describe('a session of the embedded database', () => {
  it('runs statements', async () => {
    const connection = await connect();
    expect(await rows(connection, 'select 1, null, $$x$$')).toEqual([['1', null, 'x']]);
    expect(connection.server.versionNumber).toBeGreaterThanOrEqual(180000);
    await connection.close();
  });
});
