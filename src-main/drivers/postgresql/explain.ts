import { serialize } from 'pg-protocol';
import type { Connection, ResultSink } from '../driver';
import type { ExplainResult } from '../explain';
import { decodeBatch } from '../rows';
import { readOnlyTransaction, remaining } from './readOnly';
import { bindMessages, postgresSession, silentSink } from './session';

/** Planning is quick; locks and partitions by the thousand can make it slow. */
const limits = { statementTimeoutMs: 30_000, lockTimeoutMs: 5000 };

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly PlanNode[];
}

/**
 * The planner's expectation of one statement, which is not executed: EXPLAIN without ANALYZE, in a read-only transaction that
 * is rolled back, by the extended protocol, so that a second statement in the text is refused. The connection must be idle.
 * Rejects with `server_error`; the position lies in `text`.
 */
export async function explainStatement(connection: Connection, text: string, signal: AbortSignal): Promise<ExplainResult> {
  const session = postgresSession(connection);
  return readOnlyTransaction(session, limits, signal, async (page) => {
    const explain = async (prefix: string): Promise<string[]> => {
      const lines: string[] = [];
      const sink: ResultSink = { ...silentSink, rows: (batch) => void lines.push(...decodeBatch(batch).map(([line]) => line ?? '')) };
      const messages = [...bindMessages(prefix + text, []), serialize.describe({ type: 'P' }), serialize.execute(), serialize.sync()];
      await session.exchange({ messages, extended: true, text, textOffset: prefix.length, sink }, { signal, timeoutMs: remaining(page) });
      return lines;
    };
    const [json] = JSON.parse((await explain('EXPLAIN (FORMAT JSON) ')).join('\n')) as [{ Plan: PlanNode }];
    const lines = await explain('EXPLAIN ');
    return { totalCost: json.Plan['Total Cost'], estimatedRows: rowsOf(json.Plan), text: lines.join('\n'), json };
  });
}

/** A statement that changes rows returns none; the rows that it changes are those of its input. */
function rowsOf(plan: PlanNode): number {
  const input = plan.Plans?.[0];
  return plan['Node Type'] === 'ModifyTable' && input !== undefined ? input['Plan Rows'] : plan['Plan Rows'];
}
