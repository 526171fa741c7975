import { Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { newIndex, type IndexKey, type TableIndex, type TableModel } from '../../../src-preload/contract/structureModel';
import { proposedName } from '../../../src-preload/contract/structureNames';
import type { SectionProps } from './ColumnsSection';
import { AddButton, EditableTable, TextCell, type EditableRow } from './EditableTable';
import type { Choices } from './store';
import classes from './Structure.module.css';

const keyText = (key: IndexKey): string => `${key.column ?? key.expression ?? ''}${key.suffix === '' ? '' : ` ${key.suffix}`}${key.descending ? ' desc' : ''}${key.nullsFirst === key.descending ? '' : key.nullsFirst ? ' nulls first' : ' nulls last'}`;

function describe(index: TableIndex): string {
  return [index.method === 'btree' ? '' : index.method, `(${index.keys.map(keyText).join(', ')})`, index.include.length > 0 ? `include (${index.include.join(', ')})` : '', index.where === null ? '' : `where ${index.where}`].filter(Boolean).join(' ');
}

/** `a`, `b desc`, `lower(name)` on lines: a name of a column is that column, everything else an expression. */
function keysOf(text: string, model: TableModel): IndexKey[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, what = line, direction = ''] = /^(.*?)(\s+(?:asc|desc))?$/i.exec(line) ?? [];
      const descending = /desc/i.test(direction);
      const column = model.columns.find(({ name }) => name === what)?.name ?? null;
      return { column, expression: column === null ? what : null, descending, nullsFirst: descending, suffix: '' };
    });
}

interface FormProps {
  readonly model: TableModel;
  readonly methods: readonly string[];
  readonly onAdd: (index: TableIndex) => void;
  readonly onCancel: () => void;
}

function IndexForm({ model, methods, onAdd, onCancel }: FormProps) {
  const [columns, setColumns] = useState<string[]>([]);
  const [expressions, setExpressions] = useState('');
  const [descending, setDescending] = useState(false);
  const [typedName, setTypedName] = useState<string | null>(null);
  const [unique, setUnique] = useState(false);
  const [method, setMethod] = useState('btree');
  const [include, setInclude] = useState<string[]>([]);
  const [where, setWhere] = useState('');
  const [concurrently, setConcurrently] = useState(model.was !== null);
  const keys: IndexKey[] = [...columns.map((column) => ({ column, expression: null, descending, nullsFirst: descending, suffix: '' })), ...keysOf(expressions, model)];
  const names = [...model.constraints, ...model.indexes].map(({ name }) => name);
  const name = typedName ?? proposedName([model.name, ...keys.map((key) => key.column ?? 'expr')], 'idx', names);
  const ready = keys.length > 0 && name !== '';
  return (
    <form
      className={classes.form}
      aria-label="New index"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onAdd({ ...newIndex(name, []), keys, unique, method, include, where: where.trim() === '' ? null : where.trim(), concurrently });
      }}
    >
      <MultiSelect size="xs" label="Columns, in this order" data={model.columns.map((column) => column.name)} value={columns} onChange={setColumns} searchable />
      <TextInput label="And an expression" placeholder="lower(email)" value={expressions} onChange={(event) => setExpressions(event.currentTarget.value)} spellCheck={false} />
      <TextInput label="Only rows where" placeholder="deleted_at IS NULL" value={where} onChange={(event) => setWhere(event.currentTarget.value)} spellCheck={false} />
      <MultiSelect size="xs" label="Included columns" data={model.columns.map((column) => column.name).filter((column) => !columns.includes(column))} value={include} onChange={setInclude} />
      <Select label="Method" data={[...methods]} value={method} allowDeselect={false} onChange={(value) => setMethod(value ?? 'btree')} />
      <TextInput label="Name" value={name} onChange={(event) => setTypedName(event.currentTarget.value)} spellCheck={false} />
      <div style={{ display: 'grid', gap: 5 }}>
        <Checkbox size="xs" label="Unique" checked={unique} onChange={(event) => setUnique(event.currentTarget.checked)} />
        <Checkbox size="xs" label="Descending" checked={descending} onChange={(event) => setDescending(event.currentTarget.checked)} />
        <Checkbox size="xs" label="Beside writes (CONCURRENTLY)" checked={concurrently} disabled={model.was === null} onChange={(event) => setConcurrently(event.currentTarget.checked)} />
      </div>
      <div style={{ display: 'flex', gap: 6 }}>
        <Button type="submit" disabled={!ready}>
          Add index
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** Indexes that belong to no key. */
export function IndexesSection({ model, add, choices, adding: first }: SectionProps & { readonly choices: Choices; readonly adding: boolean }) {
  const [adding, setAdding] = useState(first);
  const rows = model.indexes.map((index, place): EditableRow => ({
    key: index.was ?? `new ${place}`,
    name: index.name,
    state: index.was === null ? 'new' : index.was === index.name ? 'as is' : 'changed',
    onDrop: () => add({ edit: 'dropIndex', name: index.name }),
    cells: [
      <TextCell key="n" label={`Name of ${index.name}`} value={index.name} onCommit={(to) => add({ edit: 'renameIndex', name: index.name, to })} />,
      index.unique ? 'unique' : '',
      <span key="d" className={classes.mono}>
        {describe(index)}
      </span>,
    ],
  }));
  return (
    <>
      <EditableTable
        title="Indexes"
        heads={[
          ['Name', '32%'],
          ['Kind', 88],
          ['Definition', 'auto'],
        ]}
        rows={rows}
        adding={<AddButton label="Index" onClick={() => setAdding(true)} />}
        empty="No indexes besides those of the keys."
      />
      {adding ? (
        <IndexForm
          model={model}
          methods={choices.methods}
          onCancel={() => setAdding(false)}
          onAdd={(index) => {
            add({ edit: 'addIndex', index });
            setAdding(false);
          }}
        />
      ) : null}
    </>
  );
}
