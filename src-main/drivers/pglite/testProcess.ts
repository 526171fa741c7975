import { createInterface } from 'node:readline';
import { toAppError } from '../../errors';
import { decodeBatch } from '../rows';
import { createPgliteDriver } from './driver';

/**
 * A second program for the integration tests: opens the folder named by its first argument, runs each line of its input as one
 * statement on one session named by its second, and answers each with one line of JSON.
 */
const [folder = '', applicationName = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const driver = createPgliteDriver({ program: 'the second program' });

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

try {
  const connection = await driver.connect({ target: { engine: 'pglite', folder } }, { signal, applicationName });
  answer({ ready: true });
  for await (const text of createInterface({ input: process.stdin })) {
    const rows: (string | null)[][] = [];
    const sink = { columns: () => undefined, rows: (batch: Parameters<typeof decodeBatch>[0]) => void rows.push(...decodeBatch(batch)), notice: () => undefined, complete: () => undefined };
    await connection.run({ text }, sink, { signal }).then(
      () => answer({ rows }),
      (thrown: unknown) => answer({ error: toAppError(thrown).data }),
    );
  }
  await connection.close();
} catch (thrown) {
  answer({ error: toAppError(thrown).data });
} finally {
  await driver.close();
}
