import { beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../driver';
import { Collector, forever, rejection, run, type Suite, values } from './support';

/** Logging in, and losing a session. */
export function connectingContract(suite: Suite): void {
  let connection: Connection;
  const { sleep, rows, process, endProcess, codes, encoding, oldestVersion } = suite.engine.sql;
  beforeAll(() => {
    connection = suite.connection;
  });

  describe('connecting', () => {
    it('tells what the server is', () => {
      expect(connection.server.version).toMatch(/^\d+(\.\d+)?/);
      expect(connection.server.versionNumber).toBeGreaterThanOrEqual(oldestVersion);
      expect(connection.server.encoding).toBe(encoding);
      expect(connection.server.user).not.toBe('');
      expect(connection.transaction).toBe('idle');
    });

    it('refuses a wrong password in the server’s words', async (context) => {
      suite.needs(context, 'password');
      const error = await rejection(
        suite.engine.driver.connect({ ...suite.running.target, password: 'wrong' }, { signal: forever, applicationName: 'x' }),
      );
      expect(error).toMatchObject({ code: 'connection_failed', data: { serverCode: codes.wrongPassword } });
      expect(error.data.hint).toContain('password');
    });

    it('asks for a password where none is given', async (context) => {
      suite.needs(context, 'password');
      const error = await rejection(
        suite.engine.driver.connect({ target: suite.running.target.target }, { signal: forever, applicationName: 'x' }),
      );
      expect(error).toMatchObject({ code: 'connection_failed', data: { serverCode: codes.wrongPassword } });
    });

    it('can be given up before it has begun', async () => {
      const error = await rejection(
        suite.engine.driver.connect(suite.running.target, { signal: AbortSignal.abort(), applicationName: 'x' }),
      );
      expect(error.code).toBe('cancelled');
    });

    it('answers a ping, and closes more than once', async () => {
      const session = await suite.connect();
      await session.ping(forever);
      await session.close();
      await session.close();
      expect((await rejection(session.ping(forever))).code).toBe('connection_lost');
    });
  });

  describe('a lost session', () => {
    it('is told apart from an error of the statement', async (context) => {
      suite.needs(context, 'terminate');
      await suite.withConnection(async (session) => {
        const [pid] = await values(session, process);
        const lost: Error[] = [];
        session.onLost((reason) => lost.push(reason));
        const sink = new Collector();
        let killed: Promise<unknown> | undefined;
        sink.rows = () => void (killed ??= suite.running.observe?.(endProcess(String(pid))));
        const error = await rejection(session.run({ text: rows(50_000_000) }, sink, { signal: forever }));
        await killed;
        expect(error.code).toBe('connection_lost');
        expect(error.data.hint).toContain('may have run or not');
        expect(lost).toEqual([error]);
        expect((await rejection(run(session, 'SELECT 1'))).code).toBe('connection_lost');
      });
    });

    it('is noticed while idle', async (context) => {
      suite.needs(context, 'terminate');
      const session = await suite.connect();
      const [pid] = await values(session, process);
      const lost = new Promise<Error>((resolve) => session.onLost(resolve));
      await suite.running.observe?.(endProcess(String(pid)));
      expect(await lost).toMatchObject({ code: 'connection_lost', data: codes.ended === undefined ? {} : { serverCode: codes.ended } });
    });

    it('is not reported when we close it', async () => {
      const session = await suite.connect();
      let lost = false;
      session.onLost(() => (lost = true));
      await session.close();
      expect(lost).toBe(false);
    });

    it('ends a statement that runs while it is closed', async () => {
      const session = await suite.connect();
      const running = rejection(run(session, sleep(60)));
      await session.close();
      expect((await running).code).toBe('connection_lost');
    });
  });
}
