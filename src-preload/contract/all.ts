import { applicationContract } from './application';
import { assistantContract } from './assistant';
import { catalogContract } from './catalog';
import { connectionsContract } from './connections';
import { demoContract } from './demo';
import { documentsContract } from './documents';
import { guardContract } from './guard';
import { jobsContract } from './jobs';
import { queriesContract } from './queries';
import { rowEditsContract } from './rowEdits';
import { secretsContract } from './secrets';

/** Every feature's contract. Add a line here, its handlers in `src-main/ipc/handlers.ts`, and it is reachable from the window. */
export const contracts = {
  application: applicationContract,
  assistant: assistantContract,
  catalog: catalogContract,
  connections: connectionsContract,
  demo: demoContract,
  documents: documentsContract,
  guard: guardContract,
  jobs: jobsContract,
  queries: queriesContract,
  rowEdits: rowEditsContract,
  secrets: secretsContract,
} as const;
export type Contracts = typeof contracts;
