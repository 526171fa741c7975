import { documentOptions, type Document } from '../../src-preload/contract/documents';
import type { Store } from '../store/service';

/** Open tabs with their unsaved text; they survive the end of the program, however it comes. */
export interface DocumentsService {
  /** In the order in which they were created. */
  list(): Document[];
  /** Creates or replaces; resolves when the text would survive a power cut. An active one takes that from the others. Rejects with AppError `disk`. */
  save(document: Document): Promise<void>;
  remove(id: string): void;
}

interface DocumentRow {
  id: string;
  kind: Document['kind'];
  title: string;
  connection_id: string | null;
  text: string;
  position: number;
  active: number;
  options: string;
}

export function createDocumentsService({ store }: { store: Store }): DocumentsService {
  return {
    list: () =>
      store
        .all<DocumentRow>('SELECT id, kind, title, connection_id, text, position, active, options FROM documents ORDER BY rowid')
        .map(({ connection_id: connectionId, active, options, ...row }) => ({ ...row, connectionId, active: active === 1, options: readOptions(options) })),
    async save(document) {
      store.transaction(() => {
        if (document.active) store.run('UPDATE documents SET active = 0 WHERE active = 1 AND id <> ?', document.id);
        store.run(
          `INSERT INTO documents (id, kind, title, connection_id, text, position, active, options) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, connection_id = excluded.connection_id,
             text = excluded.text, position = excluded.position, active = excluded.active, options = excluded.options`,
          document.id,
          document.kind,
          document.title,
          document.connectionId,
          document.text,
          document.position,
          document.active ? 1 : 0,
          JSON.stringify(document.options),
        );
      });
      await store.durable();
    },
    remove: (id) => void store.run('DELETE FROM documents WHERE id = ?', id),
  };
}

/** Options that cannot be read must not keep the tab's text from its owner. */
function readOptions(text: string): Document['options'] {
  try {
    return documentOptions.parse(JSON.parse(text));
  } catch {
    return documentOptions.parse({});
  }
}
