import { create } from 'zustand';
import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Snippet } from '../../../src-preload/contract/snippets';

interface Snippets {
  readonly own: readonly Snippet[];
  readonly builtIn: readonly Snippet[];
  readonly error: AppErrorData | null;
  readonly opened: boolean;
}

export const useSnippets = create<Snippets>(() => ({ own: [], builtIn: [], error: null, opened: false }));

let following = false;

async function read(): Promise<void> {
  try {
    useSnippets.setState({ ...(await client.snippets.list(undefined)), error: null });
  } catch (error) {
    useSnippets.setState({ error: errorData(error) });
  }
}

/** All snippets; the first call reads them, and later ones see each change of the file. */
export function allSnippets(): readonly Snippet[] {
  if (!following) {
    following = true;
    client.snippets.on('changed', () => void read());
    void read();
  }
  const { own, builtIn } = useSnippets.getState();
  return [...own, ...builtIn];
}

/** Replaces the person's own; rejects with main's error. */
export async function saveSnippets(own: readonly Snippet[]): Promise<void> {
  await client.snippets.save({ own: [...own] });
  await read();
}

export function manageSnippets(opened: boolean): void {
  if (opened) allSnippets();
  useSnippets.setState({ opened });
}
