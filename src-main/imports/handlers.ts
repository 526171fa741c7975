import type { Handlers } from '../../src-preload/contract/core';
import type { importsContract } from '../../src-preload/contract/imports';
import type { ImportsService } from './service';

/** `checkedPath` throws for a file that the window may not name. */
export function importsHandlers(imports: ImportsService, checkedPath: (path: string) => string): Handlers<typeof importsContract> {
  const readable = <T extends { path: string }>(source: T): T => ({ ...source, path: checkedPath(source.path) });
  return {
    inspect: (source, { signal }) => imports.inspect(readable(source), signal),
    scan: (source, context) => imports.scan(readable(source), (bytes, size, rows) => context.emit({ bytes, size, rows }), context.signal),
    plan: (request, { signal }) => imports.plan({ ...request, source: readable(request.source) }, signal),
    start: async ({ request, dryRun, confirmedHash, rejectPath }, { signal }) => {
      const order = { request: { ...request, source: readable(request.source) }, dryRun, confirmedHash, rejectPath: rejectPath === null ? null : checkedPath(rejectPath), origin: 'editor' as const };
      return { jobId: (await imports.start(order, signal)).id };
    },
    outcome: ({ jobId }) => imports.outcome(jobId),
    forget: ({ jobId }) => imports.forget(jobId),
  };
}
