import { ActionIcon, Badge, Button, Drawer, Select, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import { IconPlayerStop, IconRefresh, IconSkull } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Document } from '../../../src-preload/contract/documents';
import type { EndAction, ProcessList, ServerProcess } from '../../../src-preload/contract/processes';
import { client, errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import { useCommand } from '../../shell/commands';
import { newQuery } from '../../shell/documentActions';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatDuration } from '../../shell/format';
import { openConnection } from '../connections/store';
import { EndProcess } from './EndProcess';
import { blockingTree, type ProcessRow } from './blockingTree';
import classes from './Processes.module.css';

const INTERVALS = [
  { value: '1000', label: 'every second' },
  { value: '2000', label: 'every 2 s' },
  { value: '5000', label: 'every 5 s' },
  { value: '30000', label: 'every 30 s' },
  { value: '0', label: 'by hand' },
];

interface Reading {
  readonly list: ProcessList | null;
  readonly error: AppErrorData | null;
}

/** Reads the list again and again while the tab is in front and the window is seen. */
function useProcesses(connectionId: string, active: boolean, interval: number): Reading & { readonly refresh: () => void } {
  const [state, setState] = useState<Reading>({ list: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!active) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = async (): Promise<void> => {
      if (!window.document.hidden) {
        try {
          await openConnection(connectionId);
          const list = await client.processes.list({ connectionId }, { signal: abort.signal });
          setState({ list, error: null });
        } catch (thrown) {
          if (!abort.signal.aborted) setState((now) => ({ ...now, error: errorData(thrown) }));
        }
      }
      if (interval > 0 && !abort.signal.aborted) timer = setTimeout(() => void read(), interval);
    };
    void read();
    return () => {
      abort.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [connectionId, active, interval, turn]);
  const refresh = useCallback(() => setTurn((now) => now + 1), []);
  return { ...state, refresh };
}

const seconds = (value: number | null): string => (value === null ? '' : formatDuration(Math.max(0, value) * 1000));

function Actions({ process, onEnd }: { readonly process: ServerProcess; readonly onEnd: (action: EndAction) => void }) {
  return (
    <>
      <Tooltip label={process.signalable ? 'Cancel its statement' : 'This role may not cancel it'}>
        <ActionIcon aria-label={`Cancel ${process.pid}`} disabled={!process.signalable || process.state !== 'active'} onClick={() => onEnd('cancel')}>
          <IconPlayerStop size={14} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={process.signalable ? 'End the session' : 'This role may not end it'}>
        <ActionIcon color="red" aria-label={`Kill ${process.pid}`} disabled={!process.signalable} onClick={() => onEnd('terminate')}>
          <IconSkull size={14} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function State({ row: { process, blocks } }: { readonly row: ProcessRow }) {
  return (
    <>
      {blocks > 0 ? <Badge mr={5} color="red">blocks {blocks}</Badge> : null}
      {process.blockedBy.length > 0 ? <Badge mr={5} color="orange">waits for {process.blockedBy.join(', ')}</Badge> : null}
      {process.state ?? <span className={classes.dim}>hidden</span>}
      {process.waitEvent === null || process.state !== 'active' ? null : <span className={classes.dim}> on {process.waitEvent}</span>}
    </>
  );
}

function Chosen({ process }: { readonly process: ServerProcess }) {
  return (
    <div className={classes.chosen}>
      <Text size="xs" c="dimmed">
        {process.pid}: {process.user ?? process.kind} on {process.database ?? 'no database'} from {process.client ?? 'the server itself'}{process.startedAt === '' ? '' : `, since ${process.startedAt.slice(0, 19)}`}
      </Text>
      {process.query ? <SqlText text={process.query} maxLines={8} label={`Statement of ${process.pid}`} /> : <Text size="xs">Its statement may not be seen.</Text>}
    </div>
  );
}

function Row({ row, selected, onSelect, onEnd }: { readonly row: ProcessRow; readonly selected: boolean; readonly onSelect: () => void; readonly onEnd: (action: EndAction) => void }) {
  const { process, level } = row;
  const waits = process.blockedBy.length > 0;
  return (
    <tr className={classes.row} data-selected={selected || undefined} data-waits={waits || undefined} onClick={onSelect}>
      <td className={classes.number} style={{ paddingLeft: 8 + level * 16 }}>
        {level > 0 ? <span aria-hidden>└ </span> : null}
        <button type="button" className={classes.pid} aria-label={`Process ${process.pid}`} onClick={onSelect}>
          {process.pid}
        </button>
      </td>
      <td title={`${process.user ?? process.kind} on ${process.database ?? 'no database'}, ${process.application}`}>
        {process.user ?? process.kind}
        {process.own ? <Badge ml={5} color="indigo">this program</Badge> : null}
        <span className={classes.dim}> {process.application}</span>
      </td>
      <td title={[process.state, process.waitType, process.waitEvent].filter(Boolean).join(', ')}>
        <State row={row} />
      </td>
      <td className={classes.number}>{seconds(process.state === 'active' ? process.querySeconds : process.stateSeconds)}</td>
      <td className={classes.number}>{seconds(process.transactionSeconds)}</td>
      <td className={classes.query}>{process.query === null || process.query === '' ? null : <SqlText singleLine text={process.query} />}</td>
      <td className={classes.actions}>{process.kind === 'client backend' ? <Actions process={process} onEnd={onEnd} /> : null}</td>
    </tr>
  );
}

interface Filters {
  readonly search: string;
  readonly idle: boolean;
  readonly own: boolean;
  readonly background: boolean;
}

function matches({ search, idle, own, background }: Filters, process: ServerProcess): boolean {
  if (!background && process.kind !== 'client backend' && process.kind !== 'hidden') return false;
  if (!own && process.own) return false;
  if (!idle && process.state === 'idle') return false;
  const text = `${process.pid} ${process.user ?? ''} ${process.database ?? ''} ${process.application} ${process.client ?? ''} ${process.query ?? ''}`;
  return search === '' || text.toLowerCase().includes(search.toLowerCase());
}

interface BarProps {
  readonly list: ProcessList | null;
  readonly shown: number;
  readonly filters: Filters;
  readonly onFilters: (filters: Filters) => void;
  readonly interval: string;
  readonly onInterval: (interval: string) => void;
  readonly refresh: () => void;
  readonly onSql: () => void;
}

function Bar({ list, shown, filters, onFilters, interval, onInterval, refresh, onSql }: BarProps) {
  const toggle = (key: 'idle' | 'own' | 'background') => (event: { currentTarget: { checked: boolean } }) => {
    onFilters({ ...filters, [key]: event.currentTarget.checked });
  };
  return (
    <div className={classes.bar}>
      <TextInput aria-label="Filter processes" placeholder="Filter by user, database, query…" w={170} style={{ flexShrink: 0 }} value={filters.search} onChange={(event) => onFilters({ ...filters, search: event.currentTarget.value })} />
      <Switch label="Idle" checked={filters.idle} onChange={toggle('idle')} />
      <Switch label="This program’s" checked={filters.own} onChange={toggle('own')} />
      <Switch label="Background" checked={filters.background} onChange={toggle('background')} />
      <span style={{ flex: 1 }} />
      <Text size="xs" c="dimmed" className={classes.facts}>
        {list ? `${shown} of ${list.processes.length} shown · ${list.connections.used}/${list.connections.allowed} connections` : 'reading…'}
      </Text>
      <Select aria-label="How often" data={INTERVALS} value={interval} allowDeselect={false} w={126} style={{ flexShrink: 0 }} onChange={(value) => onInterval(value ?? '2000')} />
      <Tooltip label="Read anew">
        <ActionIcon aria-label="Read anew" onClick={refresh}>
          <IconRefresh size={15} />
        </ActionIcon>
      </Tooltip>
      <Button size="compact-xs" variant="subtle" color="gray" disabled={!list} onClick={onSql}>
        SQL
      </Button>
    </div>
  );
}

interface Ending {
  readonly process: ServerProcess;
  readonly action: EndAction;
}

function EndDrawer({ connectionId, ending, processes, onClose, onEnded }: { readonly connectionId: string; readonly ending: Ending | null; readonly processes: readonly ServerProcess[]; readonly onClose: () => void; readonly onEnded: () => void }) {
  return (
    <Drawer opened={ending !== null} onClose={onClose} title={ending?.action === 'cancel' ? 'Cancel a statement' : 'End a session'} styles={{ body: { height: 'calc(100% - 60px)', padding: 0 } }}>
      {ending ? <EndProcess connectionId={connectionId} process={ending.process} action={ending.action} blocks={processes.filter(({ blockedBy }) => blockedBy.includes(ending.process.pid)).length} onEnded={onEnded} /> : null}
    </Drawer>
  );
}

function Content({ connectionId, active }: { readonly connectionId: string; readonly active: boolean }) {
  const [interval, setInterval] = useState('2000');
  const [filters, setFilters] = useState<Filters>({ search: '', idle: false, own: false, background: false });
  const [selected, setSelected] = useState<number | null>(null);
  const [ending, setEnding] = useState<Ending | null>(null);
  const { list, error, refresh } = useProcesses(connectionId, active, Number(interval));
  useCommand({ id: 'processes.refresh', title: 'Read the server processes anew', group: 'View', icon: IconRefresh, run: refresh }, active);
  const rows = useMemo(() => blockingTree(list?.processes ?? [], (process) => matches(filters, process)), [list, filters]);
  const chosen = list?.processes.find(({ pid }) => pid === selected) ?? null;
  if (error && !list) {
    return (
      <div style={{ padding: 14 }}>
        <ErrorPanel error={error} title="Server processes cannot be shown" onRetry={refresh} />
      </div>
    );
  }
  return (
    <div className={classes.tab}>
      <Bar list={list} shown={rows.length} filters={filters} onFilters={setFilters} interval={interval} onInterval={setInterval} refresh={refresh} onSql={() => list && newQuery(`${list.statement};\n`, connectionId, 'Server processes')} />
      {[...(list?.limits ?? []), ...(error ? [error.message] : [])].map((limit) => (
        <Text key={limit} size="xs" className={classes.limit}>
          {limit}
        </Text>
      ))}
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Server processes">
        <table className={classes.table} aria-label="Server processes">
          <thead>
            <tr>
              {(['Pid', 'User', 'State', 'For', 'In tx', 'Statement', ''] as const).map((head, index) => (
                <th key={head} data-right={[0, 3, 4].includes(index) || undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key} row={row} selected={row.process.pid === selected} onSelect={() => setSelected(row.process.pid)} onEnd={(action) => setEnding({ process: row.process, action })} />
            ))}
          </tbody>
        </table>
        {list && rows.length === 0 ? (
          <Text size="sm" c="dimmed" p="md">
            Nobody works on this server right now{filters.idle ? '' : '; idle sessions are hidden'}.
          </Text>
        ) : null}
      </div>
      {chosen ? <Chosen process={chosen} /> : null}
      <EndDrawer connectionId={connectionId} ending={ending} processes={list?.processes ?? []} onClose={() => setEnding(null)} onEnded={() => (setEnding(null), refresh())} />
    </div>
  );
}

/** What runs on the server, who waits for whom, and how to stop it. */
export function ProcessesTab({ document, active }: { readonly document: Document; readonly active: boolean }) {
  if (document.connectionId === null) {
    return (
      <EmptyPanel icon={IconRefresh} title="Choose a connection">
        Server processes belong to a connection: open them from its menu.
      </EmptyPanel>
    );
  }
  return <Content connectionId={document.connectionId} active={active} />;
}
