import { Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { newConstraint, referentialAction, type ReferentialAction, type TableConstraint, type TableModel } from '../../../src-preload/contract/structureModel';
import { proposedName } from '../../../src-preload/contract/structureNames';
import { client } from '../../client';
import type { SectionProps } from './ColumnsSection';
import { AddButton, EditableTable, TextCell, type EditableRow } from './EditableTable';
import classes from './Structure.module.css';

type Kind = Exclude<TableConstraint['kind'], 'other'>;

const words: Readonly<Record<TableConstraint['kind'], string>> = { primary: 'primary key', unique: 'unique', foreign: 'foreign key', check: 'check', other: 'other' };
const suffixes: Readonly<Record<Kind, string>> = { primary: 'pkey', unique: 'key', foreign: 'fkey', check: 'check' };

function describe(constraint: TableConstraint): string {
  if (constraint.kind === 'check') return constraint.expression ?? '';
  if (constraint.kind === 'other') return constraint.definition ?? '';
  const { references } = constraint;
  if (!references) return constraint.columns.join(', ');
  const actions = `${constraint.onDelete === 'NO ACTION' ? '' : ` on delete ${constraint.onDelete.toLowerCase()}`}${constraint.onUpdate === 'NO ACTION' ? '' : ` on update ${constraint.onUpdate.toLowerCase()}`}`;
  return `${constraint.columns.join(', ')} → ${references.schema}.${references.table} (${references.columns.join(', ')})${actions}`;
}

const taken = (model: TableModel): string[] => [...model.constraints, ...model.indexes].map(({ name }) => name);

/** The tables that a foreign key can refer to. */
function useRelations(connectionId: string): CatalogSnapshot['relations'] {
  const [relations, setRelations] = useState<CatalogSnapshot['relations']>([]);
  useEffect(() => {
    const abort = new AbortController();
    client.catalog.snapshot({ connectionId }, { signal: abort.signal }).then(
      (snapshot) => setRelations(snapshot.relations.filter(({ kind }) => kind === 'table' || kind === 'partition')),
      () => undefined,
    );
    return () => abort.abort();
  }, [connectionId]);
  return relations;
}

interface FormProps {
  readonly connectionId: string;
  readonly kind: Kind;
  readonly model: TableModel;
  readonly onAdd: (constraint: TableConstraint) => void;
  readonly onCancel: () => void;
}

function ConstraintForm({ connectionId, kind, model, onAdd, onCancel }: FormProps) {
  const relations = useRelations(connectionId);
  const [columns, setColumns] = useState<string[]>([]);
  const [typedName, setTypedName] = useState<string | null>(null);
  const [expression, setExpression] = useState('');
  const [target, setTarget] = useState<string | null>(null);
  const [targetColumns, setTargetColumns] = useState<string[]>([]);
  const [onDelete, setOnDelete] = useState<ReferentialAction>('NO ACTION');
  const [validated, setValidated] = useState(true);
  const name = typedName ?? proposedName(kind === 'primary' ? [model.name] : [model.name, ...columns], suffixes[kind], taken(model));
  const relation = relations.find((one) => JSON.stringify([one.schema, one.name]) === target);
  const ready = name !== '' && (kind === 'check' ? expression.trim() !== '' : columns.length > 0) && (kind !== 'foreign' || (relation !== undefined && targetColumns.length === columns.length));
  const add = (): void =>
    onAdd({
      ...newConstraint(kind, name, kind === 'check' ? [] : columns),
      expression: kind === 'check' ? expression.trim() : null,
      references: relation ? { schema: relation.schema, table: relation.name, columns: targetColumns } : null,
      onDelete,
      validated,
    });
  return (
    <form
      className={classes.form}
      aria-label={`New ${words[kind]}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) add();
      }}
    >
      {kind === 'check' ? (
        <TextInput className={classes.wide} label="Condition" placeholder="price >= 0" value={expression} onChange={(event) => setExpression(event.currentTarget.value)} autoFocus spellCheck={false} />
      ) : (
        <MultiSelect size="xs" label="Columns" data={model.columns.map((column) => column.name)} value={columns} onChange={setColumns} searchable />
      )}
      {kind === 'foreign' ? (
        <>
          <Select
            label="Refers to"
            data={relations.map((one) => ({ value: JSON.stringify([one.schema, one.name]), label: `${one.schema}.${one.name}` }))}
            value={target}
            limit={100}
            searchable
            onChange={(value) => {
              setTarget(value);
              setTargetColumns(relations.find((one) => JSON.stringify([one.schema, one.name]) === value)?.primaryKey ?? []);
            }}
          />
          <MultiSelect size="xs" label="Its columns" data={relation?.columns.map((column) => column.name) ?? []} value={targetColumns} onChange={setTargetColumns} disabled={!relation} />
          <Select label="When the other row is deleted" data={[...referentialAction.options]} value={onDelete} allowDeselect={false} onChange={(value) => setOnDelete(value ?? 'NO ACTION')} />
        </>
      ) : null}
      <TextInput label="Name" value={name} onChange={(event) => setTypedName(event.currentTarget.value)} spellCheck={false} />
      {kind === 'check' || kind === 'foreign' ? <Checkbox size="xs" label="Check the rows that are there" checked={validated} disabled={model.was === null} onChange={(event) => setValidated(event.currentTarget.checked)} /> : null}
      <div style={{ display: 'flex', gap: 6 }}>
        <Button type="submit" disabled={!ready}>
          Add {words[kind]}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** Keys and checks. A definition is not edited in place: it is dropped and added anew, as the server does it. */
export function KeysSection({ model, base, add, connectionId }: SectionProps & { readonly connectionId: string }) {
  const [adding, setAdding] = useState<Kind | null>(null);
  const rows = model.constraints.map((constraint, index): EditableRow => ({
    key: constraint.was ?? `new ${index}`,
    name: constraint.name,
    state: constraint.was === null ? 'new' : constraint.was !== constraint.name || base.constraints.find(({ name }) => name === constraint.was)?.validated !== constraint.validated ? 'changed' : 'as is',
    onDrop: () => add({ edit: 'dropConstraint', name: constraint.name }),
    cells: [
      <TextCell key="n" label={`Name of ${constraint.name}`} value={constraint.name} onCommit={(to) => add({ edit: 'renameConstraint', name: constraint.name, to })} />,
      words[constraint.kind],
      <span key="d" className={classes.mono}>
        {describe(constraint)}
        {constraint.validated ? '' : ' (not validated)'}
      </span>,
    ],
  }));
  const kinds: readonly Kind[] = ['primary', 'unique', 'foreign', 'check'];
  return (
    <>
      <EditableTable
        title="Keys and checks"
        heads={[
          ['Name', '32%'],
          ['Kind', 88],
          ['Definition', 'auto'],
        ]}
        rows={rows}
        adding={kinds.filter((kind) => kind !== 'primary' || !model.constraints.some((one) => one.kind === 'primary')).map((kind) => <AddButton key={kind} label={words[kind][0]?.toUpperCase() + words[kind].slice(1)} onClick={() => setAdding(kind)} />)}
        empty="No keys and checks."
      />
      {adding ? (
        <ConstraintForm
          key={adding}
          connectionId={connectionId}
          kind={adding}
          model={model}
          onCancel={() => setAdding(null)}
          onAdd={(constraint) => {
            add({ edit: 'addConstraint', constraint });
            setAdding(null);
          }}
        />
      ) : null}
    </>
  );
}
