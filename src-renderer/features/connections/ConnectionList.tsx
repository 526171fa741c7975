import { ActionIcon, Badge, CloseButton, Loader, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconCopy, IconDots, IconEdit, IconFolderSymlink, IconPencilOff, IconPlugConnected, IconPlugConnectedX, IconRoute, IconSearch, IconServer, IconSparkles, IconTerminal2, IconTrash, IconUsers } from '@tabler/icons-react';
import { useState, type CSSProperties, type DragEvent, type KeyboardEvent } from 'react';
import { hopAddress } from '../../../src-preload/contract/locks';
import { client } from '../../client';
import { connectionHex, environmentColor, environmentLabel } from '../../shell/connectionLook';
import { newQuery, openAssistant, openServerTab } from '../../shell/documentActions';
import { showError } from '../../shell/errors';
import { listRows, type ListRow } from './folders';
import { askToMove, askToRemove, connectionOf, duplicateConnection, editConnection, moveConnection, openConnection, selectConnection, toggleFolder, useConnections, type Connection } from './store';
import shell from '../../shell/Shell.module.css';
import styles from './Connections.module.css';

const stateLook: Record<Connection['status']['state'], { color: string; word: string }> = {
  open: { color: 'var(--mantine-color-teal-6)', word: 'open' },
  connecting: { color: 'var(--mantine-color-yellow-6)', word: 'connecting' },
  closed: { color: 'color-mix(in srgb, var(--mantine-color-dimmed) 55%, transparent)', word: 'closed' },
  lost: { color: 'var(--mantine-color-red-6)', word: 'lost' },
};

/** Where a connection goes to, in a line. */
export function addressOf({ target }: Pick<Connection, 'target'>): string {
  return target.engine === 'pglite' ? 'embedded PostgreSQL' : `${target.user}@${target.host}${target.port === (target.engine === 'mysql' ? 3306 : 5432) ? '' : `:${target.port}`}/${target.database}`;
}

/** The SSH servers on the way, empty without a tunnel. */
function tunnelOf({ target }: Pick<Connection, 'target'>): string {
  return target.engine === 'pglite' ? '' : (target.tunnel ?? []).map(hopAddress).join(', ');
}

/** Those whose name, folder, address or environment has the searched words. */
export function matchingConnections(connections: readonly Connection[], search: string): Connection[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return connections.filter((connection) => {
    const text = `${connection.folder ?? ''} ${connection.name} ${addressOf(connection)} ${tunnelOf(connection)} ${connection.environment}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const tell = (title: string) => (error: unknown) => showError(title, error);

function ItemMenu({ connection }: { readonly connection: Connection }) {
  const { id, name } = connection;
  const open = connection.status.state === 'open';
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`Actions on ${name}`}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {open ? (
          <Menu.Item leftSection={<IconPlugConnectedX size={14} />} onClick={() => void client.connections.close({ id }).catch(tell(`${name} could not be closed`))}>
            Disconnect
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlugConnected size={14} />} onClick={() => void openConnection(id).catch(tell(`${name} could not be opened`))}>
            Connect
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconTerminal2 size={14} />} onClick={() => newQuery('', id)}>
          New query
        </Menu.Item>
        <Menu.Item leftSection={<IconSparkles size={14} />} onClick={() => openAssistant({ connectionId: id })}>
          Ask a question
        </Menu.Item>
        <Menu.Item leftSection={<IconServer size={14} />} onClick={() => openServerTab('processes', id)}>
          Server processes
        </Menu.Item>
        <Menu.Item leftSection={<IconUsers size={14} />} onClick={() => openServerTab('roles', id)}>
          Users and grants
        </Menu.Item>
        {connection.demo ? null : (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconEdit size={14} />} onClick={() => editConnection(id)}>
              Edit
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => void duplicateConnection(id).catch(tell(`${name} could not be duplicated`))}>
              Duplicate
            </Menu.Item>
            <Menu.Item leftSection={<IconFolderSymlink size={14} />} onClick={() => askToMove(connection)}>
              Move to folder…
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => askToRemove(connection)}>
              Remove…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Item({ connection, current, depth }: { readonly connection: Connection; readonly current: boolean; readonly depth: number }) {
  const { status } = connection;
  const look = stateLook[status.state];
  const tunnel = tunnelOf(connection);
  return (
    <li
      className={styles.item}
      data-current={current}
      draggable={!connection.demo}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, connection.id)}
      style={{ '--stripe': connectionHex(connection), '--depth': depth } as CSSProperties}
    >
      <span className={styles.stripe} aria-hidden />
      <UnstyledButton
        className={styles.pick}
        data-row
        aria-pressed={current}
        title={`${connection.name}: ${addressOf(connection)}${tunnel === '' ? '' : ` through ${tunnel}`}, ${connection.environment}, ${look.word}${status.error ? `\n${status.error.message}` : ''}`}
        onClick={() => selectConnection(connection.id)}
        onDoubleClick={() => newQuery('', connection.id)}
      >
        <span className={styles.name}>
          <span className={styles.cut}>{connection.name}</span>
          {connection.demo ? null : <Badge color={environmentColor[connection.environment]}>{environmentLabel[connection.environment]}</Badge>}
          {connection.readOnly ? <IconPencilOff size={13} aria-label="read-only" /> : null}
          {tunnel === '' ? null : <IconRoute size={13} aria-label={`through ${tunnel}`} />}
        </span>
        <span className={styles.sub}>
          {status.state === 'connecting' ? <Loader size={9} /> : <span className={shell.dot} style={{ '--dot-color': look.color } as CSSProperties} role="img" aria-label={look.word} />}
          <span className={styles.cut}>{addressOf(connection)}</span>
        </span>
      </UnstyledButton>
      <ItemMenu connection={connection} />
    </li>
  );
}

/** What a dragged connection carries: its id. */
const DRAGGED = 'application/x-ai-shell-connection';

function drop(event: DragEvent, folder: string): void {
  const connection = connectionOf(event.dataTransfer.getData(DRAGGED));
  if (!connection) return;
  event.preventDefault();
  void moveConnection(connection, folder).catch(tell(`${connection.name} could not be moved`));
}

function Folder({ row, toggle }: { readonly row: Extract<ListRow, { kind: 'folder' }>; readonly toggle: () => void }) {
  const { path, name, depth, count, open } = row;
  const [over, setOver] = useState(false);
  return (
    <li
      className={styles.folder}
      data-over={over}
      style={{ '--depth': depth } as CSSProperties}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        drop(event, path);
      }}
    >
      <UnstyledButton
        className={styles.folderButton}
        data-row
        aria-expanded={open}
        title={path}
        onClick={toggle}
        onKeyDown={(event) => {
          if ((event.key === 'ArrowRight' && !open) || (event.key === 'ArrowLeft' && open)) toggle();
        }}
      >
        <IconChevronRight size={13} className={styles.chevron} data-open={open} aria-hidden />
        <span className={styles.cut}>{name}</span>
        <span className={styles.count}>{count}</span>
      </UnstyledButton>
    </li>
  );
}

/** Up and down go from line to line. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
}

/** The saved connections by folders; the current one is marked. */
export function ConnectionList() {
  const connections = useConnections((state) => state.connections);
  const currentId = useConnections((state) => state.currentId);
  const closed = useConnections((state) => state.closedFolders);
  const [search, setSearch] = useState('');
  const shown = matchingConnections(connections, search);
  const rows = listRows(shown, closed, search.trim() !== '');
  return (
    <>
      {connections.length > 5 ? (
        <div className={styles.search}>
          <TextInput
            aria-label="Search connections"
            placeholder="Search connections"
            leftSection={<IconSearch size={13} />}
            rightSection={search === '' ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={() => setSearch('')} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setSearch('');
            }}
          />
        </div>
      ) : null}
      <ul className={styles.list} aria-label="Connections" onKeyDown={walk}>
        {rows.map((row) =>
          row.kind === 'folder' ? (
            <Folder key={`folder ${row.path}`} row={row} toggle={() => toggleFolder(row.path)} />
          ) : (
            <Item key={row.connection.id} connection={row.connection} current={row.connection.id === currentId} depth={row.depth} />
          ),
        )}
        {rows.length === 0 ? <li className={styles.none}>No connection has “{search.trim()}”.</li> : null}
      </ul>
    </>
  );
}
