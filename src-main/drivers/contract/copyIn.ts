import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../errors';
import type { Driver } from '../driver';
import { forever, rejection, run, type Suite, values } from './support';

const statement = 'COPY copied (n, t) FROM STDIN';

async function* pieces(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    yield Buffer.from(part);
  }
}

/** Rows for ever, until nobody asks for more. */
async function* endless(asked: () => void): AsyncGenerator<Uint8Array> {
  for (;;) {
    await Promise.resolve();
    asked();
    yield Buffer.from('1\tendless\n'.repeat(5000));
  }
}

/** COPY FROM STDIN: data goes in as it is, and a copy that does not end well leaves nothing. */
export function copyInContract(suite: Suite): void {
  describe('copyIn', () => {
    let copyIn: NonNullable<Driver['copyIn']>;
    beforeAll(async () => {
      copyIn = suite.engine.driver.copyIn ?? (() => Promise.reject(new Error('The engine has no copyIn.')));
      await run(suite.connection, 'CREATE TABLE copied (n int8, t text)');
    });
    const count = async (): Promise<string | null | undefined> => (await values(suite.connection, 'SELECT count(*) FROM copied'))[0];

    it('is either there or explained', () => {
      expect(suite.engine.driver.capabilities.copyIn === true).toBe(suite.engine.driver.copyIn !== undefined);
    });

    it('takes data cut anywhere, exactly', async (context) => {
      suite.needs(context, 'copyIn');
      const rows = await copyIn(suite.connection, statement, pieces('9007199254740993\t', 'é\\t', '\n\\N\t\\N', '\n'), { signal: forever });
      expect(rows).toBe(2);
      const read = await run(suite.connection, 'SELECT n, t FROM copied ORDER BY n NULLS LAST');
      expect(read.results[0]?.rows).toEqual([['9007199254740993', 'é\t'], [null, null]]);
      await run(suite.connection, 'TRUNCATE copied');
    });

    it('tells the server’s error and leaves the session usable', async (context) => {
      suite.needs(context, 'copyIn');
      const error = await rejection(copyIn(suite.connection, statement, pieces('1\tok\n', 'no number\tx\n', '2\tlate\n'), { signal: forever }));
      expect(error.data).toMatchObject({ code: 'server_error', serverCode: '22P02' });
      expect(await count()).toBe('0');
    });

    it('that is cancelled stops, on the server too', async (context) => {
      suite.needs(context, 'copyIn');
      const abort = new AbortController();
      let chunks = 0;
      const source = endless(() => {
        chunks += 1;
        if (chunks === 20) abort.abort();
      });
      expect((await rejection(copyIn(suite.connection, statement, source, { signal: abort.signal }))).code).toBe('cancelled');
      expect(await count()).toBe('0');
    });

    it('ends with the error of its source', async (context) => {
      suite.needs(context, 'copyIn');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield* pieces('1\ta\n');
        throw new AppError('disk', 'The file cannot be read any more.');
      }
      expect((await rejection(copyIn(suite.connection, statement, broken(), { signal: forever }))).code).toBe('disk');
      expect(await count()).toBe('0');
    });

    it('refuses a statement that is no copy', async (context) => {
      suite.needs(context, 'copyIn');
      expect((await rejection(copyIn(suite.connection, 'SELECT', pieces('1\ta\n'), { signal: forever }))).code).toBe('bad_input');
    });
  });
}
