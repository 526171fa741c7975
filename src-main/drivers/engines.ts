import type { Driver } from './driver';
import { createPgliteDriver } from './pglite/driver';
import { postgresqlDriver } from './postgresql/driver';

/** Parts of the contract that an engine may lack; the suite skips them with the engine's reason, which the report shows. */
type OptionalPart = 'password' | 'observer' | 'terminate' | 'cancelKeepsSession' | 'copyIn';

/** An engine as the contract suite sees it. How to start one stands in the suite, for it needs the test servers. */
export interface EngineUnderTest {
  readonly name: 'postgresql' | 'pglite';
  readonly driver: Driver;
  /** Why a part of the contract does not hold for this engine. */
  readonly lacks: Partial<Record<OptionalPart, string>>;
  /** Frees what the driver itself holds, once all its sessions are closed. */
  readonly close?: () => Promise<void>;
}

const pglite = createPgliteDriver({ program: 'the contract suite' });

export const engines: readonly EngineUnderTest[] = [
  { name: 'postgresql', driver: postgresqlDriver, lacks: {} },
  {
    name: 'pglite',
    driver: pglite,
    lacks: {
      password: 'The embedded database has no passwords: who may read the folder may open it.',
      observer: 'There is one backend: nobody can look while a statement runs.',
      terminate: 'There are no server processes that could be ended one by one.',
      copyIn: 'PGlite reads the data of a COPY together with the statement; imports use INSERT instead.',
      cancelKeepsSession: 'A statement without rows is stopped by restarting the embedded database.',
    },
    close: () => pglite.close(),
  },
];
