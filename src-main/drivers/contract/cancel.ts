import { beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../errors';
import type { Connection } from '../driver';
import { Collector, rejection, run, type Suite, values } from './support';

/** Stopping a statement stops it on the server. */
export function cancelContract(suite: Suite): void {
  let connection: Connection;
  const { sleep, rows, running: runningText, tableName } = suite.engine.sql;
  beforeAll(() => {
    connection = suite.connection;
  });

  describe('cancel', () => {
    it('stops the statement on the server before it settles', async (context) => {
      suite.needs(context, 'observer');
      await suite.withConnection(async (session) => {
        const abort = new AbortController();
        const text = `${sleep(60)} /* to be cancelled */`;
        const running = rejection(run(session, text, undefined, { signal: abort.signal }));
        const active = runningText(text);
        await suite.observed(active, 1);
        abort.abort();
        expect((await running).code).toBe('cancelled');
        await suite.observed(active, 0);
        expect(await values(session, 'SELECT 1')).toEqual(['1']);
      });
    });

    it('stops while rows stream into a sink that hangs', async (context) => {
      suite.needs(context, 'cancelKeepsSession');
      const abort = new AbortController();
      const sink = new Collector();
      sink.rows = () => {
        abort.abort();
        return new Promise<void>(() => undefined);
      };
      const error = await rejection(connection.run({ text: rows(50_000_000) }, sink, { signal: abort.signal }));
      expect(error.code).toBe('cancelled');
      expect(await values(connection, 'SELECT 1')).toEqual(['1']);
    });

    it('never reaches the next statement', async (context) => {
      suite.needs(context, 'cancelKeepsSession');
      for (let round = 0; round < 20; round++) {
        const abort = new AbortController();
        const first = connection.run({ text: sleep(0.002) }, new Collector(), { signal: abort.signal });
        setTimeout(() => abort.abort(), 2);
        await first.catch((error: AppError) => expect(error.code).toBe('cancelled'));
        await run(connection, sleep(0.005));
      }
    });

    it('stops at the time-out', async () => {
      await suite.withConnection(async (session) => {
        expect((await rejection(run(session, sleep(60), undefined, { timeoutMs: 100 }))).code).toBe('timeout');
      });
    });

    it('sends nothing when it was cancelled before', async () => {
      expect((await rejection(run(connection, 'CREATE TABLE never_made (n int)', undefined, { signal: AbortSignal.abort() }))).code).toBe(
        'cancelled',
      );
      expect(await values(connection, tableName('never_made'))).toEqual([null]);
    });
  });
}
