import { testDatabase } from '../../e2e/servers/postgresql';
import type { ConnectTarget, Driver } from './driver';
import { postgresqlDriver } from './postgresql/driver';

/** Parts of the contract that an engine may lack; the suite skips them with the engine's reason, which the report shows. */
type OptionalPart = 'password' | 'observer' | 'terminate' | 'cancelKeepsSession' | 'serverTimeout';

/** An engine as the contract suite sees it: how to get one that runs, and what it cannot do. */
export interface EngineUnderTest {
  readonly name: string;
  readonly driver: Driver;
  /** Why a part of the contract does not hold for this engine. */
  readonly lacks: Partial<Record<OptionalPart, string>>;
  start(): Promise<RunningEngine>;
}

/** An empty database of the engine that runs. */
export interface RunningEngine {
  readonly target: ConnectTarget;
  /** Runs SQL on a session of its own and returns its rows; absent where `lacks.observer` says why. */
  readonly observe?: <Row extends object>(text: string, parameters?: unknown[]) => Promise<Row[]>;
  stop(): Promise<void>;
}

export const engines: readonly EngineUnderTest[] = [
  {
    name: 'postgresql',
    driver: postgresqlDriver,
    lacks: {},
    start: async () => {
      const database = await testDatabase();
      return { target: { target: database.target, password: database.password }, observe: database.query, stop: database.drop };
    },
  },
];
