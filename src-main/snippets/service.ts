import { z } from 'zod';
import { snippet, type Snippet } from '../../src-preload/contract/snippets';
import { AppError } from '../errors';
import type { Workspace } from '../workspace/service';
import { builtInSnippets } from './builtIn';

/** Pieces of SQL that completion offers; the person's own stand in the workspace's `snippets.yaml`. */
export interface SnippetsService {
  /** Rejects with `bad_input`, naming file, line and field. */
  list(): Promise<{ own: Snippet[]; builtIn: Snippet[] }>;
  save(own: readonly Snippet[]): Promise<void>;
  onChange(listener: () => void): () => void;
}

const snippetsFile = z.object({ snippets: z.array(snippet).default([]) });

export function createSnippetsService({ workspace }: { workspace: Workspace }): SnippetsService {
  const file = workspace.file('snippets.yaml', snippetsFile);
  return {
    async list() {
      const { snippets: own } = await file.read();
      const taken = new Set(own.map(({ prefix }) => prefix));
      return { own, builtIn: builtInSnippets.filter(({ prefix }) => !taken.has(prefix)) };
    },
    async save(own) {
      const twice = own.find(({ prefix }, index) => own.findIndex((other) => other.prefix === prefix) !== index);
      if (twice) throw new AppError('bad_input', `Two snippets have the prefix ${twice.prefix}.`, { hint: 'Give one of them another prefix.' });
      await file.write({ snippets: [...own] });
    },
    onChange: (listener) => file.onChange(listener),
  };
}
