/**
 * Where a worker's program lies: every `src-main/**\/NAME.worker.ts` is an entry of its own in the build, beside the file that
 * this function ends up in.
 */
export function workerUrl(name: string): URL {
  return new URL(`./${name}.worker.js`, import.meta.url);
}
