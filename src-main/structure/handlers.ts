import type { Handlers } from '../../src-preload/contract/core';
import type { structureContract } from '../../src-preload/contract/structure';
import type { StructureService } from './service';

/** What the window may ask about structure. */
export function structureHandlers(structure: StructureService): Handlers<typeof structureContract> {
  return {
    read: ({ connectionId, object }, { signal }) => structure.read(connectionId, object, signal),
    plan: ({ connectionId, from, edits, options }) => structure.plan(connectionId, from, edits, options),
    dropPlan: ({ connectionId, object, ...options }, { signal }) => structure.dropPlan(connectionId, object, options, signal),
    choices: ({ connectionId }, { signal }) => structure.choices(connectionId, signal),
  };
}
