import type { FunctionMention, Mentions, OperatorMention, Shape } from '../mentions';
import { dotted } from '../offline';
import { FIRST_USER_OID } from './catalog';
import type { CatalogCast, CatalogFunction, CatalogOperator, RelationRow, Universe } from './catalog';
import type { FunctionJudge } from './functions';
import { constantCalls, treeReferences } from './nodeTree';
import { StatementTypes } from './types';

export interface Evidence {
  readonly text: string;
  readonly mentions: Mentions;
  readonly universe: Universe;
  readonly functions: FunctionJudge;
  /** Everything that the statement's relations reach. */
  readonly relations: readonly RelationRow[];
  /** The same of relations whose row types the statement casts to. */
  readonly madeRows: readonly RelationRow[];
  readonly hasBuiltinOperator: (name: string) => boolean;
}

type Refusal = string | null;

/** Why the live catalog says that the statement is not read-only; null when it is. */
export function liveRefusal(evidence: Evidence): Refusal {
  const { universe, mentions, relations, madeRows, functions } = evidence;
  const trees = relations.flatMap((relation) => [...relation.rules, ...relation.policies].map((tree) => ({ relation, references: treeReferences(tree) })));
  const types = new StatementTypes(universe, {
    mentions, relations, madeRows,
    castsInside: trees.flatMap(({ references }) => references.casts),
    calledInside: trees.flatMap(({ references }) => references.functions.map((oid) => functions.label(oid))),
  });
  return (
    settingsRefusal(evidence) ??
    first(relations, (relation) => relationRefusal(evidence, relation)) ??
    first(trees, ({ relation, references }) => {
      if (references.locksRows) return `reads ${relation.label}, a view that locks the rows it reads`;
      return codeRefusal(evidence, references, `reads ${relation.label}, which`);
    }) ??
    first(mentions.functions, (call) => callRefusal(evidence, types, call)) ??
    first([...mentions.attributes], (name) => attributeRefusal(evidence, types, name)) ??
    first(mentions.operators, (operator) => operatorRefusal(evidence, types, operator)) ??
    typesRefusal(evidence, types) ??
    castsRefusal(evidence, types) ??
    first(universe.supports, (oid) => functionRefusal(evidence, oid, 'may compare or sort by an operator class that'))
  );
}

function first<T>(items: Iterable<T>, look: (item: T) => Refusal): Refusal {
  for (const item of items) {
    const refusal = look(item);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Settings under which the server reads the text differently from the parser or finds other names first. */
function settingsRefusal({ text, universe }: Evidence): Refusal {
  if (!universe.standardStrings && text.includes('\\')) return 'has a backslash, and this session reads backslashes in strings in the old way (standard_conforming_strings is off)';
  const path = universe.path.filter((schema) => !schema.startsWith('pg_temp'));
  if (path[0] !== 'pg_catalog') return `cannot be judged here: search_path looks into ${path[0] ?? 'nothing'} before pg_catalog, so that any name may mean something else`;
  return null;
}

function relationRefusal(evidence: Evidence, relation: RelationRow): Refusal {
  if (relation.kind === 'f') return `reads ${relation.label}, a foreign table, which opens a connection or a file`;
  return first(relation.planned, (tree) => codeRefusal(evidence, constantCalls(tree), `makes the planner look at ${relation.label}, whose index, constraint or partition key`));
}

function codeRefusal(evidence: Evidence, code: { functions: readonly number[]; operators: readonly number[] }, lead: string): Refusal {
  const operators = code.operators.flatMap((oid) => evidence.universe.operators.get(oid)?.code ?? []);
  return first([...code.functions, ...operators], (oid) => functionRefusal(evidence, oid, lead));
}

function functionRefusal({ functions }: Evidence, oid: number, lead: string): Refusal {
  const why = functions.refusal(oid);
  return why === null ? null : `${lead} calls ${functions.label(oid)}, which ${why}`;
}

function callRefusal(evidence: Evidence, types: StatementTypes, call: FunctionMention): Refusal {
  const candidates = evidence.functions.named(call.schema, call.name).filter((entry) => takes(entry, call.args));
  const label = dotted(call.schema, call.name);
  if (candidates.length === 0) return isCastOrMissing(types, call) ? null : `calls ${label}, which is not a function of this server, so it may change something`;
  const fitting = candidates.filter((entry) => entry.oid < FIRST_USER_OID || argumentsFit(types, entry.args, call.args));
  for (const entry of fitting.length > 0 ? fitting : candidates) {
    const why = evidence.functions.refusalOf(entry);
    if (why !== null) return `calls ${evidence.functions.label(entry.oid)}, which ${why}`;
    types.see(entry.result);
  }
  return null;
}

/** `typename(x)` is a cast; the types are judged by themselves. */
function isCastOrMissing(types: StatementTypes, call: FunctionMention): boolean {
  return call.args?.length === 1 && types.madeTypes().some((type) => type.name === call.name);
}

function takes(entry: CatalogFunction, args: readonly Shape[] | null): boolean {
  if (args === null) return true;
  return args.length >= entry.required - (entry.variadic ? 1 : 0) && (entry.variadic || args.length <= entry.args.length);
}

function argumentsFit(types: StatementTypes, parameters: readonly number[], args: readonly Shape[] | null): boolean {
  return args === null || args.every((shape, index) => types.fits(parameters[Math.min(index, parameters.length - 1)] ?? 0, shape));
}

/** `(x).f` and `t.f` call f(x) when there is no such column, also for values that are no rows. */
function attributeRefusal(evidence: Evidence, types: StatementTypes, name: string): Refusal {
  const candidates = evidence.functions.named(null, name).filter((entry) => takes(entry, ['typed']) && argumentsFit(types, entry.args, ['typed']));
  return first(candidates, (entry) => {
    const why = evidence.functions.refusalOf(entry);
    return why === null ? null : `may call ${evidence.functions.label(entry.oid)} (a name behind a dot can be a function), which ${why}`;
  });
}

function operatorRefusal(evidence: Evidence, types: StatementTypes, mention: OperatorMention): Refusal {
  const { universe } = evidence;
  const ofDatabase = (universe.operatorsByName.get(mention.name) ?? []).filter(({ schema, left }) => {
    const visible = mention.schema === null ? universe.path.includes(schema) : schema === mention.schema;
    return visible && (left === 0) === (mention.left === null);
  });
  const builtin = (mention.schema === null || mention.schema === 'pg_catalog') && evidence.hasBuiltinOperator(mention.name);
  const fitting = ofDatabase.filter((operator) => operatorFits(types, operator, mention));
  const label = dotted(mention.schema, mention.name);
  if (!builtin && ofDatabase.length === 0) return `uses the operator ${label}, which this server does not have`;
  return first(fitting.length > 0 || builtin ? fitting : ofDatabase, (operator) => functionRefusal(evidence, operator.code, `uses the operator ${operator.schema}.${operator.name}, which`));
}

function operatorFits(types: StatementTypes, operator: CatalogOperator, { left, right }: OperatorMention): boolean {
  // With both sides unknown the server takes text, for which it has its own operators.
  const settled = left === 'unknown' && right === 'unknown';
  const fits = (oid: number, shape: Shape | null): boolean => shape === null || types.fits(oid, settled ? 'typed' : shape);
  return fits(operator.left, left) && fits(operator.right, right);
}

function typesRefusal(evidence: Evidence, types: StatementTypes): Refusal {
  if (types.hasUnknownMade()) return 'makes values of a type that holds rows of a table, which the guard does not follow';
  return (
    first(types.presentTypes(), (type) => codeRefusal(evidence, { functions: type.interpreted, operators: [] }, `handles the type ${type.schema}.${type.name}, which`)) ??
    first(types.madeTypes(), (type) => first(type.checks, (tree) => codeRefusal(evidence, treeReferences(tree), `makes values of the domain ${type.schema}.${type.name}, whose check`)))
  );
}

/** Functions that make JSON use a cast to json that exists for a type of the database, though the statement names no type. */
const JSON_TYPES = new Set([114, 3802]);

function castsRefusal(evidence: Evidence, types: StatementTypes): Refusal {
  const explicit = evidence.mentions.types.length > 0;
  const reachable = (cast: CatalogCast): boolean => cast.implicit || explicit || (JSON_TYPES.has(cast.target) && cast.source >= FIRST_USER_OID);
  const possible = evidence.universe.casts.filter((cast) => cast.code !== 0 && reachable(cast) && types.canOccur(cast.source) && types.canOccur(cast.target));
  return first(possible, (cast) => functionRefusal(evidence, cast.code, 'may use a cast that'));
}
