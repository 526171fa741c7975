import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { AppErrorData } from '../../src-preload/contract/error';
import type { Explanation } from '../../src-preload/contract/explain';
import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import type { AssistantService } from '../assistant/service';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import { AppError, toAppError } from '../errors';
import { bindPlaceholders, findPlaceholders, type GuardService } from '../guard/service';
import type { PlansService } from '../plans/service';
import { knownTable, nothingKnown, type ExplainContext } from './context';
import { depthPrompt, depthRequest } from './depth';
import { adviceOf, explainTree } from './explain';
import { explanationMarkdown } from './markdown';
import { distinctTables, namesOf } from './names';

export { explanationMarkdown } from './markdown';

/** Explains statements, from PostgreSQL's grammar alone or with what a connection knows; nothing is run and nothing is changed. */
export interface ExplainService {
  /** Why the catalog or the plan is missing stands in `problem`. Rejects with `bad_input` where the text is not exactly one statement that parses, with `unsupported` where the connection's dialect is not read. */
  explain(request: { text: string; connectionId: string | null }, signal: AbortSignal): Promise<Explained>;
  /**
   * The same told by Claude, as Markdown: sent are the statement and its explanation, which holds names, types, estimates and the plan's
   * conditions, and no rows; no plan where the connection shares its schema only. Rejects with `model_unavailable` and as `explain`.
   */
  inDepth(request: { text: string; connectionId: string | null }, onText: (text: string) => void, signal: AbortSignal): Promise<{ markdown: string; model: string }>;
}

export interface Explained {
  readonly explanation: Explanation;
  readonly problem: AppErrorData | null;
}

export interface ExplainDependencies {
  readonly guard: Pick<GuardService, 'parse'>;
  readonly connections: Pick<ConnectionsService, 'resolve' | 'capabilities'>;
  readonly catalog: Pick<CatalogService, 'snapshot' | 'detail'>;
  readonly plans: Pick<PlansService, 'explain'>;
  readonly assistant: Pick<AssistantService, 'reply'>;
}

/** So many tables are looked up with their indexes; further ones are told without. */
const DETAILED_TABLES = 12;
/** Statements that the server can plan. */
const PLANNED = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * Explains one statement, with what the caller knows of the database. Spans are places in `sql` as it was given. Pure but for the parser.
 * Rejects with `bad_input` where the text is not exactly one statement that parses.
 */
export async function explainStatement(guard: Pick<GuardService, 'parse'>, sql: string, context: ExplainContext = nothingKnown): Promise<Explanation> {
  return explainTree(sql, await treeOf(guard, sql), context);
}

/** What is not usual in a statement, for who hands it to a person: warnings and what is worse, the gravest first. Empty where it does not parse. */
export async function warningsOf(guard: Pick<GuardService, 'parse'>, sql: string, catalog: CatalogSnapshot): Promise<string[]> {
  const parsed = await guard.parse(sql);
  const root = parsed.ok ? parsed.statements[0]?.node : undefined;
  return root ? adviceOf(sql, root, { ...nothingKnown, catalog }).flatMap(({ level, text }) => (level === 'note' ? [] : [text])) : [];
}

type Tree = Parameters<typeof explainTree>[1];

async function treeOf(guard: Pick<GuardService, 'parse'>, sql: string): Promise<Tree> {
  const parsed = await guard.parse(withNumbers(sql));
  if (!parsed.ok) throw new AppError('bad_input', `This cannot be explained, for it does not parse: ${parsed.message}`, { hint: 'Correct the statement first.', ...(parsed.position === null ? {} : { position: parsed.position }) });
  const [first, ...more] = parsed.statements;
  if (!first) throw new AppError('bad_input', 'There is no statement to explain.', { hint: 'Give one statement.' });
  if (more.length > 0) throw new AppError('bad_input', `These are ${more.length + 1} statements, and one is explained at a time.`, { hint: 'Choose one of them.' });
  return first.node;
}

/** `:name` is no SQL; a number of the same length in its place keeps every other place where it is. */
function withNumbers(sql: string): string {
  const places = findPlaceholders(sql, { numbered: false });
  if (places.length === 0) return sql;
  const padded = places.reduce((text, { from, to }, index) => text.slice(0, from) + `$${index + 1}`.padEnd(to - from) + text.slice(to), sql);
  return padded.length === sql.length ? padded : bindPlaceholders(sql, places).text;
}

export function createExplainService({ guard, connections, catalog, plans, assistant }: ExplainDependencies): ExplainService {
  /** What the connection knows; what could not be had is told as an error and left out. */
  const contextOf = async (text: string, tree: Tree, profile: ConnectionProfile, planned: boolean, signal: AbortSignal): Promise<{ context: ExplainContext; problem: AppErrorData | null }> => {
    let known = nothingKnown;
    try {
      const snapshot = await catalog.snapshot(profile.id, signal);
      known = { ...known, catalog: snapshot };
      const tables = distinctTables(namesOf(tree).tables).flatMap(({ relation }) => knownTable(known, relation) ?? []);
      const details = [];
      for (const { schema, name, kind } of tables.slice(0, DETAILED_TABLES)) {
        if (kind === 'table' || kind === 'materialized_view' || kind === 'partition') details.push(await catalog.detail(profile.id, { schema, name, kind }, signal));
      }
      known = { ...known, details };
      if (!planned || !PLANNED.has(Object.keys(tree)[0] ?? '')) return { context: known, problem: null };
      return { context: { ...known, plan: await plans.explain({ connectionId: profile.id, text, analyze: false, confirmed: false }, signal) }, problem: null };
    } catch (thrown) {
      signal.throwIfAborted();
      return { context: known, problem: toAppError(thrown).data };
    }
  };

  /** `forModel`: what reaches Claude; estimates come from the data, which a connection may keep back. */
  const explain = async ({ text, connectionId }: { text: string; connectionId: string | null }, forModel: boolean, signal: AbortSignal): Promise<Explained> => {
    if (connectionId === null) return { explanation: await explainStatement(guard, text), problem: null };
    const profile = await connections.resolve(connectionId);
    const { explanation } = await connections.capabilities(profile.id);
    if (explanation !== true) throw new AppError('unsupported', `A statement for “${profile.name}” cannot be explained.`, { detail: explanation, hint: 'Read the server’s own EXPLAIN in a query tab.', connection: profile.name });
    const tree = await treeOf(guard, text);
    const { context, problem } = await contextOf(text, tree, profile, !(forModel && profile.sharing === 'schema'), signal);
    return { explanation: explainTree(text, tree, context), problem };
  };

  return {
    explain: (request, signal) => explain(request, false, signal),
    async inDepth(request, onText, signal) {
      const { explanation } = await explain(request, true, signal);
      const { text, model } = await assistant.reply({ system: depthPrompt, text: depthRequest(explanationMarkdown(explanation)) }, onText, signal);
      return { markdown: text, model };
    },
  };
}
