import { Autocomplete, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { errorData } from '../../client';
import classes from './SavedQueries.module.css';

interface Named {
  readonly folder: string;
  readonly name: string;
}

interface NameFormProps {
  readonly title: string;
  readonly nameLabel: string;
  readonly folders: readonly string[];
  readonly withFolder: boolean;
  readonly initial: Named;
  readonly submit: string;
  readonly onSubmit: (named: Named) => Promise<void>;
  readonly onCancel: () => void;
  readonly children?: React.ReactNode;
}

/** Asks for a name, and a folder where `withFolder`; what main refuses is shown under it. */
export function NameForm({ title, nameLabel, folders, withFolder, initial, submit, onSubmit, onCancel, children }: NameFormProps) {
  const [named, setNamed] = useState(initial);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const send = (): void => {
    setBusy(true);
    onSubmit({ folder: named.folder.trim(), name: named.name.trim() })
      .catch((error: unknown) => setProblem([errorData(error).message, errorData(error).hint].filter(Boolean).join(' ')))
      .finally(() => setBusy(false));
  };
  return (
    <form
      className={classes.form}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && named.name.trim() !== '') send();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <Stack gap={8}>
        <Text size="xs" fw={600} truncate>
          {title}
        </Text>
        <TextInput label={nameLabel} value={named.name} onChange={(event) => setNamed({ ...named, name: event.currentTarget.value })} autoFocus data-autofocus onFocus={(event) => event.currentTarget.select()} />
        {withFolder ? <Autocomplete size="xs" label="Folder" placeholder="top; / makes folders in folders" data={[...folders]} value={named.folder} onChange={(folder) => setNamed({ ...named, folder })} /> : null}
        {children}
        {problem === '' ? null : (
          <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
            {problem}
          </Text>
        )}
        <Group gap={6}>
          <Button type="submit" disabled={named.name.trim() === ''} loading={busy}>
            {submit}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
