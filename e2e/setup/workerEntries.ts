import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Every `src-main/**\/NAME.worker.ts` by the name of its output, `NAME.worker`. */
export function workerEntries(): Record<string, string> {
  const root = path.resolve(import.meta.dirname, '../../src-main');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.worker.ts'));
  return Object.fromEntries(files.map((file) => [path.basename(file, '.ts'), path.join(root, file)]));
}
