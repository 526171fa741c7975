import type { Handlers } from '../../src-preload/contract/core';
import type { documentsContract } from '../../src-preload/contract/documents';
import type { DocumentsService } from './service';

export function documentsHandlers(documents: DocumentsService): Handlers<typeof documentsContract> {
  return {
    list: () => documents.list(),
    save: (document) => documents.save(document),
    remove: ({ id }) => documents.remove(id),
  };
}
