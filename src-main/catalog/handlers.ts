import type { catalogContract } from '../../src-preload/contract/catalog';
import type { Handlers } from '../../src-preload/contract/core';
import type { CatalogService } from './service';

/** What the window may ask of the catalog. */
export function catalogHandlers(catalog: CatalogService): Handlers<typeof catalogContract> {
  return {
    schemas: ({ connectionId }, { signal }) => catalog.schemas(connectionId, signal),
    objects: ({ connectionId, ...query }, { signal }) => catalog.objects(connectionId, query, signal),
    detail: ({ connectionId, object }, { signal }) => catalog.detail(connectionId, object, signal),
    snapshot: ({ connectionId }, { signal }) => catalog.snapshot(connectionId, signal),
    dataStatement: async ({ connectionId, query }) => ({ text: await catalog.dataStatement(connectionId, query) }),
    refresh: ({ connectionId }) => {
      catalog.invalidate(connectionId);
      return undefined;
    },
  };
}
