import { createHash } from 'node:crypto';
import { rowId } from '../../src-preload/contract/rowEditFold';
import type { Original, OriginalCell } from '../../src-preload/contract/rowEditLog';
import type { EditTarget } from '../../src-preload/contract/rowEdits';
import type { Cell } from '../../src-preload/contract/queries';
import { AppError } from '../errors';
import type { ResultStore } from '../queries/service';

/** A longer value is compared by its digest: a statement with megabytes in its WHERE could not be read by anybody. */
const LONGEST_ORIGINAL = 1000;
const PIECE_BYTES = 262_144;

interface Rows {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly rows: readonly number[];
}

/** A value as edits remember it. */
export function originalCell(text: string | null): OriginalCell {
  if (text === null || text.length <= LONGEST_ORIGINAL) return text;
  return { sha256: createHash('sha256').update(text, 'utf8').digest('hex'), bytes: Buffer.byteLength(text) };
}

/**
 * Rows of a stored result as they were read, whole, with their ids. Rejects with `bad_input` when the result does not have the table's
 * key, or has it with NULL, and with `not_found` when it is no longer stored.
 */
export async function captureRows(results: Pick<ResultStore, 'columns' | 'window' | 'cell'>, target: EditTarget, { resultId, viewId, rows }: Rows, signal: AbortSignal): Promise<{ id: string; original: Original }[]> {
  const names = results.columns(resultId).map((column) => column.name);
  const captured: { id: string; original: Original }[] = [];
  for (const row of rows) {
    signal.throwIfAborted();
    const window = await results.window({ resultId, viewId }, row, 1, LONGEST_ORIGINAL);
    const cells = window.rows[0];
    if (cells === undefined) throw new AppError('not_found', `The result has no row ${row + 1}.`, { hint: 'Read the table again.' });
    const original: Record<string, OriginalCell> = {};
    for (const [column, name] of names.entries()) {
      original[name] = await wholeCell(results, { resultId, viewId }, row, column, cells[column] ?? null);
    }
    captured.push({ id: rowId(keyOf(target, original)), original });
  }
  return captured;
}

function keyOf(target: EditTarget, original: Original): string[] {
  return target.key.map((name) => {
    const cell = original[name];
    if (typeof cell === 'string') return cell;
    if (cell !== undefined && cell !== null) return `sha256:${cell.sha256}`;
    throw new AppError('bad_input', `The row has no value in “${name}”, which is part of the key.`, { hint: 'Read the table again.' });
  });
}

async function wholeCell(results: Pick<ResultStore, 'cell'>, ref: { resultId: string; viewId: string | null }, row: number, column: number, cell: Cell): Promise<OriginalCell> {
  if (cell === null || typeof cell === 'string') return cell;
  const hash = createHash('sha256');
  let offset: number | null = 0;
  let bytes = 0;
  while (offset !== null) {
    const piece: { text: string | null; bytes: number; nextOffset: number | null } = await results.cell(ref, row, column, offset, PIECE_BYTES);
    hash.update(piece.text ?? '', 'utf8');
    bytes = piece.bytes;
    offset = piece.nextOffset;
  }
  return { sha256: hash.digest('hex'), bytes };
}
