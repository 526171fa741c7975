import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ImportPreview, ImportScan, ImportSource, RowProblem } from '../../../src-preload/contract/imports';

/** What the reader's thread is asked to do; plain data. */
export type ReaderTask =
  | { readonly kind: 'inspect'; readonly source: Partial<ImportSource> & { path: string } }
  | { readonly kind: 'scan'; readonly source: ImportSource }
  | {
      readonly kind: 'read';
      readonly source: ImportSource;
      /** Names of all columns of the file. */
      readonly fileColumns: readonly string[];
      /** Indexes of the columns that are wanted, in the order in which they are sent. */
      readonly wanted: readonly number[];
      /** `copy`: lines of COPY's text format. `arrays`: an array literal a column. Both begin with the row's line. */
      readonly form: 'copy' | 'arrays';
    };

/** A row that is not loaded, with what stood in it. */
export type RejectedRow = RowProblem & { readonly raw: readonly (string | null)[] };

/** Some rows, ready for the server. */
export interface Piece {
  readonly rows: number;
  readonly copy: Uint8Array | null;
  readonly arrays: readonly string[] | null;
  readonly problems: readonly RejectedRow[];
  /** Bytes of the file that were read. */
  readonly position: number;
  readonly size: number;
}

export type ReaderMessage =
  | { readonly kind: 'piece'; readonly piece: Piece }
  | { readonly kind: 'progress'; readonly bytes: number; readonly size: number; readonly rows: number }
  | { readonly kind: 'done'; readonly result: ImportPreview | ImportScan | null }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** Pieces that may be on their way at once; the thread waits for the word `more` beyond. */
export const piecesInFlight = 4;
/** Problems that a scan lists. */
export const listedProblems = 100;
