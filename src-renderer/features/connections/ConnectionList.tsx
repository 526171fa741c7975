import { ActionIcon, Badge, Loader, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconDots, IconEdit, IconPencilOff, IconPlugConnected, IconPlugConnectedX, IconSearch, IconSparkles, IconTerminal2, IconTrash } from '@tabler/icons-react';
import { useState, type CSSProperties } from 'react';
import { client } from '../../client';
import { connectionHex, environmentColor, environmentLabel } from '../../shell/connectionLook';
import { newQuery, openAssistant } from '../../shell/documentActions';
import { showError } from '../../shell/errors';
import { askToRemove, editConnection, openConnection, selectConnection, useConnections, type Connection } from './store';
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
  return target.engine === 'pglite' ? 'embedded PostgreSQL' : `${target.user}@${target.host}${target.port === 5432 ? '' : `:${target.port}`}/${target.database}`;
}

/** Those whose name, address or environment has the searched words. */
export function matchingConnections(connections: readonly Connection[], search: string): Connection[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return connections.filter((connection) => {
    const text = `${connection.name} ${addressOf(connection)} ${connection.environment}`.toLowerCase();
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
        {connection.demo ? null : (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconEdit size={14} />} onClick={() => editConnection(id)}>
              Edit
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

function Item({ connection, current }: { readonly connection: Connection; readonly current: boolean }) {
  const { status } = connection;
  const look = stateLook[status.state];
  return (
    <li className={styles.item} data-current={current} style={{ '--stripe': connectionHex(connection) } as CSSProperties}>
      <span className={styles.stripe} aria-hidden />
      <UnstyledButton
        className={styles.pick}
        aria-pressed={current}
        title={`${connection.name}: ${addressOf(connection)}, ${connection.environment}, ${look.word}${status.error ? `\n${status.error.message}` : ''}`}
        onClick={() => selectConnection(connection.id)}
        onDoubleClick={() => newQuery('', connection.id)}
      >
        <span className={styles.name}>
          <span className={styles.cut}>{connection.name}</span>
          {connection.demo ? null : <Badge color={environmentColor[connection.environment]}>{environmentLabel[connection.environment]}</Badge>}
          {connection.readOnly ? <IconPencilOff size={13} aria-label="read-only" /> : null}
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

/** The saved connections; the current one is marked. */
export function ConnectionList() {
  const connections = useConnections((state) => state.connections);
  const currentId = useConnections((state) => state.currentId);
  const [search, setSearch] = useState('');
  const shown = matchingConnections(connections, search);
  return (
    <>
      {connections.length > 5 ? (
        <div className={styles.search}>
          <TextInput aria-label="Search connections" placeholder="Search connections" leftSection={<IconSearch size={13} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        </div>
      ) : null}
      <ul className={styles.list} aria-label="Connections" style={{ listStyle: 'none', margin: 0 }}>
        {shown.map((connection) => (
          <Item key={connection.id} connection={connection} current={connection.id === currentId} />
        ))}
      </ul>
    </>
  );
}
