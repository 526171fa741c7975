import { create } from 'zustand';
import { client, errorData } from '../../client';
import type { Document, DocumentOptions } from '../../../src-preload/contract/documents';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { createSaver } from './saver';

/** What a new tab may say of itself; everything else has a sensible beginning. */
export type NewDocument = Partial<Omit<Document, 'id' | 'position' | 'active' | 'options'>> & Pick<Document, 'kind'> & { readonly options?: Partial<DocumentOptions> };
export type DocumentPatch = Partial<Omit<Document, 'id' | 'kind' | 'active'>>;

interface DocumentsState {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Why the tabs could not be read. */
  readonly loadError: AppErrorData | null;
  /** Why the newest text is not on disk yet; null while all is well. Saving is retried on its own. */
  readonly saveError: AppErrorData | null;
  /** In the order of the tab strip. */
  readonly documents: readonly Document[];
  readonly activeId: string | null;
  readonly load: () => Promise<void>;
  /** Opens a tab at the end, makes it the active one and returns its id. */
  readonly openDocument: (partial: NewDocument) => string;
  /** Removes the tab and its stored text; its right neighbour, else its left one, becomes active. */
  readonly closeDocument: (id: string) => void;
  readonly activate: (id: string) => void;
  readonly updateDocument: (id: string, patch: DocumentPatch) => void;
  /** Changes some of a tab's options; nothing is written when they are so already. */
  readonly setOptions: (id: string, patch: Partial<DocumentOptions>) => void;
  /** Moves a tab to an index of the strip. */
  readonly moveDocument: (id: string, index: number) => void;
}

const plainOptions: DocumentOptions = { database: null, searchPath: null, commitMode: null, file: null, dirty: false, beside: false };

const TYPING_DELAY_MS = 250;
/** A save of a long text costs main a copy of it, so that those are written less often: 5 MB every 1.3 s. */
const delayFor = (text: string): number => TYPING_DELAY_MS + text.length / 5_000;

const saver = createSaver<Document>((document) => client.documents.save(document), {
  onSaved: () => {
    if (useDocuments.getState().saveError) useDocuments.setState({ saveError: null });
  },
  onFailed: (_key, error) => useDocuments.setState({ saveError: errorData(error) }),
});

const nextTitle = (documents: readonly Document[]): string => {
  const taken = new Set(documents.map((document) => document.title));
  for (let number = 1; ; number += 1) if (!taken.has(`Query ${number}`)) return `Query ${number}`;
};

/** Gives every tab its index and active mark; tabs that did not change stay the same object. */
function arranged(documents: readonly Document[], activeId: string | null): Document[] {
  return documents.map((document, position) => {
    const active = document.id === activeId;
    return document.position === position && document.active === active ? document : { ...document, position, active };
  });
}

function saveChanged(before: readonly Document[], after: readonly Document[], delay: (document: Document) => number): void {
  const known = new Set(before);
  for (const document of after) if (!known.has(document)) saver.schedule(document.id, document, delay(document));
}

const at = (documents: readonly Document[], id: string): number => documents.findIndex((document) => document.id === id);

/** The open tabs of the window. Each change is on its way to main's store within a fraction of a second. */
export const useDocuments = create<DocumentsState>()((set, get) => {
  const arrange = (documents: readonly Document[], activeId: string | null): void => {
    const before = get().documents;
    const after = arranged(documents, activeId);
    set({ documents: after, activeId });
    saveChanged(before, after, () => 0);
  };

  return {
    status: 'loading',
    loadError: null,
    saveError: null,
    documents: [],
    activeId: null,

    async load() {
      try {
        const stored = (await client.documents.list()).toSorted((a, b) => a.position - b.position);
        const opened = get().documents;
        const documents = [...stored, ...opened.filter((document) => at(stored, document.id) < 0)];
        const activeId = get().activeId ?? stored.find((document) => document.active)?.id ?? documents[0]?.id ?? null;
        // What is stored already is known, so that only what changes by the arranging is saved.
        set({ status: 'ready', loadError: null, documents: [...stored, ...opened] });
        arrange(documents, activeId);
      } catch (error) {
        set({ status: 'failed', loadError: errorData(error) });
      }
    },

    openDocument(partial) {
      const { documents } = get();
      const id = crypto.randomUUID();
      const options: DocumentOptions = { ...plainOptions, ...partial.options };
      const opened: Document = { title: nextTitle(documents), connectionId: null, text: '', ...partial, options, id, position: documents.length, active: true };
      arrange([...documents, opened], id);
      return id;
    },

    closeDocument(id) {
      const { documents, activeId } = get();
      const index = at(documents, id);
      if (index < 0) return;
      const left = documents.toSpliced(index, 1);
      const neighbour = left[index] ?? left[index - 1] ?? null;
      arrange(left, activeId === id ? (neighbour?.id ?? null) : activeId);
      saver.finish(id, () => client.documents.remove({ id })).catch((error: unknown) => set({ saveError: errorData(error) }));
    },

    activate(id) {
      const { documents, activeId } = get();
      if (id !== activeId && at(documents, id) >= 0) arrange(documents, id);
    },

    updateDocument(id, patch) {
      const { documents } = get();
      const index = at(documents, id);
      const old = documents[index];
      if (!old) return;
      const changed: Document = { ...old, ...patch };
      set({ documents: documents.with(index, changed) });
      const onlyText = Object.keys(patch).every((key) => key === 'text');
      saver.schedule(id, changed, onlyText ? delayFor(changed.text) : 0);
    },

    setOptions(id, patch) {
      const options = get().documents.find((document) => document.id === id)?.options;
      const changes = options && Object.entries(patch).some(([key, value]) => options[key as keyof DocumentOptions] !== value);
      if (changes) get().updateDocument(id, { options: { ...options, ...patch } });
    },

    moveDocument(id, index) {
      const { documents, activeId } = get();
      const from = at(documents, id);
      const moved = documents[from];
      if (!moved) return;
      const left = documents.toSpliced(from, 1);
      arrange(left.toSpliced(Math.max(0, Math.min(index, left.length)), 0, moved), activeId);
    },
  };
});

const sameFace = (a: Document, b: Document | undefined): boolean => a.id === b?.id && a.kind === b.kind && a.title === b.title && a.connectionId === b.connectionId && a.options === b.options;

let faces: readonly Document[] = [];

function facesOf({ documents }: DocumentsState): readonly Omit<Document, 'text'>[] {
  if (documents.length !== faces.length || !documents.every((document, index) => sameFace(document, faces[index]))) faces = documents;
  return faces;
}

/** The open tabs without their texts, kept up to date: what shows them is not drawn anew with each key. */
export function useDocumentFaces(): readonly Omit<Document, 'text'>[] {
  return useDocuments(facesOf);
}

/** A tab right now, for code outside of React. */
export function documentOf(id: string): Document | null {
  return useDocuments.getState().documents.find((document) => document.id === id) ?? null;
}

/** Writes what was typed and not saved yet; resolves when it is durable. */
export function flushDocuments(): Promise<void> {
  return saver.flush();
}

/** Saves at once when the window loses the focus, is hidden or closes. Returns the function that stops it. */
export function saveDocumentsOnLeave(): () => void {
  const flush = (): void => void saver.flush();
  const names = ['blur', 'pagehide', 'beforeunload'] as const;
  for (const name of names) window.addEventListener(name, flush);
  document.addEventListener('visibilitychange', flush);
  return () => {
    for (const name of names) window.removeEventListener(name, flush);
    document.removeEventListener('visibilitychange', flush);
  };
}
