import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { DropPlan, PlanOptions, StructurePlan } from '../../src-preload/contract/structure';
import type { StructureEdit, StructureModel } from '../../src-preload/contract/structureModel';
import type { Connection } from './driver';

/** Reads how tables and views are built, and plans the statements that change them. It never runs any of them. */
export interface StructureDriver {
  /** Rejects with `not_found`, and with `unsupported` for an object that is neither table nor view. */
  read(connection: Connection, object: ObjectRef, signal: AbortSignal): Promise<StructureModel>;
  /** Pure. */
  plan(from: StructureModel, edits: readonly StructureEdit[], options: PlanOptions): StructurePlan;
  dropPlan(connection: Connection, object: ObjectRef, options: { cascade: boolean; lockTimeoutMs: number }, signal: AbortSignal): Promise<DropPlan>;
  choices(connection: Connection, signal: AbortSignal): Promise<{ types: string[]; methods: string[]; schemas: string[] }>;
}
