import { serialize } from 'pg-protocol';
import type { Connection, ResultSink } from '../driver';
import type { ExplainLane, ExplainResult } from '../explain';
import { decodeBatch } from '../rows';
import { readPlan } from './plan/tree';
import { planText } from './plan/text';
import { readOnlyTransaction } from './readOnly';
import { bindMessages, postgresSession, type PostgresSession, silentSink } from './session';

/** Planning is quick; locks and partitions by the thousand can make it slow. */
const planLimits = { statementTimeoutMs: 30_000, lockTimeoutMs: 5000 };
/** A run takes as long as the statement does; a forgotten one does not hold back vacuum for days. */
const runLimits = { statementTimeoutMs: 30 * 60_000, lockTimeoutMs: 10_000 };
const endTimeoutMs = 10_000;

/**
 * The planner's expectation of one statement, by the extended protocol, so that a second statement in the text is refused. `planned`
 * does not execute it; `read-only` executes and measures it in a transaction that the server keeps read-only; `rolled back` in one
 * that may write. Every one of them is rolled back. The connection must be idle. Rejects with `server_error`; the position lies in `text`.
 */
export async function explainStatement(connection: Connection, text: string, signal: AbortSignal, lane: ExplainLane = 'planned'): Promise<ExplainResult> {
  const session = postgresSession(connection);
  const prefix = `EXPLAIN (${optionsFor(text, lane, session.server.versionNumber)}) `;
  const work = (): Promise<string> => ask(session, prefix, text, signal, lane === 'planned' ? planLimits.statementTimeoutMs : runLimits.statementTimeoutMs);
  const answer = lane === 'rolled back' ? await rolledBack(session, signal, work) : await readOnlyTransaction(session, lane === 'planned' ? planLimits : runLimits, signal, work);
  const json: unknown = JSON.parse(answer);
  const plan = readPlan(json);
  return { ...plan, text: planText(plan.nodes), json, statement: prefix + text };
}

/** SETTINGS came with version 12; parameters without values can be planned from 16 on. */
function optionsFor(text: string, lane: ExplainLane, version: number): string {
  const run = lane === 'planned' ? [] : ['ANALYZE', 'BUFFERS'];
  const generic = lane === 'planned' && version >= 160_000 && /\$\d/.test(text) ? ['GENERIC_PLAN'] : [];
  // VERBOSE names the schemas, which what is proposed for a table must have.
  return ['VERBOSE', ...run, ...generic, ...(version >= 120_000 ? ['SETTINGS'] : []), 'FORMAT JSON'].join(', ');
}

async function ask(session: PostgresSession, prefix: string, text: string, signal: AbortSignal, timeoutMs: number): Promise<string> {
  const lines: string[] = [];
  const sink: ResultSink = { ...silentSink, rows: (batch) => void lines.push(...decodeBatch(batch).map(([line]) => line ?? '')) };
  const messages = [...bindMessages(prefix + text, []), serialize.describe({ type: 'P' }), serialize.execute(), serialize.sync()];
  await session.exchange({ messages, extended: true, text, textOffset: prefix.length, sink }, { signal, timeoutMs });
  return lines.join('\n');
}

async function rolledBack(session: PostgresSession, signal: AbortSignal, work: () => Promise<string>): Promise<string> {
  const command = (text: string, until: AbortSignal): Promise<void> => session.run({ text }, silentSink, { signal: until });
  await command(`BEGIN; SET LOCAL lock_timeout = ${runLimits.lockTimeoutMs}`, signal);
  try {
    return await work();
  } finally {
    // A session that cannot be rolled back is closed, which rolls it back.
    await command('ROLLBACK', AbortSignal.timeout(endTimeoutMs)).catch(() => session.close());
  }
}
