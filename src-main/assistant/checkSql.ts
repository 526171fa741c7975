import type { SqlCheck } from './service';
import type { AppErrorData } from '../../src-preload/contract/error';
import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import type { Verdict } from '../../src-preload/contract/guard';
import { toAppError, type AppError } from '../errors';
import type { Guard } from '../guard/service';
import type { Lane } from './lane';
import { nearestNames } from './nearest';
import { planOf, type PlanSummary } from './plan';
import { findRelation, nearestRelations, splitName } from './relationNames';

/** How a text stood up. Where `good` is false, `problems` say why and what the nearest real names are. */
export interface CheckedSql {
  readonly good: boolean;
  /** The guard said no, as opposed to a name that does not exist or another fault that can be mended. */
  readonly refused: boolean;
  readonly check: SqlCheck;
  readonly plan: PlanSummary | null;
  /** What stands in the way, as an error for a person; null where `good` is true. */
  readonly error: AppErrorData | null;
}

export interface CheckContext {
  readonly guard: Guard;
  readonly lane: Lane;
  readonly snapshot: CatalogSnapshot;
  /** A text of the server without the names of private columns. */
  readonly hide: (text: string) => string;
  /** What is unusual in a statement that parses, the gravest first, as sentences. */
  advise(text: string): Promise<string[]>;
  readonly signal: AbortSignal;
}

const MAX_CHARS = 100_000;
const nothingKnown: Verdict = { class: 'unknown', readOnly: false, reason: 'it does not parse', objects: [] };

/**
 * Parses, classifies, resolves and plans a query without running it: the grammar of the engine, the guard with the live catalog, the
 * names against the snapshot, EXPLAIN on the server. Rejects only when the connection fails or the signal aborts.
 */
export async function checkSql(text: string, context: CheckContext): Promise<CheckedSql> {
  const parsing = await parseProblem(text, context.guard);
  if (parsing) return failed(nothingKnown, [parsing.problem], false, { code: 'server_error', message: parsing.problem, serverCode: '42601', position: parsing.position });
  const connection = await context.lane.connection(context.signal);
  const verdict = await context.guard.classify(text, { connection, signal: context.signal, ...context.lane.kept });
  const unresolved = unresolvedProblems(verdict, context.snapshot);
  if (!verdict.readOnly) {
    const refusal = `The read-only lane refuses it: ${verdict.reason}.`;
    return failed(verdict, [...unresolved, refusal], unresolved.length === 0, { code: 'refused', message: refusal, hint: 'What changes data is run in the editor, or proposed and approved.' });
  }
  try {
    const plan = await planOf(context.lane, text, context.signal);
    return { good: true, refused: false, plan, error: null, check: { verdict, resolved: true, problems: [], warnings: await context.advise(text), estimatedCost: plan.cost, estimatedRows: plan.rows } };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'server_error' && error.code !== 'refused') throw error;
    return failed(verdict, [context.hide(describeError(error, text, verdict, context.snapshot)), ...unresolved], error.code === 'refused', error.data);
  }
}

function failed(verdict: Verdict, problems: string[], refused: boolean, error: AppErrorData): CheckedSql {
  return { good: false, refused, plan: null, error, check: { verdict, resolved: false, problems, warnings: [], estimatedCost: null, estimatedRows: null } };
}

/** Null when the text is exactly one statement that parses. */
export async function parseProblem(text: string, guard: Guard): Promise<{ problem: string; position?: number } | null> {
  if (text.trim() === '') return { problem: 'The text is empty.' };
  if (text.length > MAX_CHARS) return { problem: `The text is longer than ${MAX_CHARS} characters.` };
  if (/^\s*explain\b/i.test(text)) return { problem: 'EXPLAIN is not run here: the tool plan tells what a query costs, and the editor shows its plan.' };
  const { statements, error } = await guard.split(text);
  if (error) return { problem: `It does not parse: ${error.message} ${placeOf(text, error.position)}`, position: error.position };
  if (statements.length !== 1) return { problem: `It must be exactly one statement; these are ${statements.length}.` };
  return null;
}

/** Objects of the statement that are not in the catalog, with the nearest that are. System catalogs are left to the server. */
function unresolvedProblems(verdict: Verdict, snapshot: CatalogSnapshot): string[] {
  return verdict.objects.flatMap((object) => {
    const schema = splitName(object).at(-2);
    if (schema === 'pg_catalog' || schema === 'information_schema' || splitName(object).at(-1)?.startsWith('pg_')) return [];
    if (findRelation(snapshot, object) || snapshot.functions.some((known) => known.name === splitName(object).at(-1))) return [];
    const near = nearestRelations(snapshot, object);
    return near.length > 0 ? [`${object} is not in the catalog. Nearest real names: ${near.join(', ')}.`] : [];
  });
}

/** The server's own words, code and place, and for a wrong name the nearest real ones. */
export function describeError(error: AppError, text: string, verdict: Pick<Verdict, 'objects'>, snapshot: CatalogSnapshot): string {
  const { message, serverCode, position, hint, detail } = error.data;
  const code = serverCode ? ` (SQLSTATE ${serverCode})` : '';
  const place = position === undefined ? '' : ` ${placeOf(text, position)}`;
  const near = nearestFor(serverCode, message, position === undefined ? '' : nameAt(text, position), verdict.objects, snapshot);
  const names = near.length > 0 ? ` Nearest real names: ${near.join(', ')}.` : '';
  return [`${message}${code}${place}`, detail, hint].filter(Boolean).join(' ') + names;
}

function nearestFor(serverCode: string | undefined, message: string, atPosition: string, objects: readonly string[], snapshot: CatalogSnapshot): string[] {
  const wanted = splitName(atPosition || (/"([^"]+)"|column (\S+)|function ([^(\s]+)/.exec(message)?.slice(1).find(Boolean) ?? '')).at(-1) ?? '';
  switch (serverCode) {
    case '42P01': // undefined_table; PostgreSQL manual, appendix A
      return nearestRelations(snapshot, atPosition || wanted);
    case '42703': // undefined_column
      return nearestColumns(wanted, objects, snapshot);
    case '42883': // undefined_function
      return nearestNames(wanted, snapshot.functions.map((known) => known.name));
    case '3F000': // invalid_schema_name
      return nearestNames(splitName(atPosition || wanted)[0] ?? '', snapshot.schemas);
    default:
      return [];
  }
}

/** Columns of the statement's own tables first, as `table.column`; of all tables when those have none alike. */
function nearestColumns(wanted: string, objects: readonly string[], snapshot: CatalogSnapshot): string[] {
  const own = objects.flatMap((object) => findRelation(snapshot, object) ?? []);
  for (const relations of [own, snapshot.relations]) {
    const near = nearestNames(wanted, relations.flatMap((relation) => relation.columns.map((column) => column.name)));
    const places = near.flatMap((name) => relations.filter((relation) => relation.columns.some((column) => column.name === name)).map((relation) => `${relation.name}.${name}`));
    if (places.length > 0) return places.slice(0, 8);
  }
  return [];
}

/** The dotted name that begins at an offset. */
function nameAt(text: string, position: number): string {
  return /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+)(?:\.(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+))*/u.exec(text.slice(position, position + 300))?.[0] ?? '';
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  const line = text.split('\n')[before.length - 1] ?? '';
  return `at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${line.trim().slice(0, 120)}`;
}
