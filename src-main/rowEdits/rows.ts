import type { Connection, ResultSink } from '../drivers/driver';
import { decodeBatch } from '../drivers/rows';

/** What one statement returned: its rows as text, and how many rows it changed. */
export interface Returned {
  readonly columns: string[];
  readonly rows: (string | null)[][];
  affected: number | null;
}

/** A sink that keeps everything; for statements that return few rows. */
export function collect(): { sink: ResultSink; returned: Returned } {
  const returned: Returned = { columns: [], rows: [], affected: null };
  const sink: ResultSink = {
    columns: (columns) => void returned.columns.push(...columns.map(({ name }) => name)),
    rows: (batch) => void returned.rows.push(...decodeBatch(batch)),
    notice: () => undefined,
    complete: ({ rowsAffected }) => (returned.affected = rowsAffected),
  };
  return { sink, returned };
}

/** Runs one text as it stands and keeps what it returns. Rejects as `Connection.run` does. */
export async function runText(connection: Connection, text: string, signal: AbortSignal): Promise<Returned> {
  const { sink, returned } = collect();
  await connection.run({ text }, sink, { signal });
  return returned;
}
