/** One measured figure; see the bench's notes for its areas. */
export interface Figure {
  readonly area: string;
  readonly figure: string;
  /** The median; null when it could not be measured, `reason` then says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly rival: string | null;
  readonly goal: string | null;
  readonly ok: boolean;
  readonly runs: number;
  readonly reason?: string;
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
