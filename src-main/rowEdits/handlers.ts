import type { Handlers } from '../../src-preload/contract/core';
import type { rowEditsContract } from '../../src-preload/contract/rowEdits';
import type { RowEditsService } from './service';

/** What the window may ask about editing rows. */
export function rowEditsHandlers(rowEdits: RowEditsService): Handlers<typeof rowEditsContract> {
  return {
    target: (input, { signal }) => rowEdits.target(input, signal),
    origin: ({ connectionId, relation }, { signal }) => rowEdits.origin(connectionId, relation, signal),
    capture: (input, { signal }) => rowEdits.capture(input, signal),
    plan: (input, { signal }) => rowEdits.plan(input, signal),
    apply: (input, context) => rowEdits.apply(input, (transaction) => context.emit({ transaction }), context.signal),
    transactionEnd: async ({ connectionId, transaction }, { signal }) => ({ end: await rowEdits.transactionEnd(connectionId, transaction, signal) }),
    lookup: (input, { signal }) => rowEdits.lookup(input, signal),
    references: (input, { signal }) => rowEdits.references(input, signal),
  };
}
