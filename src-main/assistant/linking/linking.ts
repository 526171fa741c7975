import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { enumLabels } from './columnValues';
import { rankRelations, type RankedRelation } from './rankRelations';
import { SchemaIndex } from './schemaIndex';

/** Finds what a question is about in a schema of any size, without a model. */
export interface Linking {
  /** See `rankRelations`; the connection's index takes over what has changed since it was asked last. */
  rank(connectionId: string, snapshot: CatalogSnapshot, question: string, limit: number): Promise<RankedRelation[]>;
}

/** Connections whose index is kept. */
const KEPT = 8;

interface Entry {
  readonly index: SchemaIndex;
  snapshot: WeakRef<CatalogSnapshot> | null;
  /** One update at a time; resolves also after one that failed. */
  updating: Promise<void>;
}

export function createLinking(): Linking {
  const entries = new Map<string, Entry>();
  const entryOf = (connectionId: string): Entry => {
    const entry = entries.get(connectionId) ?? { index: new SchemaIndex(), snapshot: null, updating: Promise.resolve() };
    entries.delete(connectionId);
    entries.set(connectionId, entry);
    for (const oldest of [...entries.keys()].slice(0, Math.max(0, entries.size - KEPT))) entries.delete(oldest);
    return entry;
  };
  return {
    async rank(connectionId, snapshot, question, limit) {
      const entry = entryOf(connectionId);
      // A ranking must not see another question's half-done update, so that each waits for those before it.
      const ranked = entry.updating.then(async () => {
        if (entry.snapshot?.deref() !== snapshot) {
          await entry.index.update(snapshot, enumLabels(snapshot));
          entry.snapshot = new WeakRef(snapshot);
        }
        return rankRelations(entry.index, question, limit);
      });
      entry.updating = ranked.then(
        () => undefined,
        () => undefined,
      );
      return ranked;
    },
  };
}
