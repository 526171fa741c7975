import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Names the folder of this test run, so that two runs at once do not empty each other's. */
export const workerFolderVariable = 'AI_SHELL_TEST_WORKERS';

/** Stands in for `src-main/workers.ts` in unit tests, which do not run from a build: the global set-up bundles the workers. */
export function workerUrl(name: string): URL {
  const folder = process.env[workerFolderVariable];
  if (!folder) throw new Error('The workers are not bundled: run this under vitest with its global set-up.');
  return pathToFileURL(path.join(folder, `${name}.worker.js`));
}
