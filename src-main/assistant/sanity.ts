import type { StoredRead } from '../queries/service';

/** Longer cells than this are worth a word to the model. */
const HUGE_CELL_CHARS = 10_000;

/**
 * What a result itself says of the query that made it, for the model: it may have filtered for a spelling that is not stored, joined to
 * nothing, or gathered more than was asked for. Only what was previewed is looked at. Empty when there is nothing to say.
 */
export function sanityOf({ columns, preview, rows, truncated }: StoredRead): string[] {
  if (rows === 0) return ['The result is empty: a filter may be spelled otherwise in the data (lookup_values), or a join finds no partner. Say so if it is right.'];
  const whole = preview.length === rows && !truncated;
  const seen = whole ? 'every row' : `the first ${preview.length} rows`;
  const empty = columns.filter((_column, place) => preview.length > 0 && preview.every((row) => row[place] === null)).map(({ name }) => name);
  const repeated = preview.length > 2 && preview.every((row) => JSON.stringify(row) === JSON.stringify(preview[0]));
  const longest = Math.max(0, ...preview.flatMap((row) => row.map((cell) => cell?.length ?? 0)));
  return [
    ...(empty.length > 0 ? [`NULL in ${seen}: ${empty.join(', ')}.`] : []),
    ...(repeated ? [`The rows of ${seen} are all the same: a join may repeat them.`] : []),
    ...(rows === 1 && columns.length === 1 && preview[0]?.[0] === '0' ? ['It counts nothing: a filter may be spelled otherwise in the data.'] : []),
    ...(longest > HUGE_CELL_CHARS ? [`The longest cell has ${longest} characters: leave such a column out, or take a part of it.`] : []),
  ];
}
