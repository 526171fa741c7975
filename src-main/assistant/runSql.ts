import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { toAppError } from '../errors';
import type { HistoryService } from '../queries/service';
import type { AuditLog } from './audit';
import { checkSql, type CheckContext } from './checkSql';
import type { SqlPart } from './service';
import { sqlPart } from './tools/queryTools';

export interface PersonsQueryContext extends CheckContext {
  readonly profile: ConnectionProfile;
  readonly history: HistoryService;
  readonly audit: AuditLog;
  readonly conversationId: string;
}

/** Runs a query of the chat that a person asked to run, perhaps after editing it: the same checks and the same lane as Claude's own. */
export async function runPersonsQuery(text: string, context: PersonsQueryContext): Promise<SqlPart> {
  const { profile, lane, history, audit, conversationId, signal } = context;
  const started = performance.now();
  const record = (verdict: string, outcome: string, rows: number | null): void =>
    audit.add({ conversationId, connectionId: profile.id, tool: 'person: run', input: text, verdict, outcome, rows, milliseconds: performance.now() - started, tokens: 0 });

  const checked = await checkSql(text, context);
  const { verdict } = checked.check;
  const said = verdict.readOnly ? verdict.class : `${verdict.class}: ${verdict.reason}`;
  if (checked.error) {
    record(said, `not run: ${checked.error.message}`, null);
    return sqlPart(text, '', checked, null, checked.error);
  }
  const entry = history.begin({ connectionId: profile.id, connectionName: profile.name, text, origin: 'assistant' });
  try {
    const result = await lane.store({ text }, 0, signal);
    history.end(entry, { status: 'done', milliseconds: performance.now() - started, rows: result.rows, error: null });
    record(said, 'done by the person', result.rows);
    return sqlPart(text, '', checked, result, null);
  } catch (thrown) {
    const error = toAppError(thrown);
    history.end(entry, { status: signal.aborted ? 'cancelled' : 'failed', milliseconds: performance.now() - started, rows: null, error: error.message });
    record(said, `failed: ${error.message}`, null);
    return sqlPart(text, '', checked, null, error.data);
  }
}
