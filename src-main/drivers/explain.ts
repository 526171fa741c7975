/** What the planner expects of a statement, without running it. */
export interface ExplainResult {
  /** The engine's own cost units. */
  readonly totalCost: number;
  readonly estimatedRows: number;
  /** The plan as the engine prints it. */
  readonly text: string;
  /** The plan as the engine's JSON. */
  readonly json: unknown;
}
