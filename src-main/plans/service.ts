import type { QueryPlan } from '../../src-preload/contract/plans';
import type { ConnectionsService } from '../connections/service';
import type { ExplainLane } from '../drivers/explain';
import { AppError, toAppError } from '../errors';
import type { GuardService } from '../guard/service';
import type { HistoryService } from '../queries/service';
import type { HistoryEntry } from '../../src-preload/contract/queries';
import { findingsOf } from './rules/all';

export interface ExplainRequest {
  readonly connectionId: string;
  readonly text: string;
  /** Runs the statement and measures. */
  readonly analyze: boolean;
  /** A person's yes to run a statement that writes, in a transaction that is rolled back. */
  readonly confirmed: boolean;
  readonly origin?: HistoryEntry['origin'];
}

/** Plans of statements, with what is worth a look in them. */
export interface PlansService {
  /** See the contract. */
  explain(request: ExplainRequest, signal: AbortSignal): Promise<QueryPlan>;
}

export interface PlansDependencies {
  readonly connections: Pick<ConnectionsService, 'resolve' | 'driver' | 'withSession'>;
  readonly guard: Pick<GuardService, 'of'>;
  readonly history: HistoryService;
}

export function createPlansService({ connections, guard, history }: PlansDependencies): PlansService {
  return {
    async explain({ connectionId, text: written, analyze, confirmed, origin = 'editor' }, signal) {
      const profile = await connections.resolve(connectionId);
      const { explain, capabilities } = connections.driver(profile);
      if (!explain) throw new AppError('unsupported', `“${profile.name}” shows no plans.`, typeof capabilities.explain === 'string' ? { detail: capabilities.explain } : {});
      const { text, offset } = withoutExplain(written);
      try {
        return await connections.withSession(profile.id, { applicationName: `ai-shell ${origin}`, signal }, async (connection) => {
          const verdict = analyze || profile.readOnly ? await guard.of(profile.target.engine).classify(text, { connection, signal }) : null;
          const lane = laneOf(analyze, verdict, profile, confirmed);
          const run = async (): Promise<QueryPlan> => {
            const { json, nodes, ...result } = await explain(connection, text, signal, lane);
            return { ...result, nodes: [...nodes], json: JSON.stringify(json, null, 2), analyzed: analyze, lane, findings: findingsOf(nodes, analyze) };
          };
          if (!analyze) return run();
          // Only what was run goes into the history.
          return recorded(history, { connectionId: profile.id, connectionName: profile.name, text: `EXPLAIN (ANALYZE, BUFFERS) ${text}`, origin }, run);
        });
      } catch (thrown) {
        throw located(toAppError(thrown), offset, profile.name);
      }
    },
  };
}

type Verdict = Awaited<ReturnType<GuardService['classify']>>;

/** Planning runs stable functions, so that on a read-only connection also that goes through the guard. */
function laneOf(analyze: boolean, verdict: Verdict | null, profile: { readonly name: string; readonly readOnly: boolean }, confirmed: boolean): ExplainLane {
  const reads = verdict === null || verdict.readOnly;
  if (!reads && profile.readOnly) {
    throw new AppError('refused', `Refused: the statement ${verdict.reason}, and ${profile.name} is read-only.`, { hint: 'Plan it on a connection that is not read-only.' });
  }
  if (!analyze) return 'planned';
  if (reads) return 'read-only';
  if (verdict.class === 'session') throw new AppError('refused', `This cannot be measured: the statement ${verdict.reason}.`, { hint: 'Only statements that read or change rows have a plan.' });
  if (confirmed) return 'rolled back';
  throw new AppError('confirm_required', `To measure it the statement is run on ${profile.name}, and it is not one that only reads: it ${verdict.reason}. It runs in a transaction that is rolled back.`, {
    hint: 'The rows that it touches stay locked until it ends. What a transaction does not take back stays: numbers drawn from sequences, and what functions or triggers do outside of the database.',
  });
}

/** An EXPLAIN that stands before the statement already is taken away; `offset` is how long it was. */
export function withoutExplain(written: string): { text: string; offset: number } {
  const [prefix = ''] = /^\s*explain(?:\s*\([^)]*\)|(?:\s+(?:analyze|verbose))*)\s+(?=[a-z(])/i.exec(written) ?? [];
  const text = written.slice(prefix.length).replace(/\s*;\s*$/, '');
  return { text, offset: prefix.length };
}

function located(error: AppError, offset: number, connection: string): AppError {
  const { code, message, position, ...rest } = error.data;
  return new AppError(code, message, { connection, ...rest, ...(position === undefined ? {} : { position: position + offset }) }, { cause: error });
}

async function recorded<T>(history: HistoryService, entry: Parameters<HistoryService['begin']>[0], work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const id = history.begin(entry);
  const end = (status: 'done' | 'failed' | 'cancelled', error: string | null): void => history.end(id, { status, milliseconds: performance.now() - began, rows: null, error });
  try {
    const result = await work();
    end('done', null);
    return result;
  } catch (thrown) {
    const error = toAppError(thrown);
    end(error.code === 'cancelled' ? 'cancelled' : 'failed', error.message);
    throw thrown;
  }
}
