import type { Connection, ResultSink } from '../../drivers/driver';
import { decodeBatch } from '../../drivers/rows';

/** All rows of one of the program's own short questions, as text. */
export async function readAll(connection: Connection, text: string, signal: AbortSignal): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  const sink: ResultSink = { columns: () => undefined, rows: (batch) => void rows.push(...decodeBatch(batch)), notice: () => undefined, complete: () => undefined };
  await connection.run({ text }, sink, { signal });
  return rows;
}
