import { createConnection } from 'mysql2';
import { mariadbMissing, mysqlDatabase, startMariadb } from '../../servers/mariadb';
import { testDatabase } from '../../servers/postgresql';
import { median, type Figure } from '../figure';
import { readWithBareCursor } from '../query/bareCursor';
import { startProgram, type BenchDatabase } from '../query/program';

const goal = 0.75;
const text = 'SELECT * FROM bench_rows';
const never = new AbortController().signal;

interface Side extends BenchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

interface EngineBench {
  readonly figure: string;
  readonly rival: string;
  /** A database with so many rows in `bench_rows`. */
  prepare(rows: number): Promise<Side>;
  /** Reads every row as text with the bare client library and drops it; resolves with their number. */
  readBare(url: string): Promise<number>;
}

/**
 * For each engine the rows a second from the server into the result store, through everything that a run goes through, over those of
 * a bare loop of the same client library in the same run. `--quick` takes a fifth of the rows.
 */
export async function measureDrivers({ quick }: { quick: boolean }): Promise<Figure[]> {
  const rows = quick ? 100_000 : 500_000;
  const runs = quick ? 3 : 7;
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(await measure(engine, rows, runs));
  return figures;
}

async function measure({ figure, rival, prepare, readBare }: EngineBench, rows: number, runs: number): Promise<Figure> {
  const same = { area: 'drivers', figure, unit: 'x', rival, goal: `>=${goal}` };
  const missing = figure === 'mariadb' ? mariadbMissing() : null;
  if (missing) return { ...same, value: null, ok: false, runs: 0, reason: missing };
  const database = await prepare(rows);
  const program = await startProgram(database);
  const time = async (read: () => Promise<number>): Promise<number> => {
    const started = performance.now();
    const count = await read();
    const milliseconds = performance.now() - started;
    if (count !== rows) throw new Error(`${figure}: ${count} rows came instead of ${rows}.`);
    return milliseconds;
  };
  const readOurs = async (): Promise<number> => {
    let stored = 0;
    let resultId = '';
    await program.queries.run(
      { connectionId: program.connectionId, sessionKey: 'bench', text, timeoutMs: 0, stopOnError: true },
      (part) => {
        if (part.kind === 'result') resultId = part.resultId;
        if (part.kind === 'done') stored = part.rows;
      },
      never,
    );
    program.queries.results.release([resultId]);
    return stored;
  };
  try {
    // The first run of each side opens connections and warms the caches of all.
    await time(readOurs);
    await time(() => readBare(database.url));
    const ratios: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const ours = await time(readOurs);
      ratios.push((await time(() => readBare(database.url))) / ours);
    }
    const value = median(ratios);
    return { ...same, value, ok: value >= goal, runs };
  } finally {
    await program.close();
    await database.drop();
  }
}

const engines: readonly EngineBench[] = [
  {
    figure: 'postgresql',
    rival: 'bare pg-cursor loop, rowMode array, 5,000 a read',
    prepare: async (rows) => {
      const database = await testDatabase();
      await database.query(
        `CREATE TABLE bench_rows AS SELECT n::int8 AS id, (n % 100000)::int4 AS customer, (n / 7.0)::numeric(12, 4) AS amount, n / 3.0::float8 AS score, md5(n::text) AS token,
          CASE WHEN n % 5 = 0 THEN NULL ELSE 'Customer number ' || (n % 5000) END AS name, timestamp '2020-01-01' + n * interval '7.123456 seconds' AS created,
          date '2020-01-01' + (n % 2000)::int AS due, (n % 3)::int2 AS paid, json_build_object('n', n)::text AS extra FROM generate_series(1, $1::int) n`,
        [rows],
      );
      return database;
    },
    readBare: (url) => readWithBareCursor(url, text),
  },
  {
    figure: 'mariadb',
    rival: 'bare mysql2 loop, rowsAsArray, every type as text',
    prepare: async (rows) => {
      const server = await startMariadb();
      const database = await mysqlDatabase(server);
      await database.query(
        `CREATE TABLE bench_rows AS SELECT seq AS id, seq % 100000 AS customer, CAST(seq / 7.0 AS DECIMAL(12, 4)) AS amount, seq / 3e0 AS score, MD5(seq) AS token,
          CASE WHEN seq % 5 = 0 THEN NULL ELSE CONCAT('Customer number ', seq % 5000) END AS name, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL seq * 7 SECOND AS created,
          DATE '2020-01-01' + INTERVAL seq % 2000 DAY AS due, seq % 3 AS paid, JSON_OBJECT('n', seq) AS extra FROM seq_1_to_${rows}`,
      );
      return { ...database, drop: () => server.stop() };
    },
    readBare: readWithBareMysql,
  },
];

/** Every row through mysql2's own events, as an array of text, and dropped. */
function readWithBareMysql(url: string): Promise<number> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const client = createConnection({ host: hostname, port: Number(port), user: username, password: decodeURIComponent(password), database: pathname.slice(1) });
  let total = 0;
  return new Promise<number>((resolve, reject) => {
    client
      .query({ sql: text, rowsAsArray: true, typeCast: (field) => field.string() })
      .on('result', () => (total += 1))
      .on('error', reject)
      .on('end', () => resolve(total));
  }).finally(() => client.destroy());
}
