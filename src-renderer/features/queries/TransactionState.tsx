import { ActionIcon, Button, Group, Popover, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { SqlText } from '../../components/SqlText';
import { formatCount } from '../../shell/format';
import type { QuerySession } from './sessions';
import classes from './QueryTab.module.css';

type End = (action: 'commit' | 'rollback', savepoint?: string) => void;
interface TransactionProps {
  readonly session: QuerySession;
  readonly onEnd: End;
}

/** `2 min`, `3 h 5 min`; kept up to date. */
function useAge(since: string | undefined): string {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (since === undefined) return '';
  const minutes = Math.max(0, Math.floor((now - Date.parse(since)) / 60_000));
  if (minutes === 0) return 'less than a minute';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const statements = (count: number): string => `${formatCount(count)} ${count === 1 ? 'statement' : 'statements'}`;

/** That a transaction is open, since when and with how much, and how to end it; an aborted one has a bar of its own. */
export function TransactionBadge({ session, onEnd }: TransactionProps) {
  const { transaction, transactionInfo: info, phase } = session;
  const age = useAge(info?.since);
  if (transaction !== 'open') return null;
  return (
    <Group gap={4} wrap="nowrap" className={classes.transaction} role="group" aria-label="Transaction">
      <Tooltip label={info ? `Since ${new Date(info.since).toLocaleString()}` : 'A transaction is open'}>
        <span className={classes.transactionWords}>
          <b>Transaction open</b>
          {info ? ` since ${age}, ${statements(info.statements)}` : ''}
        </span>
      </Tooltip>
      <Popover width={340} position="bottom">
        <Popover.Target>
          <ActionIcon size="xs" aria-label="What does this mean?" variant="transparent" c="inherit">
            <IconInfoCircle size={14} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm">
            Changes made since BEGIN are seen by this tab alone, and the rows it changed stay locked for others, until you commit or roll back. Closing the tab or losing the connection rolls back.
          </Text>
        </Popover.Dropdown>
      </Popover>
      <Button size="compact-xs" color="teal" disabled={phase !== 'idle'} onClick={() => onEnd('commit')}>
        Commit
      </Button>
      <Button size="compact-xs" color="red" variant="outline" disabled={phase !== 'idle'} onClick={() => onEnd('rollback')}>
        Roll back
      </Button>
    </Group>
  );
}

/** An aborted transaction explains itself: what failed, what is lost, and what can be done. */
export function AbortedBar({ session, onEnd }: TransactionProps) {
  const { transaction, transactionInfo: info, phase } = session;
  const age = useAge(info?.since);
  if (transaction !== 'failed') return null;
  const savepoint = info?.savepoints.at(-1);
  const earlier = info ? Math.max(0, info.statements - 1) : 0;
  return (
    <div className={classes.aborted} role="alert" aria-label="Aborted transaction">
      <IconAlertTriangle size={16} aria-hidden />
      <div className={classes.abortedWords}>
        <Text size="sm">
          <b>This transaction is aborted.</b>
          {info?.failure ? (
            <>
              {' '}
              It failed with “{info.failure.error.message}”{info.failure.error.serverCode ? ` (${info.failure.error.serverCode})` : ''} at
            </>
          ) : (
            ' A statement of it failed.'
          )}
        </Text>
        {info?.failure ? <SqlText text={info.failure.text} singleLine className={classes.abortedSql} /> : null}
        <Text size="sm">
          Until it ends the server refuses everything (25P02), and it cannot be committed. Rolling back loses everything since BEGIN
          {info ? `: ${statements(earlier)} before the one that failed, begun ${age} ago` : ''}.
          {savepoint === undefined ? ' A savepoint before what may fail keeps earlier work the next time.' : ` Going back to the savepoint ${savepoint} keeps what was done before it.`}
        </Text>
        <Group gap={6}>
          <Button size="compact-xs" color="red" disabled={phase !== 'idle'} onClick={() => onEnd('rollback')}>
            Roll back all of it
          </Button>
          {savepoint === undefined ? null : (
            <Button size="compact-xs" variant="default" disabled={phase !== 'idle'} onClick={() => onEnd('rollback', savepoint)}>
              Roll back to savepoint {savepoint}
            </Button>
          )}
        </Group>
      </div>
    </div>
  );
}
