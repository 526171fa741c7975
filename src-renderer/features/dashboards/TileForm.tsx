import { Button, Drawer, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { CodeEditor, type CodeEditorHandle } from '../../components/CodeEditor';
import type { Tile } from '../../../src-preload/contract/dashboards';
import { useConnections } from '../connections/store';
import styles from './Dashboards.module.css';

export type TileChange = Pick<Tile, 'title' | 'connectionId' | 'sql' | 'view'>;

interface TileFormProps {
  /** What the form begins with; null for a new tile. */
  readonly tile: TileChange | null;
  readonly onSave: (change: TileChange) => void;
  readonly onClose: () => void;
}

const kinds = [
  { value: 'kept', label: 'As it is' },
  { value: 'table', label: 'Rows' },
  { value: 'auto', label: 'Suggested by its columns' },
];

/** Edits what a tile reads and how that is looked at. */
export function TileForm({ tile, onSave, onClose }: TileFormProps) {
  const connections = useConnections((state) => state.connections);
  const currentId = useConnections((state) => state.currentId);
  const [title, setTitle] = useState(tile?.title ?? '');
  const [connectionId, setConnectionId] = useState(tile?.connectionId ?? currentId ?? connections[0]?.id ?? null);
  const [kind, setKind] = useState(tile ? 'kept' : 'auto');
  const editor = useRef<CodeEditorHandle>(null);
  const [problem, setProblem] = useState('');
  const save = (): void => {
    const sql = editor.current?.text().trim() ?? '';
    if (title.trim() === '' || connectionId === null || sql === '') return setProblem('A tile needs a title, a connection and a query.');
    onSave({ title: title.trim(), connectionId, sql, view: kind === 'table' ? { kind: 'table' } : kind === 'kept' ? (tile?.view ?? null) : null });
  };
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={tile ? 'Edit the tile' : 'New tile'}>
      <Stack gap={10}>
        <TextInput label="Title" data-autofocus maxLength={120} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Select label="Connection" allowDeselect={false} data={connections.map(({ id, name, environment, demo }) => ({ value: id, label: demo ? name : `${name} (${environment})` }))} value={connectionId} onChange={setConnectionId} />
        <div>
          <Text size="sm" fw={500} mb={4}>
            Query
          </Text>
          <div className={styles.editor}>
            <CodeEditor ref={editor} value={tile?.sql ?? ''} label="Query of the tile" placeholder="select …" onRun={save} />
          </div>
          <Text size="xs" c="dimmed" mt={4}>
            One statement that only reads. It runs with a limit of 30 seconds and 10,000 rows.
          </Text>
        </div>
        <Select label="Looked at as" allowDeselect={false} data={tile ? kinds : kinds.slice(1)} value={kind} onChange={(value) => value && setKind(value)} />
        {problem === '' ? null : (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
        <Group gap={6}>
          <Button onClick={save}>{tile ? 'Save' : 'Add the tile'}</Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Drawer>
  );
}
