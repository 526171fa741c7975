import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Stands in for `src-main/workers.ts` in unit tests, which do not run from a build: the global set-up bundles the workers here. */
export const workerFolder = path.resolve(import.meta.dirname, '../../.cache/workers');

export function workerUrl(name: string): URL {
  return pathToFileURL(path.join(workerFolder, `${name}.worker.js`));
}
