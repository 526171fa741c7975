import { ActionIcon, Menu, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { IconBookmark, IconChevronDown, IconChevronRight, IconDots, IconFileText, IconFolder, IconFolderPlus, IconPlayerPlay, IconSearch, IconTrash } from '@tabler/icons-react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { client } from '../../client';
import type { SavedQuery } from '../../../src-preload/contract/savedQueries';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { NameForm } from './NameForm';
import { followSavedQueries, moveQuery, openSavedQuery, readSavedQueries, useSavedQueries } from './store';
import shell from '../../shell/Shell.module.css';
import { rowsOf } from './rows';
import classes from './SavedQueries.module.css';

const SEARCH_PAUSE_MS = 150;

/** What the small form at the top of the panel is for. */
type Form = { kind: 'newFolder' } | { kind: 'moveFolder'; folder: string } | { kind: 'moveQuery'; query: SavedQuery };

function remove(query: SavedQuery): void {
  modals.openConfirmModal({
    title: `Remove ${query.name}?`,
    children: (
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {query.path} goes to the system’s trash; where there is none, it is deleted for good. A tab that shows it keeps its text.
      </Text>
    ),
    labels: { confirm: 'Remove', cancel: 'Keep' },
    confirmProps: { color: 'red' },
    onConfirm: () => {
      client.savedQueries
        .remove({ id: query.id })
        .then(({ trashed }) => showDone(trashed ? `${query.name} is in the trash` : `${query.name} was deleted`))
        .then(() => readSavedQueries())
        .catch((error: unknown) => showError('It could not be removed', error));
    },
  });
}

const open = (query: SavedQuery, run = false): void => {
  openSavedQuery(query, run).catch((error: unknown) => showError('The saved query could not be opened', error));
};

function QueryRow({ query, depth, onForm }: { readonly query: SavedQuery; readonly depth: number; readonly onForm: (form: Form) => void }) {
  return (
    <li className={classes.row} style={{ paddingLeft: 8 + depth * 14 }}>
      <UnstyledButton className={classes.entry} title={query.path} onClick={() => open(query)}>
        <IconFileText size={14} aria-hidden />
        <span className={classes.words}>
          <span className={classes.name}>{query.name}</span>
          {query.description || query.connection ? <span className={classes.facts}>{[query.connection, query.description].filter(Boolean).join(' · ')}</span> : null}
        </span>
      </UnstyledButton>
      <Tooltip label="Open and run">
        <ActionIcon className={classes.action} aria-label={`Run ${query.name}`} onClick={() => open(query, true)}>
          <IconPlayerPlay size={14} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon className={classes.action} aria-label={`Actions on ${query.name}`}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => open(query)}>Open</Menu.Item>
          <Menu.Item onClick={() => onForm({ kind: 'moveQuery', query })}>Rename or move…</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => remove(query)}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

interface FolderRowProps {
  readonly folder: string;
  readonly depth: number;
  readonly closed: boolean;
  readonly onToggle: () => void;
  readonly onForm: (form: Form) => void;
}

function FolderRow({ folder, depth, closed, onToggle, onForm }: FolderRowProps) {
  const Chevron = closed ? IconChevronRight : IconChevronDown;
  const name = folder.split('/').at(-1) ?? folder;
  const removeFolder = (): void => {
    client.savedQueries
      .removeFolder({ folder })
      .then(() => readSavedQueries())
      .catch((error: unknown) => showError('The folder stays', error));
  };
  return (
    <li className={classes.row} style={{ paddingLeft: 8 + depth * 14 }}>
      <UnstyledButton className={classes.entry} aria-expanded={!closed} onClick={onToggle} title={folder}>
        <Chevron size={13} aria-hidden />
        <IconFolder size={14} aria-hidden />
        <span className={classes.name}>{name}</span>
      </UnstyledButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon className={classes.action} aria-label={`Actions on the folder ${folder}`}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onForm({ kind: 'moveFolder', folder })}>Rename or move…</Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={removeFolder}>
            Remove the empty folder
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function PanelForm({ form, folders, onClose }: { readonly form: Form; readonly folders: readonly string[]; readonly onClose: () => void }) {
  const done = async (work: Promise<unknown>): Promise<void> => {
    await work;
    await readSavedQueries();
    onClose();
  };
  switch (form.kind) {
    case 'newFolder':
      return <NameForm title="New folder" nameLabel="Folder" folders={folders} withFolder={false} initial={{ folder: '', name: '' }} submit="Create" onCancel={onClose} onSubmit={({ name }) => done(client.savedQueries.createFolder({ folder: name }))} />;
    case 'moveFolder':
      return (
        <NameForm title={`Rename or move ${form.folder}`} nameLabel="Folder, with / between" folders={folders} withFolder={false} initial={{ folder: '', name: form.folder }} submit="Rename" onCancel={onClose} onSubmit={({ name }) => done(client.savedQueries.moveFolder({ folder: form.folder, to: name }))} />
      );
    case 'moveQuery':
      return <NameForm title={`Rename or move ${form.query.name}`} nameLabel="Name" folders={folders} withFolder initial={{ folder: form.query.folder, name: form.query.name }} submit="Rename" onCancel={onClose} onSubmit={(to) => done(moveQuery(form.query, to))} />;
  }
}

/** Arrow keys walk through the list; Tab leaves it. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>(`.${classes.entry}`)];
  const at = entries.findIndex((entry) => entry === document.activeElement);
  entries[Math.max(0, Math.min(at + step, entries.length - 1))]?.focus();
  event.preventDefault();
}

/** Queries that were kept, by folder. It fills its parent. */
export function SavedQueriesPanel() {
  const { queries, folders, error } = useSavedQueries();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, SEARCH_PAUSE_MS);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<Form | null>(null);
  useEffect(() => followSavedQueries(), []);
  useEffect(() => void readSavedQueries(settled), [settled]);
  const toggle = (folder: string): void => setClosed((now) => new Set(now.has(folder) ? [...now].filter((one) => one !== folder) : [...now, folder]));
  const rows = rowsOf(queries ?? [], settled === '' ? folders : [], settled === '' ? closed : new Set());
  return (
    <>
      <div className={shell.panelHead}>
        <span className={shell.spring}>Saved queries</span>
        <Tooltip label="New folder">
          <ActionIcon aria-label="New folder" onClick={() => setForm({ kind: 'newFolder' })}>
            <IconFolderPlus size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.search}>
        <TextInput aria-label="Search the saved queries" placeholder="Search names and text" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {form ? <PanelForm key={JSON.stringify(form)} form={form} folders={folders} onClose={() => setForm(null)} /> : null}
      <div className={classes.scroll}>
        {error ? (
          <div className={classes.pad}>
            <ErrorPanel error={error} title="The saved queries could not be read" onRetry={() => void readSavedQueries()} />
          </div>
        ) : null}
        {queries !== null && rows.length === 0 && !error ? (
          <EmptyPanel icon={IconBookmark} title={settled === '' ? 'Nothing is kept yet' : 'Nothing was found'}>
            {settled === '' ? 'Ctrl+Alt+S keeps the text of a query tab here, as a plain .sql file in .ai-shell/queries that can be shared and versioned.' : 'Names, descriptions and texts were searched.'}
          </EmptyPanel>
        ) : null}
        <ul className={classes.list} aria-label="Saved queries" onKeyDown={walk}>
          {rows.map(({ depth, folder, query }) =>
            query ? (
              <QueryRow key={query.id} query={query} depth={depth} onForm={setForm} />
            ) : folder !== null ? (
              <FolderRow key={`${folder}/`} folder={folder} depth={depth} closed={closed.has(folder) && settled === ''} onToggle={() => toggle(folder)} onForm={setForm} />
            ) : null,
          )}
        </ul>
      </div>
    </>
  );
}
