import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { testDatabase } from '../../e2e/servers/postgresql';
import { cancelContract } from './contract/cancel';
import { copyInContract } from './contract/copyIn';
import { connectingContract } from './contract/connecting';
import { readOnlyContract } from './contract/readOnly';
import { statementsContract } from './contract/statements';
import { type RunningEngine, Suite } from './contract/support';
import { valuesContract } from './contract/values';
import { engines } from './engines';

/** How an engine is started for the suite. */
const starters: Record<string, () => Promise<RunningEngine>> = {
  postgresql: async () => {
    const database = await testDatabase();
    return {
      target: { target: database.target, password: database.password },
      observe: (text, parameters) => database.query(text, parameters),
      stop: () => database.drop(),
    };
  },
  pglite: async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'ai-shell-contract-'));
    return {
      target: { target: { engine: 'pglite', folder } },
      stop: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

describe.each(engines)('driver contract: $name', (engine) => {
  const suite = new Suite(engine);
  beforeAll(() => suite.start(starters[engine.name] ?? (() => Promise.reject(new Error(`Nobody starts ${engine.name}.`)))), 60_000);
  afterAll(() => suite.stop());

  connectingContract(suite);
  statementsContract(suite);
  valuesContract(suite);
  cancelContract(suite);
  copyInContract(suite);
  readOnlyContract(suite);
});
