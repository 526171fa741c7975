import type { Handlers } from '../../src-preload/contract/core';
import type { jobsContract } from '../../src-preload/contract/jobs';
import type { JobsService } from './service';

export function jobsHandlers(jobs: JobsService): Handlers<typeof jobsContract> {
  return {
    list: () => jobs.list(),
    cancel: ({ id }) => jobs.cancel(id),
    clear: () => jobs.clear(),
  };
}
