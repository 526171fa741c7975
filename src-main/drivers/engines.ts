import type { Driver } from './driver';
import { postgresqlDriver } from './postgresql/driver';

/** Parts of the contract that an engine may lack; the suite skips them with the engine's reason, which the report shows. */
type OptionalPart = 'password' | 'observer' | 'terminate' | 'cancelKeepsSession';

/** An engine as the contract suite sees it. How to start one stands in the suite, for it needs the test servers. */
export interface EngineUnderTest {
  readonly name: 'postgresql';
  readonly driver: Driver;
  /** Why a part of the contract does not hold for this engine. */
  readonly lacks: Partial<Record<OptionalPart, string>>;
}

export const engines: readonly EngineUnderTest[] = [{ name: 'postgresql', driver: postgresqlDriver, lacks: {} }];
