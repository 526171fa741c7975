import { client } from '../../../client';
import { useCatalog } from '../../catalog/store';
import { buildCatalogIndex, type CatalogIndex } from './catalogIndex';

const EMPTY: CatalogIndex = buildCatalogIndex({ searchPath: [], schemas: [], relations: [], foreignKeys: [], functions: [], enums: [] });
/** The snapshot of a large catalog is many megabytes, so that it is fetched again only when it may have changed, or after this. */
const FRESH_MS = 600_000;
/** A server that is slow to answer must not keep the keywords back. */
const FIRST_WAIT_MS = 250;
/** After a failure keywords must do for a while. */
const RETRY_MS = 3_000;

interface Entry {
  index: CatalogIndex;
  askedAt: number;
  asking: Promise<void> | null;
  /** Somebody has waited for the first answer: the keys after that must not wait again. */
  waited: boolean;
}

const entries = new Map<string, Entry>();

async function ask(connectionId: string, entry: Entry): Promise<void> {
  try {
    entry.index = buildCatalogIndex(await client.catalog.snapshot({ connectionId }));
    entry.askedAt = Date.now();
  } catch {
    // Completion is a help: without a connection it proposes keywords, and the connection's own error is shown by its status.
    entry.askedAt = Date.now() - FRESH_MS + RETRY_MS;
  } finally {
    entry.asking = null;
  }
}

/** The connection's catalog. The first call waits a moment for it; later ones get what is there and renew it behind the scenes. */
export async function catalogIndexOf(connectionId: string): Promise<CatalogIndex> {
  let entry = entries.get(connectionId);
  if (!entry) {
    entry = { index: EMPTY, askedAt: 0, asking: null, waited: false };
    entries.set(connectionId, entry);
  }
  if (Date.now() - entry.askedAt > FRESH_MS && !entry.asking) entry.asking = ask(connectionId, entry);
  if (entry.asking && !entry.waited) {
    entry.waited = true;
    await Promise.race([entry.asking, new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS))]);
  }
  return entry.index;
}

/** Makes the next completion read the catalog anew: after a statement that changed it. */
export function staleCatalog(connectionId: string): void {
  const entry = entries.get(connectionId);
  if (entry) entry.askedAt = Math.min(entry.askedAt, 1);
}

// Reading the tree anew (F5, or after a change of the schema) is a wish for new proposals as well.
useCatalog.subscribe(({ versions }, before) => {
  for (const [connectionId, version] of Object.entries(versions)) if (version !== before.versions[connectionId]) staleCatalog(connectionId);
});
