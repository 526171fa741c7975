import { ActionIcon, Button, Group, Loader, Menu, Popover, Select, Text, Tooltip } from '@mantine/core';
import { IconChevronDown, IconInfoCircle, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { memo, useEffect, useState } from 'react';
import { runCommand } from '../../shell/commands';
import { formatBytes, formatCount, formatDuration } from '../../shell/format';
import { KeyHint } from '../../shell/KeyHint';
import type { Connection } from '../connections/store';
import { ConnectionPicker } from './ConnectionPicker';
import { summary } from './runState';
import { setTimeLimit, type QuerySession } from './sessions';
import classes from './QueryTab.module.css';

interface ToolbarProps {
  readonly documentId: string;
  readonly connection: Connection | null;
  readonly session: QuerySession;
  readonly onRun: (scope: 'current' | 'all') => void;
  readonly onStop: () => void;
  readonly onEnd: (action: 'commit' | 'rollback') => void;
}

const LIMITS = [
  { value: '0', label: 'no limit' },
  { value: '5000', label: '5 s' },
  { value: '30000', label: '30 s' },
  { value: '120000', label: '2 min' },
  { value: '600000', label: '10 min' },
  { value: '3600000', label: '1 h' },
];

/** A clock that runs while a statement does. */
function Elapsed({ startedAt }: { readonly startedAt: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const milliseconds = Math.max(0, now - startedAt);
  return <span className={classes.clock}>{milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatDuration(milliseconds)}</span>;
}

function Status({ session }: { readonly session: QuerySession }) {
  const { phase, startedAt, endedAt, log, error, confirmation } = session;
  if (phase !== 'idle') {
    const growing = log.results.findLast((result) => !result.complete);
    const words = { connecting: 'connecting…', running: 'running', stopping: 'stopping… waiting for the server', ending: 'ending the transaction…' }[phase];
    return (
      <span className={classes.status} role="status">
        <Loader size={12} /> {words} {startedAt === null ? null : <Elapsed startedAt={startedAt} />}
        {growing && growing.rows > 0 ? ` · ${formatCount(growing.rows)} rows, ${formatBytes(growing.bytes)}` : ''}
        {log.count > 1 ? ` · statement ${formatCount(log.statements.length)} of ${formatCount(log.count)}` : ''}
      </span>
    );
  }
  if (confirmation) return <span className={classes.status}>waiting for your yes</span>;
  if (endedAt === null || startedAt === null) return null;
  return (
    <span className={classes.status} role="status" title="The whole run, until the last row was here">
      {error ? (error.code === 'cancelled' ? 'Cancelled' : 'Not run') : summary(log, formatCount)} · {formatDuration(endedAt - startedAt)}
    </span>
  );
}

function Transaction({ session, onEnd }: Pick<ToolbarProps, 'session' | 'onEnd'>) {
  const { transaction, phase } = session;
  if (transaction === 'idle') return null;
  const failed = transaction === 'failed';
  return (
    <Group gap={4} wrap="nowrap" className={classes.transaction} data-failed={failed || undefined} role="group" aria-label="Transaction">
      <b>{failed ? 'Transaction aborted' : 'Transaction open'}</b>
      <Popover width={340} position="bottom">
        <Popover.Target>
          <ActionIcon size="xs" aria-label="What does this mean?" variant="transparent" c="inherit">
            <IconInfoCircle size={14} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm">
            {failed
              ? 'A statement of this transaction failed, so PostgreSQL refuses everything until it ends: each further statement gives error 25P02. Nothing of it can be committed. Roll back, correct the statement, and run the whole transaction again; to keep earlier work next time, set a SAVEPOINT before what may fail.'
              : 'Changes made since BEGIN are seen by this tab alone, and the rows it changed stay locked for others, until you commit or roll back. Closing the tab or losing the connection rolls back.'}
          </Text>
        </Popover.Dropdown>
      </Popover>
      {failed ? null : (
        <Button size="compact-xs" color="teal" disabled={phase !== 'idle'} onClick={() => onEnd('commit')}>
          Commit
        </Button>
      )}
      <Button size="compact-xs" color="red" variant={failed ? 'filled' : 'outline'} disabled={phase !== 'idle'} onClick={() => onEnd('rollback')}>
        Roll back
      </Button>
    </Group>
  );
}

/** Where the tab works, and running, stopping and ending what it does there. */
export const Toolbar = memo(function Toolbar({ documentId, connection, session, onRun, onStop, onEnd }: ToolbarProps) {
  const busy = session.phase !== 'idle';
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Query">
      <ConnectionPicker documentId={documentId} connection={connection} disabled={busy} />
      {busy ? (
        <Tooltip label="Cancels the statement on the server (Esc)">
          <Button color="red" variant="light" leftSection={<IconPlayerStopFilled size={13} />} disabled={session.phase === 'stopping' || session.phase === 'ending'} onClick={onStop}>
            {session.phase === 'stopping' ? 'Stopping…' : 'Stop'}
          </Button>
        </Tooltip>
      ) : (
        <Button.Group>
          <Tooltip label="Runs the selection, or the statement at the cursor: the one with the bar beside it (Ctrl+Enter)">
            <Button leftSection={<IconPlayerPlayFilled size={13} />} disabled={!connection} onClick={() => onRun('current')}>
              Run
            </Button>
          </Tooltip>
          <Menu position="bottom-start">
            <Menu.Target>
              <Button px={6} disabled={!connection} aria-label="More ways to run" className={classes.more}>
                <IconChevronDown size={13} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item rightSection={<KeyHint keys="Mod+Enter" />} onClick={() => onRun('current')}>
                Run selection or statement
              </Menu.Item>
              <Menu.Item rightSection={<KeyHint keys="Mod+Shift+Enter" />} onClick={() => onRun('all')}>
                Run everything
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item rightSection={<KeyHint keys="Mod+E" />} onClick={() => runCommand('query.explain')}>
                Explain: the plan, without running it
              </Menu.Item>
              <Menu.Item rightSection={<KeyHint keys="Mod+Shift+E" />} onClick={() => runCommand('query.analyze')}>
                Explain analyze: run it and measure
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => runCommand('query.begin')}>Begin a transaction</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Button.Group>
      )}
      <Tooltip label="The server ends a statement that takes longer">
        <Select
          aria-label="Time limit of a statement"
          data={LIMITS}
          value={String(session.timeoutMs)}
          allowDeselect={false}
          w={104}
          disabled={busy}
          onChange={(value) => setTimeLimit(documentId, Number(value))}
        />
      </Tooltip>
      <Transaction session={session} onEnd={onEnd} />
      <span className={classes.spring} />
      <Status session={session} />
    </div>
  );
});
