import pg from 'pg';
import Cursor from 'pg-cursor';

/** The rival: every row through `pg-cursor`, 5,000 a read, as arrays of text, and dropped. Resolves with the number of rows. */
export async function readWithBareCursor(url: string, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const asText = { getTypeParser: () => (value: string) => value };
    const cursor = client.query(new Cursor<unknown[]>(text, [], { rowMode: 'array', types: asText }));
    let total = 0;
    for (;;) {
      const rows = await cursor.read(5000);
      if (rows.length === 0) break;
      total += rows.length;
    }
    await cursor.close();
    return total;
  } finally {
    await client.end();
  }
}
