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
