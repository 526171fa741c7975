import { ActionIcon, Button, Loader, SegmentedControl, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconHistory, IconPlayerStop, IconRefresh, IconSearch, IconSparkles, IconTerminal2 } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { client, errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import { connectionHex } from '../../shell/connectionLook';
import { newQuery } from '../../shell/documentActions';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount, formatDuration } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { HistoryEntry } from '../../../src-preload/contract/queries';
import { useConnection, useConnections } from '../connections/store';
import { useRunsEnded } from './sessions';
import shell from '../../shell/Shell.module.css';
import classes from './HistoryPanel.module.css';

const SEARCH_PAUSE_MS = 180;
const PAGE = 100;

interface HistoryList {
  readonly entries: readonly HistoryEntry[] | null;
  /** Whether older entries may exist. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly error: AppErrorData | null;
  readonly reload: () => void;
  readonly loadMore: () => void;
}

function useHistory(search: string, connectionId: string | undefined): HistoryList {
  const [state, setState] = useState<{ entries: readonly HistoryEntry[] | null; more: boolean; loading: boolean; error: AppErrorData | null }>({ entries: null, more: false, loading: true, error: null });
  const [turn, setTurn] = useState(0);
  const runs = useRunsEnded();

  const read = useCallback(
    async (before: number | undefined, signal: AbortSignal): Promise<void> => {
      setState((old) => ({ ...old, loading: true, error: null }));
      try {
        const page = await client.queries.history({ search, limit: PAGE, ...(connectionId === undefined ? {} : { connectionId }), ...(before === undefined ? {} : { before }) }, { signal });
        if (!signal.aborted) setState((old) => ({ entries: before === undefined ? page : [...(old.entries ?? []), ...page], more: page.length === PAGE, loading: false, error: null }));
      } catch (error) {
        if (!signal.aborted) setState((old) => ({ ...old, loading: false, error: errorData(error) }));
      }
    },
    [search, connectionId],
  );

  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    void read(undefined, controller.signal);
    return () => controller.abort();
  }, [read, turn, runs]);

  return {
    ...state,
    reload: () => setTurn((now) => now + 1),
    loadMore: () => void read(state.entries?.at(-1)?.id, abort.current?.signal ?? new AbortController().signal),
  };
}

const statusLook = {
  running: { icon: Loader, label: 'running', tone: 'muted' },
  done: { icon: IconCheck, label: 'done', tone: 'good' },
  failed: { icon: IconAlertTriangle, label: 'failed', tone: 'bad' },
  cancelled: { icon: IconPlayerStop, label: 'cancelled', tone: 'muted' },
  interrupted: { icon: IconAlertTriangle, label: 'interrupted', tone: 'bad' },
} as const;

const origins = {
  editor: null,
  assistant: { icon: IconSparkles, label: 'Run by the assistant' },
  command: { icon: IconTerminal2, label: 'Run by the ai-shell command' },
} as const;

function OriginMark({ origin }: { readonly origin: HistoryEntry['origin'] }) {
  const face = origins[origin];
  if (!face) return null;
  return (
    <span className={classes.origin} role="img" aria-label={face.label} title={face.label}>
      <face.icon size={12} />
    </span>
  );
}

export function StatusMark({ status }: { readonly status: HistoryEntry['status'] }) {
  const { icon: Icon, label, tone } = statusLook[status];
  return (
    <span className={classes.status} data-tone={tone} role="img" aria-label={label} title={label}>
      <Icon size={13} />
    </span>
  );
}

function Entry({ entry, front }: { readonly entry: HistoryEntry; readonly front: boolean }) {
  const connection = useConnection(entry.connectionId);
  const facts = [
    entry.rows === null ? '' : `${formatCount(entry.rows)} ${entry.rows === 1 ? 'row' : 'rows'}`,
    entry.milliseconds === null ? '' : formatDuration(entry.milliseconds),
  ].filter(Boolean);
  return (
    <li>
      <button
        type="button"
        className={classes.entry}
        tabIndex={front ? 0 : -1}
        title={entry.error ?? 'Open in a new tab'}
        onClick={() => newQuery(entry.text, connection ? entry.connectionId : null)}
      >
        <span className={classes.line}>
          <StatusMark status={entry.status} />
          <SqlText text={entry.text} singleLine className={classes.sql} />
        </span>
        {entry.error ? <span className={classes.error}>{entry.error}</span> : null}
        <span className={classes.facts}>
          <span className={classes.dot} style={{ background: connection ? connectionHex(connection) : 'transparent' }} aria-hidden />
          <span className={classes.connection} title={entry.connectionName}>{entry.connectionName}</span>
          <span className={classes.detail}>{facts.join(' · ')}</span>
          <OriginMark origin={entry.origin} />
          <span className={classes.spring} />
          <RelativeTime iso={entry.at} />
        </span>
      </button>
    </li>
  );
}

/** Arrow keys walk through the entries; Tab leaves the list. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = buttons.findIndex((button) => button === window.document.activeElement);
  buttons[Math.max(0, Math.min(at + step, buttons.length - 1))]?.focus();
  event.preventDefault();
}

/** The entries, or why there are none. */
function Entries({ list, searching }: { readonly list: HistoryList; readonly searching: boolean }) {
  const { entries, error } = list;
  if (error) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} title="The history could not be read" onRetry={list.reload} />
      </div>
    );
  }
  if (entries === null) {
    return (
      <div className={classes.pad} aria-hidden>
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} height={34} mb={10} />
        ))}
      </div>
    );
  }
  if (entries.length === 0) {
    return (
      <EmptyPanel icon={IconHistory} title={searching ? 'Nothing was found' : 'Nothing was run yet'}>
        {searching ? 'Search for a word of the statement, or look at all connections.' : 'Every statement that you, the assistant or the ai-shell command runs is kept here, with its time and rows.'}
      </EmptyPanel>
    );
  }
  return (
    <ol className={classes.list} aria-label="Statements that were run" onKeyDown={walk}>
      {entries.map((entry, index) => (
        <Entry key={entry.id} entry={entry} front={index === 0} />
      ))}
    </ol>
  );
}

/** What was run, newest first; a click opens it in a new tab. It fills its parent. */
export function HistoryPanel() {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, SEARCH_PAUSE_MS);
  const [scope, setScope] = useState<'all' | 'current'>('all');
  const currentId = useConnections((state) => state.currentId);
  const current = useConnection(currentId);
  const list = useHistory(settled, scope === 'current' ? (currentId ?? undefined) : undefined);

  return (
    <>
      <div className={shell.panelHead}>
        <span className={shell.spring}>History</span>
        <Tooltip label="Read the history anew">
          <ActionIcon aria-label="Read the history anew" loading={list.loading && list.entries !== null} onClick={list.reload}>
            <IconRefresh size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.filters}>
        <TextInput aria-label="Search the history" placeholder="Search in statements" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <SegmentedControl
          fullWidth
          aria-label="Which connections"
          value={scope}
          onChange={(value) => setScope(value)}
          data={[
            { value: 'all', label: 'All connections' },
            { value: 'current', label: current ? current.name : 'This connection', disabled: !current },
          ]}
        />
      </div>
      <div className={classes.scroll}>
        <Entries list={list} searching={settled !== '' || scope === 'current'} />
        {list.more ? (
          <div className={classes.pad}>
            <Button fullWidth variant="default" loading={list.loading} onClick={list.loadMore}>
              Older statements
            </Button>
          </div>
        ) : null}
      </div>
    </>
  );
}
