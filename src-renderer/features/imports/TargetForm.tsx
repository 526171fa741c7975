import { Checkbox, Group, MultiSelect, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { ImportModel, TargetChoice } from './useImport';
import { useConnections } from '../connections/store';

const modes = [
  { value: 'append', label: 'Append' }, { value: 'truncate', label: 'Empty the table first' }, { value: 'update', label: 'Update rows that are there' }, { value: 'ignore', label: 'Leave rows that are there' },
];
const onErrors = [
  { value: 'stop', label: 'Load nothing' }, { value: 'skip', label: 'Skip them, write them to a file' },
];

/** Where the rows go, and what happens to those that are there and those that do not fit. */
export function TargetForm({ model, connectionId }: { readonly model: ImportModel; readonly connectionId: string | null }) {
  const connections = useConnections((state) => state.connections);
  const { target, setTarget } = model;
  const change = (patch: Partial<TargetChoice>): void => setTarget({ ...target, ...patch });
  const keyed = target.mode === 'update' || target.mode === 'ignore';
  const names = model.mapped.filter(({ use, name }) => use && name !== '').map(({ name }) => name);
  return (
    <Group gap="xs" align="flex-end" role="group" aria-label="Where it goes">
      <Select label="Connection" data={connections.map(({ id, name, environment }) => ({ value: id, label: `${name} (${environment})` }))} value={connectionId} w={190} allowDeselect={false} onChange={(id) => id && model.setConnection(id)} />
      {model.isScript ? (
        <Checkbox label="All statements or none (one transaction)" checked={target.transaction} mb={6} onChange={(event) => change({ transaction: event.currentTarget.checked })} />
      ) : (
        <>
          <SegmentedControl aria-label="New or existing table" data={[{ value: 'new', label: 'New table' }, { value: 'existing', label: 'Existing table' }]} value={target.kind} onChange={(kind) => change({ kind, mode: 'append', key: [] })} />
          <TextInput label="Schema" value={target.schema} w={120} spellCheck={false} onChange={(event) => change({ schema: event.currentTarget.value })} />
          <TextInput label="Table" value={target.table} w={180} spellCheck={false} onChange={(event) => change({ table: event.currentTarget.value })} />
          {target.kind === 'existing' ? <Select label="Rows that are there" data={modes} value={target.mode} w={210} allowDeselect={false} onChange={(mode) => mode && change({ mode: mode as TargetChoice['mode'] })} /> : null}
          {keyed ? <MultiSelect label="Key" data={[...new Set(names)]} value={target.key} w={200} onChange={(key) => change({ key })} /> : null}
          <Select label="Rows that do not fit" data={onErrors} value={target.onError} w={220} allowDeselect={false} onChange={(value) => value && change({ onError: value as TargetChoice['onError'] })} />
        </>
      )}
    </Group>
  );
}
