import type {
  CatalogSnapshot,
  DataQuery,
  ObjectDetail,
  ObjectPage,
  ObjectKind,
  ObjectRef,
  SchemaEntry,
} from '../../src-preload/contract/catalog';
import type { EditTarget } from '../../src-preload/contract/rowEdits';
import type { ConnectionsService } from '../connections/service';
import type { Connection } from '../drivers/driver';
import type { Introspector } from '../drivers/introspect';
import { AppError } from '../errors';
import { SharedRead } from './sharedRead';

/** What is in a database, read lazily through the driver's introspector on the connection's browsing session. */
export interface CatalogService {
  schemas(connectionId: string, signal: AbortSignal): Promise<SchemaEntry[]>;
  objects(
    connectionId: string,
    query: { schema: string | null; kind: ObjectKind | null; search: string; offset: number; limit: number },
    signal: AbortSignal,
  ): Promise<ObjectPage>;
  detail(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<ObjectDetail>;
  /** Cached until `invalidate`; concurrent callers share one read. */
  snapshot(connectionId: string, signal: AbortSignal): Promise<CatalogSnapshot>;
  dataStatement(connectionId: string, query: DataQuery): Promise<string>;
  /** What may be edited in a table, as the server's catalog says right now. */
  editTarget(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<EditTarget>;
  /** The relation that a result's column comes from, and its columns' numbers by name. */
  relation(connectionId: string, oid: number, signal: AbortSignal): Promise<{ object: ObjectRef; attributes: Record<string, number> }>;
  /** Called after a DDL statement ran, and by the refresh button. */
  invalidate(connectionId: string): void;
}

type Sessions = Pick<ConnectionsService, 'session' | 'resolve' | 'driver' | 'onStatus'>;

/** The service over the program's connections. Reads of one connection wait for each other: its browsing session runs one at a time. */
export function createCatalogService({ connections }: { connections: Sessions }): CatalogService {
  return new Catalog(connections);
}

const sessionKey = 'catalog';
const applicationName = 'ai-shell catalog';

class Catalog implements CatalogService {
  private readonly snapshots = new Map<string, SharedRead<CatalogSnapshot>>();
  /** The end of each connection's queue. */
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly connections: Sessions) {
    // What was read may not be true of the database that the connection opens next.
    connections.onStatus(({ id, state }) => {
      if (state === 'closed' || state === 'lost') this.invalidate(id);
    });
  }

  schemas(connectionId: string, signal: AbortSignal): Promise<SchemaEntry[]> {
    return this.read(connectionId, signal, (introspector, connection) => introspector.schemas(connection, signal));
  }

  objects(connectionId: string, query: Parameters<CatalogService['objects']>[1], signal: AbortSignal): Promise<ObjectPage> {
    return this.read(connectionId, signal, (introspector, connection) => introspector.objects(connection, query, signal));
  }

  detail(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<ObjectDetail> {
    return this.read(connectionId, signal, (introspector, connection) => introspector.detail(connection, object, signal));
  }

  snapshot(connectionId: string, signal: AbortSignal): Promise<CatalogSnapshot> {
    const known = this.snapshots.get(connectionId);
    if (known !== undefined && !known.abandoned) return known.join(signal);
    const shared = new SharedRead((until) =>
      this.read(connectionId, until, (introspector, connection) => introspector.snapshot(connection, until)),
    );
    this.snapshots.set(connectionId, shared);
    return shared.join(signal).catch((thrown: unknown) => {
      // A read that failed is not kept, so that the next caller tries again; one that others still wait for is.
      const gaveUp = signal.aborted && !shared.abandoned;
      if (!gaveUp && this.snapshots.get(connectionId) === shared) this.snapshots.delete(connectionId);
      throw thrown;
    });
  }

  relation(connectionId: string, oid: number, signal: AbortSignal): Promise<{ object: ObjectRef; attributes: Record<string, number> }> {
    return this.read(connectionId, signal, (introspector, connection) => introspector.relation(connection, oid, signal));
  }

  editTarget(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<EditTarget> {
    return this.read(connectionId, signal, (introspector, connection) => introspector.editTarget(connection, object, signal));
  }

  async dataStatement(connectionId: string, query: DataQuery): Promise<string> {
    const detail = await this.detail(connectionId, query.object, new AbortController().signal);
    const { introspect } = this.connections.driver(await this.connections.resolve(connectionId));
    if (!introspect) throw new AppError('unsupported', 'This connection cannot be browsed.');
    return introspect.dataStatement(query, detail);
  }

  invalidate(connectionId: string): void {
    this.snapshots.delete(connectionId);
  }

  private async read<T>(
    connectionId: string,
    signal: AbortSignal,
    work: (introspector: Introspector, connection: Connection) => Promise<T>,
  ): Promise<T> {
    const profile = await this.connections.resolve(connectionId);
    const { introspect, capabilities } = this.connections.driver(profile);
    if (introspect === undefined)
      throw new AppError(
        'unsupported',
        `“${profile.name}” cannot be browsed.`,
        typeof capabilities.introspect === 'string' ? { detail: capabilities.introspect } : {},
      );
    return this.inTurn(connectionId, async () => {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
      const connection = await this.connections.session(connectionId, sessionKey, { applicationName, signal });
      return work(introspect, connection);
    });
  }

  private inTurn<T>(connectionId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.queues.get(connectionId) ?? Promise.resolve()).then(work);
    const end = turn.catch(() => undefined);
    this.queues.set(connectionId, end);
    void end.then(() => {
      if (this.queues.get(connectionId) === end) this.queues.delete(connectionId);
    });
    return turn;
  }
}
