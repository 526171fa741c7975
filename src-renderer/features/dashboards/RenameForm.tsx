import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import styles from './Dashboards.module.css';

interface RenameFormProps {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onCancel: () => void;
}

/** Asks for a dashboard's new name. */
export function RenameForm({ name, onName, onCancel }: RenameFormProps) {
  const [wanted, setWanted] = useState(name);
  return (
    <form
      className={styles.rename}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted.trim() !== '') onName(wanted.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onCancel();
      }}
    >
      <TextInput aria-label="Name of the dashboard" maxLength={120} autoFocus value={wanted} onFocus={(event) => event.currentTarget.select()} onChange={(event) => setWanted(event.currentTarget.value)} flex={1} />
      <Button type="submit" disabled={wanted.trim() === ''}>
        Rename
      </Button>
    </form>
  );
}
