import type { Handlers } from '../../src-preload/contract/core';
import type { plansContract } from '../../src-preload/contract/plans';
import type { PlansService } from './service';

/** What the window may ask about plans. */
export function plansHandlers(plans: PlansService): Handlers<typeof plansContract> {
  return { explain: (request, { signal }) => plans.explain(request, signal) };
}
