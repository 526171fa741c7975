import { Checkbox } from '@mantine/core';
import { newColumn, type ColumnChange, type StructureEdit, type TableColumn, type TableModel } from '../../../src-preload/contract/structureModel';
import { AddButton, EditableTable, TextCell, type EditableRow } from './EditableTable';
import type { Choices } from './store';
import classes from './Structure.module.css';

export interface SectionProps {
  readonly model: TableModel;
  readonly base: TableModel;
  readonly add: (edit: StructureEdit) => void;
}

type ValueKind = 'none' | 'default' | 'generated' | 'always' | 'by default';

const kindOf = (column: TableColumn): ValueKind => column.identity ?? (column.generated !== null ? 'generated' : column.default !== null ? 'default' : 'none');

function changeKind(column: TableColumn, kind: ValueKind): ColumnChange {
  const cleared = { default: null, generated: null, identity: null };
  if (kind === 'default') return { ...cleared, default: column.generated ?? 'NULL' };
  if (kind === 'generated') return { ...cleared, generated: column.default ?? 'NULL' };
  return kind === 'none' ? cleared : { ...cleared, identity: kind, nullable: false };
}

/** Where a column's value comes from when none is given. */
function ValueCell({ column, alter }: { readonly column: TableColumn; readonly alter: (change: ColumnChange) => void }) {
  const kind = kindOf(column);
  const text = column.default ?? column.generated;
  return (
    <div style={{ display: 'flex', gap: 2 }}>
      <select className={classes.input} style={{ flex: text === null ? 1 : '0 0 74px' }} aria-label={`Value of ${column.name}`} value={kind} onChange={(event) => alter(changeKind(column, event.currentTarget.value as ValueKind))}>
        <option value="none">none</option>
        <option value="default">default</option>
        <option value="always">identity, always</option>
        <option value="by default">identity, by default</option>
        {column.was === null || kind === 'generated' ? <option value="generated">generated</option> : null}
      </select>
      {text === null ? null : (
        <TextCell label={`${kind === 'default' ? 'Default' : 'Expression'} of ${column.name}`} value={text} mono disabled={kind === 'generated' && column.was !== null} onCommit={(value) => alter(kind === 'default' ? { default: value.trim() === '' ? null : value } : { generated: value })} />
      )}
    </div>
  );
}

/** What is different from the server's column, if anything. */
function stateOf(column: TableColumn, base: TableModel): EditableRow['state'] {
  if (column.was === null) return 'new';
  const before = base.columns.find(({ name }) => name === column.was);
  return JSON.stringify({ ...before, using: null, was: null }) === JSON.stringify({ ...column, using: null, was: null }) ? 'as is' : 'changed';
}

/** The columns, each property edited in place. */
export function ColumnsSection({ model, base, add, choices }: SectionProps & { readonly choices: Choices }) {
  const fresh = (): void => {
    let number = model.columns.length + 1;
    while (model.columns.some(({ name }) => name === `column_${number}`)) number += 1;
    add({ edit: 'addColumn', column: newColumn(`column_${number}`, 'text') });
  };
  const primary = model.constraints.find(({ kind }) => kind === 'primary')?.columns ?? [];
  const rows = model.columns.map((column, index): EditableRow => {
    const alter = (change: ColumnChange): void => add({ edit: 'alterColumn', name: column.name, change });
    const before = base.columns.find(({ name }) => name === column.was);
    return {
      key: column.was ?? `new ${index}`,
      name: column.name,
      state: stateOf(column, base),
      onDrop: () => add({ edit: 'dropColumn', name: column.name }),
      cells: [
        <TextCell key="n" label={`Name of ${column.name}`} value={column.name} onCommit={(to) => add({ edit: 'renameColumn', name: column.name, to })} />,
        <div key="t">
          <TextCell label={`Type of ${column.name}`} value={column.type} mono list="structure-types" onCommit={(type) => alter({ type: type.trim(), using: null })} />
          {before && before.type !== column.type ? <TextCell label={`Conversion of ${column.name} (USING)`} placeholder="USING: how to convert" value={column.using ?? ''} mono onCommit={(using) => alter({ using: using.trim() === '' ? null : using })} /> : null}
        </div>,
        <Checkbox key="0" size="xs" aria-label={`NULL in ${column.name}`} checked={column.nullable} disabled={primary.includes(column.name)} onChange={(event) => alter({ nullable: event.currentTarget.checked })} />,
        <ValueCell key="d" column={column} alter={alter} />,
        <TextCell key="c" label={`Comment on ${column.name}`} value={column.comment ?? ''} onCommit={(comment) => alter({ comment: comment === '' ? null : comment })} />,
      ],
    };
  });
  return (
    <>
      <datalist id="structure-types">
        {choices.types.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <EditableTable
        title="Columns"
        heads={[
          ['Name', '22%'],
          ['Type', '22%'],
          ['Null', 44],
          ['Value', '25%'],
          ['Comment', 'auto'],
        ]}
        rows={rows}
        adding={<AddButton label="Column" onClick={fresh} />}
        empty="No columns yet."
      />
    </>
  );
}
