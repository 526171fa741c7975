import { quoted } from '../draft';
import { nodesOf, relationName } from '../tree';
import type { Advice, ExplainRule, Subject } from './rule';

/** Changes of structure that hold up others while they read or write a whole table. */
export const blockingChange: ExplainRule = {
  id: 'blocking-change',
  check: (subject) => [...indexes(subject), ...alters(subject), ...rewrites(subject)],
};

function indexes({ draft, root }: Subject): Advice[] {
  return nodesOf(root, 'IndexStmt').flatMap(({ concurrent, relation }): Advice[] =>
    concurrent || !relation ? [] : [{ level: 'warning', text: `Nobody can write to ${quoted(relationName(relation))} while the index is built. CREATE INDEX CONCURRENTLY lets others go on, takes longer, and must stand outside of a transaction.`, span: draft.source.name(draft.begin(relation) ?? 0) }],
  );
}

function alters({ draft, root }: Subject): Advice[] {
  return nodesOf(root, 'AlterTableStmt').flatMap(({ relation, cmds }) => {
    const name = relation ? quoted(relationName(relation)) : 'the table';
    return (cmds ?? []).flatMap((node): Advice[] => {
      if (!('AlterTableCmd' in node)) return [];
      const { subtype, def } = node.AlterTableCmd;
      const span = draft.source.whole;
      if (subtype === 'AT_AlterColumnType') return [{ level: 'warning', text: `A change of type usually writes all of ${name} and its indexes anew, and nobody can read or write it meanwhile.`, span }];
      if (subtype === 'AT_SetNotNull') return [{ level: 'note', text: `All rows of ${name} are read while nobody can use it. A CHECK constraint that is added NOT VALID and validated before makes that short.`, span }];
      const constraint = def && 'Constraint' in def ? def.Constraint : null;
      if (subtype === 'AT_AddConstraint' && constraint && ['CONSTR_FOREIGN', 'CONSTR_CHECK'].includes(constraint.contype ?? '') && !constraint.skip_validation) {
        return [{ level: 'note', text: `All rows of ${name} are checked under a lock. NOT VALID now and VALIDATE CONSTRAINT later checks them while others go on.`, span }];
      }
      return [];
    });
  });
}

function rewrites({ draft, root }: Subject): Advice[] {
  const full = nodesOf(root, 'VacuumStmt').some(({ options }) => options?.some((node) => 'DefElem' in node && node.DefElem.defname === 'full'));
  return full || 'ClusterStmt' in root ? [{ level: 'warning', text: 'The table is written anew, and nobody can read or write it meanwhile.', span: draft.source.whole }] : [];
}
