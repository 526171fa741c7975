import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Every `src-main/**\/NAME.worker.ts` by the name of its output, `NAME.worker`: a worker is an entry of its own in every build.
 * @param {string} checkout the root folder; a parameter, since this file may be bundled into another
 * @returns {Record<string, string>}
 */
export function workerEntries(checkout) {
  const root = path.join(checkout, 'src-main');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.worker.ts'));
  return Object.fromEntries(files.map((file) => [path.basename(file, '.ts'), path.join(root, file)]));
}
