import type { RowProblem } from '../../../src-preload/contract/imports';

export type Row = readonly (string | null)[];

/** Some rows of a file, in its order. */
export interface RowBatch {
  readonly rows: Row[];
  /** Where each row begins: see `RowProblem.line`. */
  readonly lines: number[];
  /** Rows that have no usable reading; they are not in `rows`. */
  readonly problems: (RowProblem & { readonly raw: Row })[];
}

/** Reads one file from front to back, a bounded part at a time. Values are the file's own text; nothing is rounded. */
export interface RowReader {
  /** The columns known so far; a JSON file may add some while it is read. */
  readonly columns: readonly string[];
  /** Bytes of the file that were read. */
  readonly position: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Columns whose values the file itself calls texts: such a `5` is no number. */
  readonly textColumns: ReadonlySet<number>;
  /** PostgreSQL types that the file itself declares, by column. */
  readonly declaredTypes: ReadonlyMap<number, string>;
  batches(): AsyncIterable<RowBatch> | Iterable<RowBatch>;
  close(): void;
}

export const batchRows = 1000;
/** A batch also ends at this many characters, so that rows of megabytes do not pile up. */
export const batchChars = 1024 * 1024;

export function emptyBatch(): RowBatch {
  return { rows: [], lines: [], problems: [] };
}

/** Names that are all there and all different: an empty one becomes `column_3`, the second `id` becomes `id_2`. */
export function usableNames(names: readonly (string | null)[]): string[] {
  const taken = new Set(names.filter((name): name is string => name !== null && name.trim() !== ''));
  const seen = new Set<string>();
  return names.map((given, index) => {
    const name = given === null || given.trim() === '' ? `column_${index + 1}` : given;
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 2;
    while (taken.has(`${name}_${number}`) || seen.has(`${name}_${number}`)) number += 1;
    seen.add(`${name}_${number}`);
    return `${name}_${number}`;
  });
}
