import { ActionIcon, Button, CloseButton, Menu, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDatabasePlus, IconDots, IconFileExport, IconFileImport, IconPlus, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useEffect, useState, type CSSProperties } from 'react';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { runCommand } from '../../shell/commands';
import { connectionHex } from '../../shell/connectionLook';
import { CatalogTree } from '../catalog/CatalogTree';
import { searchObjects } from '../catalog/store';
import { DemoStrip } from '../demo/DemoStrip';
import { useDemo } from '../demo/store';
import { ConnectionList } from './ConnectionList';
import { editConnection, loadConnections, useConnection, useConnections, type Connection } from './store';
import shell from '../../shell/Shell.module.css';
import styles from './Connections.module.css';

const SEARCH_PAUSE_MS = 180;

function Objects({ connection }: { readonly connection: Connection }) {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, SEARCH_PAUSE_MS);
  useEffect(() => searchObjects(connection.id, settled.trim()), [connection.id, settled]);
  return (
    <>
      <div className={styles.treeHead} style={{ '--stripe': connectionHex(connection) } as CSSProperties}>
        <span className={styles.cut} style={{ flex: 1 }} title={connection.name}>
          {connection.name}
        </span>
        <Tooltip label="Read the objects anew (F5)">
          <ActionIcon aria-label="Read the objects anew" onClick={() => runCommand('catalog.refresh')}>
            <IconRefresh size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={styles.search} style={{ paddingTop: 0 }}>
        <TextInput
          aria-label="Search objects"
          data-search="objects"
          placeholder="Find a table, view, function…"
          leftSection={<IconSearch size={13} />}
          rightSection={search === '' ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={() => setSearch('')} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setSearch('');
            if (event.key === 'ArrowDown') event.currentTarget.closest('aside')?.querySelector<HTMLElement>('[role="tree"]')?.focus();
          }}
        />
      </div>
      <CatalogTree connection={connection} />
    </>
  );
}

function Body() {
  const { state, error, connections, currentId } = useConnections();
  const current = useConnection(currentId);
  const demo = useDemo(({ status }) => status?.state);
  const unavailable = current?.demo === true && (demo === 'building' || demo === 'failed' || demo === 'held');
  if (state === 'failed' && error) {
    return (
      <div style={{ padding: 12 }}>
        <ErrorPanel error={error} title="The connections could not be read" onRetry={() => void loadConnections()} />
      </div>
    );
  }
  if (state === 'loading') {
    return (
      <div style={{ padding: 12 }} role="status" aria-label="Reading the connections">
        <Skeleton height={28} mb={8} />
        <Skeleton height={28} />
      </div>
    );
  }
  if (connections.length === 0) {
    return (
      <EmptyPanel icon={IconDatabasePlus} title="No connection yet" actions={<Button onClick={() => editConnection('')}>Add a connection</Button>}>
        A connection says where a PostgreSQL server is and who you are there. Paste a postgres:// URL, test it, save it: it stays in this workspace, its password in your keychain.
      </EmptyPanel>
    );
  }
  return (
    <>
      <ConnectionList />
      <DemoStrip />
      {current && !unavailable ? <Objects key={current.id} connection={current} /> : null}
    </>
  );
}

/** The connections of the workspace and, below, the objects of the current one. */
export function DatabasesPanel() {
  return (
    <>
      <div className={shell.panelHead}>
        <span className={shell.spring}>Databases</span>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label="Import and export connections">
              <IconDots size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconFileImport size={14} />} onClick={() => runCommand('connection.import')}>
              Import connections…
            </Menu.Item>
            <Menu.Item leftSection={<IconFileExport size={14} />} onClick={() => runCommand('connection.export')}>
              Export without secrets…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Tooltip label="New connection (Ctrl+Shift+N)">
          <ActionIcon aria-label="New connection" onClick={() => editConnection('')}>
            <IconPlus size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={shell.panelBody}>
        <Body />
      </div>
    </>
  );
}
