import { Loader, Tooltip, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { IconAlertTriangle, IconArrowsExchange, IconCommand, IconDatabase, IconDeviceFloppy, IconLock, IconLockOpen, IconMoon, IconPencilOff, IconProgressCheck, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useConnection, useConnections, type Connection } from '../features/connections/store';
import { useDocuments } from '../features/documents/store';
import { useJobs } from '../features/jobs/store';
import { runCommand } from './commands';
import { connectionChip, environmentLabel } from './connectionLook';
import { showActivity, useLayout } from './layout';
import { showDocument } from './documentActions';
import { tabMark, useOpenTransactions, useTabMark } from './tabs';
import styles from './Shell.module.css';

const stateWord: Record<Connection['status']['state'], string> = { closed: 'not connected', connecting: 'connecting…', open: 'connected', lost: 'connection lost' };

function Item({ children, hint, onClick }: { readonly children: ReactNode; readonly hint: string; readonly onClick?: () => void }) {
  return (
    <Tooltip label={hint} multiline maw={360}>
      {onClick ? (
        <UnstyledButton className={styles.statusItem} onClick={onClick} fz="inherit">
          {children}
        </UnstyledButton>
      ) : (
        <span className={styles.statusItem}>{children}</span>
      )}
    </Tooltip>
  );
}

function ServerItems({ connection }: { readonly connection: Connection }) {
  const { server, state, error } = connection.status;
  if (!server || state !== 'open') {
    return (
      <Item hint={error ? [error.message, error.hint].filter(Boolean).join(' ') : 'It is opened when it is needed'}>
        {state === 'connecting' ? <Loader size={10} /> : state === 'lost' ? <IconAlertTriangle size={13} /> : null}
        {stateWord[state]}
      </Item>
    );
  }
  return (
    <>
      <Item hint={`${server.product} ${server.version}; user ${server.user}; ${server.encoding}; zone ${server.timeZone}; ${connection.status.sessions} open sessions`}>
        {server.product} {server.version}
      </Item>
      {connection.target.engine !== 'pglite' ? <EncryptionItem encrypted={server.encrypted} tunnel={connection.target.tunnel !== undefined} /> : null}
      <Item hint={server.superuser ? 'This user is a superuser: nothing is forbidden to it' : 'The database user'}>
        {server.user}
        {server.superuser ? ' (superuser)' : ''}
      </Item>
    </>
  );
}

function EncryptionItem({ encrypted, tunnel }: { readonly encrypted: boolean; readonly tunnel: boolean }) {
  if (!encrypted && tunnel) {
    return (
      <Item hint="Encrypted as far as the last SSH server; from there to the database it is NOT encrypted">
        <IconLock size={13} aria-hidden />
        SSH tunnel
      </Item>
    );
  }
  return (
    <Item hint={encrypted ? `The connection to the server is encrypted${tunnel ? ', inside an SSH tunnel' : ''}` : 'The connection to the server is NOT encrypted'}>
      {encrypted ? <IconLock size={13} aria-hidden /> : <IconLockOpen size={13} aria-hidden />}
      {encrypted ? 'encrypted' : 'not encrypted'}
    </Item>
  );
}

function TransactionItem({ documentId }: { readonly documentId: string | null }) {
  const { transaction } = useTabMark(documentId);
  if (transaction === 'idle') return null;
  return (
    <Item hint="This tab has an open transaction. Commit or roll back from the editor or the palette.">
      <IconArrowsExchange size={13} aria-hidden />
      <b>{transaction === 'open' ? 'transaction open' : 'transaction failed: roll back'}</b>
    </Item>
  );
}

/** The transactions of other tabs: what is forgotten holds its locks, and vacuum back. */
function OtherTransactions({ documentId }: { readonly documentId: string | null }) {
  const others = useOpenTransactions().filter((id) => id !== documentId);
  const documents = useDocuments((state) => state.documents);
  const [first] = others;
  if (first === undefined) return null;
  const list = others.map((id) => {
    const { since } = tabMark(id);
    return `${documents.find((document) => document.id === id)?.title ?? 'A tab'}${since === null ? '' : ` since ${new Date(since).toLocaleTimeString()}`}`;
  });
  return (
    <Item hint={`Open transactions hold their locks: ${list.join(', ')}. A click goes there.`} onClick={() => showDocument(first)}>
      <IconArrowsExchange size={13} aria-hidden />
      <b>{others.length === 1 ? 'a transaction is open in another tab' : `transactions are open in ${others.length} other tabs`}</b>
    </Item>
  );
}

/** The database and search path of the tab in front, where they are not the connection's own. */
function PlaceItem({ documentId }: { readonly documentId: string | null }) {
  const options = useDocuments((state) => state.documents.find((document) => document.id === documentId)?.options);
  if (!options || (options.database === null && options.searchPath === null)) return null;
  return (
    <Item hint={`This tab works on ${options.database === null ? 'the connection’s own database' : `the database ${options.database}`}; search path ${options.searchPath?.join(', ') ?? 'as the server has it'}`}>
      <IconDatabase size={13} aria-hidden />
      <span className={styles.ellipsis}>{[options.database, options.searchPath?.join(', ')].filter(Boolean).join(' · ')}</span>
    </Item>
  );
}

function RunningJobs() {
  const jobs = useJobs((state) => state.jobs);
  const running = jobs.filter((job) => job.state === 'running');
  const first = running[0];
  if (!first) return null;
  const percent = first.progress === null ? '' : ` ${Math.floor(first.progress * 100)} %`;
  return (
    <Item hint="Show the jobs" onClick={() => showActivity('jobs')}>
      <IconProgressCheck size={13} aria-hidden />
      <span className={styles.ellipsis}>
        {running.length === 1 ? first.title : `${running.length} jobs`}
        {percent}
      </span>
    </Item>
  );
}

function ThemeItem() {
  const scheme = useComputedColorScheme('dark');
  return (
    <Item hint="Switch between light and dark" onClick={() => runCommand('theme.toggle')}>
      {scheme === 'dark' ? <IconMoon size={13} aria-hidden /> : <IconSun size={13} aria-hidden />}
      {scheme}
    </Item>
  );
}

/** The connection of the tab in front, or else the current one. */
export function useFrontConnection(): Connection | null {
  const welcome = useLayout((state) => state.welcome === 'front');
  const front = useDocuments((state) => (welcome ? undefined : state.documents.find((document) => document.id === state.activeId)?.connectionId));
  const currentId = useConnections((state) => state.currentId);
  return useConnection(front === undefined ? currentId : front);
}

/** Which server the window works on and how that connection stands, at a glance. */
export function StatusBar() {
  const connection = useFrontConnection();
  const activeId = useDocuments((state) => state.activeId);
  const saveError = useDocuments((state) => state.saveError);
  const welcome = useLayout((state) => state.welcome === 'front');
  return (
    <footer className={styles.status} aria-label="Status">
      {connection ? (
        <>
          <UnstyledButton
            className={`${styles.statusItem} ${styles.statusConnection}`}
            style={connectionChip(connection)}
            fz="inherit"
            title={`${connection.name}: ${connection.environment}, ${stateWord[connection.status.state]}`}
            onClick={() => showActivity('databases')}
          >
            <span className={styles.ellipsis}>{connection.name}</span>
            <span>{environmentLabel[connection.environment]}</span>
          </UnstyledButton>
          <ServerItems connection={connection} />
          {connection.readOnly ? (
            <Item hint="Only statements that read are sent on this connection">
              <IconPencilOff size={13} aria-hidden />
              read-only
            </Item>
          ) : null}
          <PlaceItem documentId={welcome ? null : activeId} />
          <TransactionItem documentId={welcome ? null : activeId} />
        </>
      ) : (
        <span className={styles.statusItem}>No connection</span>
      )}
      <OtherTransactions documentId={welcome ? null : activeId} />
      <span className={styles.spring} />
      {saveError ? (
        <Item hint={[saveError.message, saveError.hint].filter(Boolean).join(' ')}>
          <IconDeviceFloppy size={13} aria-hidden />
          <b>text not saved yet, trying again</b>
        </Item>
      ) : null}
      <RunningJobs />
      <Item hint="Everything the program can do (Ctrl+K)" onClick={() => runCommand('palette.open')}>
        <IconCommand size={13} aria-hidden />
        Ctrl K
      </Item>
      <ThemeItem />
    </footer>
  );
}
