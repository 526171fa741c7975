import { AppError } from '../errors';
import type { Output } from './output';
import { tableWriter } from './textTable';

const FORMATS = ['table', 'json', 'ndjson'] as const;
export type ListFormat = (typeof FORMATS)[number];

/** Prints a list of things: a table for people, one JSON array, or one JSON object a line. */
export async function printList<T extends object>(output: Output, format: string | undefined, items: readonly T[], columns: Readonly<Record<string, (item: T) => string | null>>): Promise<void> {
  const chosen = listFormat(format, output.json);
  if (chosen === 'json') return output.document(items);
  if (chosen === 'ndjson') {
    for (const item of items) await output.document(item);
    return;
  }
  const rows = items.map((item) => Object.values(columns).map((read) => read(item)));
  const table = tableWriter(Object.keys(columns).map((title) => ({ title, right: false })), rows, output.color);
  await output.results.write(table.header());
  for (const row of rows) await output.results.write(table.row(row));
}

function listFormat(format: string | undefined, json: boolean): ListFormat {
  if (format === undefined) return json ? 'json' : 'table';
  const known = FORMATS.find((name) => name === format);
  if (!known) throw new AppError('bad_input', `A list cannot be written as ${format}.`, { hint: `Use one of ${FORMATS.join(', ')}.` });
  if (json && known === 'table') throw new AppError('bad_input', '--json and --format table contradict each other.');
  return known;
}
