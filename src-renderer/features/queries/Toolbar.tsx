import { ActionIcon, Button, Loader, Menu, Select, Tooltip } from '@mantine/core';
import { IconChevronDown, IconDots, IconInfoCircle, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { memo, useEffect, useState } from 'react';
import { runCommand } from '../../shell/commands';
import { formatBytes, formatCount, formatDuration } from '../../shell/format';
import { KeyHint } from '../../shell/KeyHint';
import type { DocumentOptions } from '../../../src-preload/contract/documents';
import type { Connection } from '../connections/store';
import { CommitModeToggle } from './CommitMode';
import { ConnectionPicker } from './ConnectionPicker';
import { PlacePicker } from './PlacePicker';
import { summary } from './runState';
import { setTimeLimit, type QuerySession } from './sessions';
import { TransactionBadge } from './TransactionState';
import classes from './QueryTab.module.css';

interface ToolbarProps {
  readonly documentId: string;
  readonly options: DocumentOptions;
  readonly connection: Connection | null;
  readonly session: QuerySession;
  readonly onRun: (scope: 'current' | 'all') => void;
  readonly onStop: () => void;
  readonly onExplain: () => void;
  readonly onEnd: (action: 'commit' | 'rollback', savepoint?: string) => void;
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

const more = [
  ['Format', 'editor.format', 'Shift+Alt+F'],
  ['Find', 'editor.find', 'Mod+F'],
  ['Find and replace', 'editor.replace', 'Mod+H'],
  null,
  ['Open a file…', 'file.open', 'Mod+O'],
  ['Save', 'file.save', 'Mod+S'],
  ['Save as…', 'file.saveAs', 'Mod+Shift+S'],
  ['Keep as a saved query…', 'savedQueries.save', 'Mod+Alt+S'],
  null,
  ['What this tab ran', 'query.history', 'Mod+Alt+H'],
  ['Snippets', 'snippets.manage', ''],
  ['Show beside the next tab', 'tab.beside', 'Mod+\\'],
] as const;

/** What else can be done with the text. */
function MoreMenu() {
  return (
    <Menu position="bottom-end" width={270}>
      <Menu.Target>
        <ActionIcon aria-label="More about this tab" size={26}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {more.map((entry, index) =>
          entry === null ? (
            <Menu.Divider key={index} />
          ) : (
            <Menu.Item key={entry[1]} rightSection={entry[2] === '' ? null : <KeyHint keys={entry[2]} />} onClick={() => runCommand(entry[1])}>
              {entry[0]}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Where the tab works, and running, stopping and ending what it does there. */
export const Toolbar = memo(function Toolbar({ documentId, options, connection, session, onRun, onStop, onExplain, onEnd }: ToolbarProps) {
  const busy = session.phase !== 'idle';
  // Stop stands where Run stood: the second click of a double click on Run must not take the run back.
  const stop = (clicks: number): void => {
    if (clicks < 2) onStop();
  };
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Query">
      <ConnectionPicker documentId={documentId} connection={connection} disabled={busy} />
      {connection ? <PlacePicker key={connection.id} documentId={documentId} options={options} connection={connection} disabled={busy} /> : null}
      {busy ? (
        <Tooltip label="Cancels the statement on the server (Esc)">
          <Button color="red" variant="light" leftSection={<IconPlayerStopFilled size={13} />} disabled={session.phase === 'stopping' || session.phase === 'ending'} onClick={(event) => stop(event.detail)}>
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
              <Menu.Item rightSection={<KeyHint keys="Mod+Enter" command="query.run" />} onClick={() => onRun('current')}>
                Run selection or statement
              </Menu.Item>
              <Menu.Item rightSection={<KeyHint keys="Mod+Shift+Enter" command="query.runAll" />} onClick={() => onRun('all')}>
                Run everything
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item rightSection={<KeyHint keys="Mod+E" />} onClick={() => runCommand('query.explain')}>
                Show the plan, without running it
              </Menu.Item>
              <Menu.Item rightSection={<KeyHint keys="Mod+Shift+E" />} onClick={() => runCommand('query.analyze')}>
                Run it and measure the plan
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => runCommand('query.begin')}>Begin a transaction</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Button.Group>
      )}
      <Tooltip label="Says in plain words what the selection, or the statement at the cursor, does; nothing is run">
        <Button variant="default" leftSection={<IconInfoCircle size={14} />} onClick={onExplain}>
          Explain
        </Button>
      </Tooltip>
      <Tooltip label="The server ends a statement that takes longer">
        <Select
          aria-label="Time limit of a statement"
          data={LIMITS.some(({ value }) => value === String(session.timeoutMs)) ? LIMITS : [...LIMITS, { value: String(session.timeoutMs), label: `${session.timeoutMs / 1000} s` }]}
          value={String(session.timeoutMs)}
          allowDeselect={false}
          w={88}
          disabled={busy}
          onChange={(value) => setTimeLimit(documentId, Number(value))}
        />
      </Tooltip>
      <CommitModeToggle documentId={documentId} options={options} connection={connection} />
      <TransactionBadge session={session} onEnd={onEnd} />
      <span className={classes.spring} />
      <Status session={session} />
      <MoreMenu />
    </div>
  );
});
