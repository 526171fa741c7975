import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../e2e/servers/postgresql';
import { parsePrivateColumn } from '../../../src-preload/contract/privateColumns';
import type { Connection } from '../../drivers/driver';
import { postgresqlDriver } from '../../drivers/postgresql/driver';
import { decodeBatch } from '../../drivers/rows';
import { AppError } from '../../errors';
import { createGuardService } from '../create';
import { MARKER, privateBenign, privateBypasses, privateFixture, privateTexts } from '../corpus/privateFixture';

const guard = createGuardService();
const signal = new AbortController().signal;
const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 1000, maxRows: 1000, maxBytes: 5_000_000, maxCellBytes: 100_000 };
const privateColumns = privateTexts.map((text) => {
  const column = parsePrivateColumn(text);
  if (!column) throw new Error(text);
  return column;
});
let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await testDatabase();
  await database.query(privateFixture);
  connection = await postgresqlDriver.connect({ target: database.target, password: database.password }, { applicationName: 'private columns', signal });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** All that came back, in one text; the message where it failed. */
async function answer(text: string, kept: boolean): Promise<{ told: string; refused: boolean }> {
  const cells: (string | null)[] = [];
  const sink = { columns: () => undefined, rows: (batch: Parameters<typeof decodeBatch>[0]) => void cells.push(...decodeBatch(batch).flat()), notice: () => undefined, complete: () => undefined };
  try {
    await guard.runReadOnly(connection, { text }, sink, limits, signal, kept ? { privateColumns } : {});
    return { told: cells.join('\n'), refused: false };
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : null;
    return { told: JSON.stringify(error?.data ?? String(thrown)), refused: error?.code === 'refused' };
  }
}

it('has corpora of a size that means something', () => {
  expect(new Set(privateBypasses.map(({ text }) => text)).size).toBeGreaterThanOrEqual(40);
  expect(new Set(privateBenign).size).toBeGreaterThanOrEqual(40);
});

describe('is refused where columns are private, and tells them where they are not', () => {
  it.each(privateBypasses.map(({ text, oracle }) => [text, oracle ?? false] as const))('%s', async (text, oracle) => {
    const open = await answer(text, false);
    expect(open.refused, open.told).toBe(false);
    if (!oracle) expect(open.told).toContain(MARKER);
    const held = await answer(text, true);
    expect(held.refused, held.told).toBe(true);
    expect(held.told).not.toContain(MARKER);
    expect(held.told).not.toContain('email');
  });
});

describe('reads nothing private and is let through', () => {
  it.each(privateBenign.map((text) => [text]))('%s', async (text) => {
    const { told, refused } = await answer(text, true);
    expect(refused, told).toBe(false);
    expect(told).not.toContain(MARKER);
  });
});
