import { newColumn, newConstraint, newTable, newView, type StructureEdit, type StructureModel } from '../../../src-preload/contract/structureModel';
import { leaveWelcome } from '../../shell/layout';
import { useDocuments } from '../documents/store';

function open(connectionId: string, base: StructureModel, edits: readonly StructureEdit[]): void {
  leaveWelcome();
  useDocuments.getState().openDocument({ kind: 'structure', title: base.name, connectionId, text: JSON.stringify({ base, edits }) });
}

/** Opens the design of a new table, begun with an identity column as its primary key. */
export function designTable(connectionId: string, schema: string): void {
  const edits: StructureEdit[] = [
    { edit: 'addColumn', column: { ...newColumn('id', 'bigint'), nullable: false, identity: 'always' } },
    { edit: 'addConstraint', constraint: newConstraint('primary', 'new_table_pkey', ['id']) },
  ];
  open(connectionId, newTable(schema, 'new_table'), edits);
}

/** Opens the design of a new view. */
export function designView(connectionId: string, schema: string): void {
  open(connectionId, newView(schema, 'new_view', false), []);
}
