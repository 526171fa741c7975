import { Loader, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ForeignKeyEnd, LookupRow } from '../../../src-preload/contract/rowEdits';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { qualifiedName } from '../catalog/names';
import styles from './RowEdits.module.css';

interface PickerProps {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly foreignKey: ForeignKeyEnd;
  /** The values of the referenced columns, in their order. */
  readonly onPick: (key: readonly string[]) => void;
}

interface Found {
  readonly rows: readonly LookupRow[];
  readonly labelColumn: string | null;
  readonly more: boolean;
}

/** A moment after the last key, so that a word is one search. */
const PAUSE_MS = 180;

/** Searches the referenced table on the server, by key and by the column that describes its rows; the first 50. */
export function ForeignKeyPicker({ connectionId, object, foreignKey, onPick }: PickerProps) {
  const id = useId();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(true);
  const key = JSON.stringify(object);
  const { name, references } = foreignKey;
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      setBusy(true);
      client.rowEdits
        .lookup({ connectionId, object: JSON.parse(key) as ObjectRef, foreignKey: name, search }, { signal: abort.signal })
        .then(
          (result) => {
            setFound(result);
            setError(null);
            setAt(0);
          },
          (failure: unknown) => abort.signal.aborted || setError(errorData(failure)),
        )
        .finally(() => abort.signal.aborted || setBusy(false));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [connectionId, key, name, search]);
  const rows = found?.rows ?? [];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = rows[at];
    if (step !== 0) setAt(Math.max(0, Math.min(rows.length - 1, at + step)));
    else if (event.key === 'Enter' && row !== undefined) onPick(row.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const table = qualifiedName({ schema: references.schema, name: references.table });
  return (
    <section aria-label={`Rows of ${table}`}>
      <TextInput
        label={`Look up in ${table}`}
        placeholder={found?.labelColumn ? `${references.columns.join(', ')} or ${found.labelColumn}` : references.columns.join(', ')}
        leftSection={<IconSearch size={13} />}
        rightSection={busy ? <Loader size={12} /> : null}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={rows.length > 0 ? `${id}-${at}` : undefined}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        spellCheck={false}
        mb={6}
      />
      {error ? <ErrorPanel error={error} title="The rows could not be searched" /> : null}
      {found && rows.length === 0 ? (
        <Text size="xs" c="dimmed" role="status">
          {search === '' ? 'The table has no rows.' : `Nothing in ${table} matches “${search}”.`}
        </Text>
      ) : null}
      {rows.length > 0 ? (
        <ul className={styles.found} role="listbox" id={id} aria-label={`Found in ${table}`}>
          {rows.map((row, index) => (
            <li key={JSON.stringify(row.key)} id={`${id}-${index}`} role="option" aria-selected={index === at} onClick={() => onPick(row.key)}>
              <b>{row.key.join(', ')}</b>
              <span title={row.label ?? undefined}>{row.label}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {found?.more === true ? (
        <Text size="xs" c="dimmed" mt={4}>
          The first 50. Type to narrow it down.
        </Text>
      ) : null}
    </section>
  );
}
