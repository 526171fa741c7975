import { Alert, Button, Group, Loader, MultiSelect, Popover, Select, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconChevronDown, IconDatabase } from '@tabler/icons-react';
import { useState } from 'react';
import { client, errorData } from '../../client';
import { onDatabase } from '../../../src-preload/contract/database';
import type { DocumentOptions } from '../../../src-preload/contract/documents';
import { openConnection, type Connection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { leaveConnection, querySession } from './sessions';
import classes from './QueryTab.module.css';

type Places = Awaited<ReturnType<typeof client.queries.places>>;

interface PlacePickerProps {
  readonly documentId: string;
  readonly options: DocumentOptions;
  readonly connection: Connection;
  readonly disabled: boolean;
}

function switchDatabase(id: string, database: string | null): void {
  const change = (): void => {
    leaveConnection(id);
    useDocuments.getState().setOptions(id, { database, searchPath: null });
  };
  if (querySession(id).transaction === 'idle') return change();
  modals.openConfirmModal({
    title: 'Leave the open transaction?',
    children: <Text size="sm">Another database needs another session: the open transaction of this one is rolled back.</Text>,
    labels: { confirm: 'Roll back and switch', cancel: 'Stay' },
    confirmProps: { color: 'red' },
    onConfirm: change,
  });
}

interface PlaceFormProps {
  /** Null while the server is asked; a text tells why it could not be. */
  readonly places: Places | string | null;
  /** The connection's own database; null where there is only one. */
  readonly own: string | null;
  readonly chosen: string | null;
  readonly searchPath: DocumentOptions['searchPath'];
  readonly onChoose: (database: string) => void;
  readonly onSearchPath: (searchPath: string[] | null) => void;
}

function PlaceForm({ places, own, chosen, searchPath, onChoose, onSearchPath }: PlaceFormProps) {
  if (typeof places === 'string') {
    return (
      <Alert color="red" p="xs">
        {places}
      </Alert>
    );
  }
  if (places === null) {
    return (
      <Group gap={8}>
        <Loader size={14} />
        <Text size="sm">Asking the server…</Text>
      </Group>
    );
  }
  const path = searchPath ?? [];
  return (
    <Stack gap="sm">
      {own === null ? null : (
        <Select
          label="Database"
          description="Another one of this server, in a session of its own"
          searchable
          allowDeselect={false}
          data={[...new Set([...places.databases, ...(chosen === null ? [] : [chosen])])]}
          value={chosen}
          comboboxProps={{ withinPortal: false }}
          onChange={(database) => {
            if (database !== null && database !== chosen) onChoose(database);
          }}
        />
      )}
      <MultiSelect
        label="Search path"
        description={`Where names without a schema are looked up, in this order. Server’s own: ${places.searchPath}`}
        placeholder={path.length === 0 ? 'as the server has it' : ''}
        size="xs"
        searchable
        clearable
        data={[...new Set([...path, ...places.schemas])]}
        value={[...path]}
        comboboxProps={{ withinPortal: false }}
        onChange={(names) => onSearchPath(names.length === 0 ? null : names)}
      />
      <Text size="xs" c="dimmed">
        {searchPath === null ? 'Nothing is set.' : 'Sent as SET search_path before the next statement; the messages show it.'}
      </Text>
    </Stack>
  );
}

/** The database and the schemas in which the tab works; the session gets them before its next statement. */
export function PlacePicker({ documentId: id, options, connection, disabled }: PlacePickerProps) {
  const own = connection.target.engine === 'pglite' ? null : connection.target.database;
  const [opened, setOpened] = useState(false);
  const [places, setPlaces] = useState<Places | string | null>(null);
  const read = async (database: string | null): Promise<void> => {
    setPlaces(null);
    try {
      await openConnection(connection.id);
      setPlaces(await client.queries.places({ connectionId: onDatabase(connection.id, database) }));
    } catch (error) {
      setPlaces(errorData(error).message);
    }
  };
  const chosen = options.database ?? own;
  const words = [chosen ?? 'search path', options.searchPath === null ? null : options.searchPath.join(', ')].filter((word) => word !== null).join(' · ');
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={340} trapFocus disabled={disabled}>
      <Popover.Target>
        <Button
          variant="default"
          className={classes.place}
          leftSection={<IconDatabase size={13} />}
          rightSection={<IconChevronDown size={13} />}
          disabled={disabled}
          title={`Database ${chosen ?? connection.name}; search path ${options.searchPath?.join(', ') ?? 'as the server has it'}`}
          aria-label={`Database and search path: ${words}`}
          onClick={() => {
            setOpened((now) => !now);
            if (!opened) void read(options.database);
          }}
        >
          <span className={classes.pickerName}>{words}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <PlaceForm
          places={places}
          own={own}
          chosen={chosen}
          searchPath={options.searchPath}
          onChoose={(database) => {
            setOpened(false);
            switchDatabase(id, database === own ? null : database);
          }}
          onSearchPath={(searchPath) => useDocuments.getState().setOptions(id, { searchPath })}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
