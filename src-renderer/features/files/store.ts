import { create } from 'zustand';
import { client } from '../../client';
import type { FileStamp, FileState, OpenedFile } from '../../../src-preload/contract/files';
import { showDone, showError } from '../../shell/errors';
import { currentConnectionId, showDocument } from '../../shell/documentActions';
import { documentOf, useDocuments } from '../documents/store';

/** What a tab's bar tells of its file; absent when file and tab agree. */
export type FileNote = Exclude<FileState, { kind: 'same' }>;

interface Files {
  readonly notes: Readonly<Record<string, FileNote>>;
}

export const useFiles = create<Files>(() => ({ notes: {} }));

/** The text as it stands in the file, where this run knows it: typing back to it makes the tab clean again. */
const savedTexts = new Map<string, string>();
const shownTabs = new Set<string>();
let following = false;

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

function note(id: string, next: FileNote | null): void {
  useFiles.setState(({ notes }) => {
    const rest = Object.fromEntries(Object.entries(notes).filter(([key]) => key !== id));
    return { notes: next === null ? rest : { ...rest, [id]: next } };
  });
}

function take(id: string, { stamp, text }: OpenedFile): void {
  savedTexts.set(id, text);
  const document = documentOf(id);
  if (document) useDocuments.getState().updateDocument(id, { text, options: { ...document.options, file: stamp, dirty: false } });
  note(id, null);
}

/** Opens a file in a tab, or brings the tab that has it to the front; returns the tab's id. */
export function showFile(file: OpenedFile, place: { readonly connectionId: string | null; readonly title?: string }): string {
  const open = useDocuments.getState().documents.find(({ options }) => options.file?.path === file.stamp.path);
  if (open) {
    showDocument(open.id);
    return open.id;
  }
  const id = useDocuments.getState().openDocument({ kind: 'query', title: place.title ?? nameOf(file.stamp.path), connectionId: place.connectionId, text: file.text, options: { file: file.stamp } });
  savedTexts.set(id, file.text);
  showDocument(id);
  if (!file.writable) showDone(`${nameOf(file.stamp.path)} is read-only: save it under another name to keep changes.`);
  return id;
}

/** Asks for files and opens each. */
export async function openFiles(): Promise<void> {
  for (const file of await client.files.open(undefined)) showFile(file, { connectionId: currentConnectionId() });
}

function written(id: string, stamp: FileStamp, text: string, title?: string): void {
  const document = documentOf(id);
  if (!document) return;
  savedTexts.set(id, text);
  // What was typed while the file was being written is not in it.
  const options = { ...document.options, file: stamp, dirty: document.text !== text };
  useDocuments.getState().updateDocument(id, title === undefined ? { options } : { options, title });
  note(id, null);
  watchShown();
}

/** Writes a tab's text to its file; asks for one when it has none. Resolves with whether it was written. */
export async function saveTab(id: string, text: string, overwrite = false): Promise<boolean> {
  const document = documentOf(id);
  if (!document) return false;
  const { file } = document.options;
  if (file === null) return saveTabAs(id, text);
  if (!overwrite) {
    const state = await client.files.check({ stamp: file });
    if (state.kind === 'changed') {
      note(id, state);
      return false;
    }
  }
  written(id, await client.files.save({ stamp: file, text, overwrite }), text);
  showDone(`Saved ${nameOf(file.path)}`);
  return true;
}

/** Writes a tab's text to a place that the person chooses. */
export async function saveTabAs(id: string, text: string): Promise<boolean> {
  const document = documentOf(id);
  if (!document) return false;
  const defaultName = document.options.file?.path ?? `${document.title.replace(/[^\p{L}\p{N} ._-]+/gu, '_')}.sql`;
  const stamp = await client.files.saveAs({ defaultName, text, format: { encoding: 'utf-8', lineEnd: document.options.file?.lineEnd ?? 'lf' } });
  if (stamp === null) return false;
  written(id, stamp, text, nameOf(stamp.path));
  showDone(`Saved ${nameOf(stamp.path)}`);
  return true;
}

/** Gives a tab the file that its text was written to, with what the file has now. */
export function adoptFile(id: string, file: OpenedFile, title: string): void {
  take(id, file);
  useDocuments.getState().updateDocument(id, { title });
}

/** Takes what is in the file, in place of the tab's text; the editor can undo it. */
export function reloadTab(id: string): void {
  const known = useFiles.getState().notes[id];
  if (known?.kind === 'changed') take(id, known.file);
}

/** Keeps the tab's text; the next save writes over what is in the file now. */
export function keepTab(id: string): void {
  const known = useFiles.getState().notes[id];
  const document = documentOf(id);
  if (known?.kind === 'changed' && document) useDocuments.getState().updateDocument(id, { options: { ...document.options, file: known.file.stamp, dirty: true } });
  note(id, null);
}

/** The text of a tab was changed in the editor. */
export function textChanged(id: string, text: string): void {
  const options = documentOf(id)?.options;
  if (!options?.file) return;
  const saved = savedTexts.get(id);
  useDocuments.getState().setOptions(id, { dirty: saved === undefined || saved !== text });
}

async function checkTab(id: string): Promise<void> {
  const stamp = documentOf(id)?.options.file;
  if (!stamp) return;
  const state = await client.files.check({ stamp });
  const document = documentOf(id);
  if (document?.options.file !== stamp) return;
  if (state.kind === 'changed' && !document.options.dirty) {
    take(id, state.file);
    showDone(`${nameOf(stamp.path)} was changed by another program and read again.`);
    return;
  }
  if (state.kind === 'same' && !document.options.dirty) savedTexts.set(id, document.text);
  note(id, state.kind === 'same' ? null : state);
}

function watchShown(): void {
  const paths = [...shownTabs].map((id) => documentOf(id)?.options.file?.path).filter((path) => path !== undefined);
  client.files.watch({ paths }).catch((error: unknown) => showError('Files cannot be watched', error));
}

/** Follows the file of a tab while its editor is there; returns the function that stops it. */
export function followFile(id: string): () => void {
  if (!following) {
    following = true;
    client.files.on('changed', ({ path }) => {
      for (const shown of shownTabs) if (documentOf(shown)?.options.file?.path === path) checkTab(shown).catch((error: unknown) => showError('The file cannot be compared', error));
    });
  }
  shownTabs.add(id);
  watchShown();
  checkTab(id).catch((error: unknown) => showError('The file cannot be compared', error));
  return () => {
    shownTabs.delete(id);
    watchShown();
    if (documentOf(id) === null) {
      savedTexts.delete(id);
      note(id, null);
    }
  };
}
