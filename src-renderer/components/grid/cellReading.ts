import { client } from '../../client';

/** A value as it is: text, or NULL. */
export type Value = string | null;

const PIECE_BYTES = 262_144;

/** Names one cell: `row` counts within the view. */
export interface CellRef {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly row: number;
  readonly column: number;
}

/** One piece of a cell. */
export function readPiece(cell: CellRef, offset: number, signal?: AbortSignal): Promise<{ text: string | null; bytes: number; nextOffset: number | null }> {
  return client.queries.cell({ ...cell, offset, limit: PIECE_BYTES }, signal ? { signal } : undefined);
}

/** The whole value of a cell, read piece by piece; `onPiece` may stop it by returning false. */
export async function readWhole(cell: CellRef, signal?: AbortSignal, onPiece?: (bytesSoFar: number, bytes: number) => boolean): Promise<Value> {
  const parts: string[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    const piece = await readPiece(cell, offset, signal);
    if (piece.text === null) return null;
    parts.push(piece.text);
    offset = piece.nextOffset;
    if (onPiece && !onPiece(offset ?? piece.bytes, piece.bytes)) break;
  }
  return parts.join('');
}
