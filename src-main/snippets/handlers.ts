import type { Handlers } from '../../src-preload/contract/core';
import type { snippetsContract } from '../../src-preload/contract/snippets';
import type { SnippetsService } from './service';

export function snippetsHandlers(snippets: SnippetsService): Handlers<typeof snippetsContract> {
  return {
    list: () => snippets.list(),
    save: ({ own }) => snippets.save(own),
  };
}
