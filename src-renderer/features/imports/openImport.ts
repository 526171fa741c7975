import { client } from '../../client';
import { currentConnectionId } from '../../shell/documentActions';
import { showError } from '../../shell/errors';
import { leaveWelcome } from '../../shell/layout';
import { useDocuments } from '../documents/store';

/** What an import tab keeps in its document's text. */
export interface ImportTabState {
  readonly path: string;
  /** Where it goes, when it was opened on a schema or a table. */
  readonly schema: string | null;
  readonly table: string | null;
}

const extensions = ['csv', 'tsv', 'txt', 'json', 'ndjson', 'jsonl', 'xlsx', 'parquet', 'sql'];

/** Reads an import tab's text; null when it is damaged. */
export function parseImportTab(text: string): ImportTabState | null {
  try {
    const { path, schema, table } = JSON.parse(text) as Partial<ImportTabState>;
    return typeof path === 'string' ? { path, schema: schema ?? null, table: table ?? null } : null;
  } catch {
    return null;
  }
}

/** Opens the tab that imports a file which the person has chosen or dropped. */
export function openImportTab(path: string, place: { connectionId?: string; schema?: string; table?: string } = {}): void {
  leaveWelcome();
  const state: ImportTabState = { path, schema: place.schema ?? null, table: place.table ?? null };
  const name = path.split(/[\\/]/).at(-1) ?? path;
  useDocuments.getState().openDocument({ kind: 'import', title: `Import ${name}`, connectionId: place.connectionId ?? currentConnectionId(), text: JSON.stringify(state) });
}

/** Asks for a file and opens the tab that imports it. */
export async function chooseImport(place: { connectionId?: string; schema?: string; table?: string } = {}): Promise<void> {
  try {
    const { path } = await client.application.chooseFile({ title: 'Import a file', extensions });
    if (path !== null) openImportTab(path, place);
  } catch (error) {
    showError('The file could not be chosen', error);
  }
}

/** Files that are dropped on the window are imported. Returns the function that stops it. */
export function followDrops(): () => void {
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const over = (event: DragEvent): void => {
    if (carriesFiles(event)) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    if (!carriesFiles(event) || event.defaultPrevented) return;
    event.preventDefault();
    for (const file of event.dataTransfer?.files ?? []) {
      const path = window.aiShell.droppedPath(file);
      if (path !== '') openImportTab(path);
    }
  };
  window.addEventListener('dragover', over);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', drop);
  };
}
