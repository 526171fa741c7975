import type { Handlers } from '../../src-preload/contract/core';
import type { processesContract } from '../../src-preload/contract/processes';
import type { ProcessesService } from './service';

/** What the window may ask about server processes. */
export function processesHandlers(processes: ProcessesService): Handlers<typeof processesContract> {
  return {
    list: ({ connectionId }, { signal }) => processes.list(connectionId, signal),
    endStatement: ({ connectionId, pid, startedAt, action }) => processes.endStatement(connectionId, { pid, startedAt }, action),
  };
}
