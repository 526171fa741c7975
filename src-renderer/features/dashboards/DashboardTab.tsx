import { ActionIcon, Button, Select, Skeleton, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconLayoutDashboard, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState, type CSSProperties } from 'react';
import type { Document } from '../../../src-preload/contract/documents';
import { freePlace } from '../../../src-preload/contract/dashboardFold';
import type { Dashboard, DashboardState, Tile } from '../../../src-preload/contract/dashboards';
import { useCommand } from '../../shell/commands';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { openConnection } from '../connections/store';
import { DashboardMenu } from './DashboardMenu';
import { RenameForm } from './RenameForm';
import { dashboardOfTab } from './store';
import { TileForm, type TileChange } from './TileForm';
import { TileView } from './TileView';
import { useArranging } from './useArranging';
import { useDashboard } from './useDashboard';
import { useRounds } from './useRounds';
import styles from './Dashboards.module.css';

const intervals = [
  { value: '0', label: 'by hand' },
  { value: '10', label: 'every 10 s' },
  { value: '30', label: 'every 30 s' },
  { value: '60', label: 'every minute' },
  { value: '300', label: 'every 5 min' },
  { value: '900', label: 'every 15 min' },
  { value: '3600', label: 'every hour' },
];

const intervalChoices = (seconds: number) => (intervals.some(({ value }) => value === String(seconds)) ? intervals : [...intervals, { value: String(seconds), label: `every ${seconds} s` }]);

/** Opens what the tiles need, with the questions that this may ask. What fails is told by the tiles that need it. */
async function connect(tiles: readonly Tile[]): Promise<void> {
  for (const id of new Set(tiles.map(({ connectionId }) => connectionId))) await openConnection(id).catch(() => undefined);
}

type Editing = { readonly kind: 'none' } | { readonly kind: 'rename' } | { readonly kind: 'tile'; readonly tile: Tile | null };

interface HeadProps {
  readonly state: DashboardState;
  readonly renaming: boolean;
  readonly onEditing: (editing: Editing) => void;
  readonly onRefresh: () => void;
  readonly board: ReturnType<typeof useDashboard>;
}

function Head({ state, renaming, onEditing, onRefresh, board }: HeadProps) {
  const { id, dashboard } = state;
  return (
    <header className={styles.head}>
      {renaming ? (
        <RenameForm
          name={dashboard.name}
          onCancel={() => onEditing({ kind: 'none' })}
          onName={(name) => {
            onEditing({ kind: 'none' });
            board.edit({ kind: 'rename', name });
          }}
        />
      ) : (
        <b className={styles.name} title={dashboard.name}>
          {dashboard.name}
        </b>
      )}
      <span style={{ flex: 1 }} />
      <Tooltip label="Undo (Ctrl+Z)">
        <ActionIcon aria-label="Undo the last change" disabled={!state.undo} onClick={board.undo}>
          <IconArrowBackUp size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Redo (Ctrl+Shift+Z)">
        <ActionIcon aria-label="Redo the change" disabled={!state.redo} onClick={board.redo}>
          <IconArrowForwardUp size={16} />
        </ActionIcon>
      </Tooltip>
      <Button size="compact-sm" variant="default" leftSection={<IconPlus size={13} />} onClick={() => onEditing({ kind: 'tile', tile: null })}>
        New tile
      </Button>
      <Select
        aria-label="Read again"
        w={128}
        allowDeselect={false}
        data={intervalChoices(dashboard.refreshSeconds)}
        value={String(dashboard.refreshSeconds)}
        onChange={(value) => value !== null && board.edit({ kind: 'interval', seconds: Number(value) })}
      />
      <Button size="compact-sm" leftSection={<IconRefresh size={13} />} disabled={dashboard.tiles.length === 0} onClick={onRefresh}>
        Refresh
      </Button>
      <DashboardMenu dashboard={{ id, name: dashboard.name }} onRename={() => onEditing({ kind: 'rename' })} />
    </header>
  );
}

interface GridProps {
  readonly id: string;
  readonly dashboard: Dashboard;
  readonly round: number;
  readonly board: ReturnType<typeof useDashboard>;
  readonly onTile: (tile: Tile) => void;
}

function Grid({ id, dashboard, round, board, onTile }: GridProps) {
  const { grid, shown, moving, handlesOf } = useArranging(dashboard.tiles, (edit) => board.edit(edit));
  return (
    <div ref={grid} className={styles.grid}>
      {shown.map((tile) => (
        <section
          key={tile.id}
          className={styles.tile}
          aria-label={`Tile ${tile.title}`}
          data-moving={moving === tile.id || undefined}
          style={{ '--column': `${tile.place.x + 1} / span ${tile.place.w}`, '--row': `${tile.place.y + 1} / span ${tile.place.h}`, '--rows': `span ${tile.place.h}` } as CSSProperties}
        >
          <TileView dashboardId={id} tile={tile} round={round} handles={handlesOf(tile)} onAgain={(one) => connect([one])} onEdit={() => onTile(tile)} onRemove={() => board.edit({ kind: 'remove', id: tile.id })} />
        </section>
      ))}
    </div>
  );
}

/** A dashboard: tiles that are read again by hand or while they are seen, arranged by the person. */
export function DashboardTab({ document, active }: { readonly document: Document; readonly active: boolean }) {
  const id = dashboardOfTab(document.text);
  const board = useDashboard(id);
  const { state, error, reload } = board;
  const tab = useRef<HTMLDivElement>(null);
  const [connected, setConnected] = useState(false);
  const [editing, setEditing] = useState<Editing>({ kind: 'none' });
  const { round, next } = useRounds(tab, state?.dashboard.refreshSeconds ?? 0);
  const ready = state !== null;
  const first = useRef<readonly Tile[]>([]);
  useEffect(() => {
    first.current = state?.dashboard.tiles ?? [];
  });
  useEffect(() => {
    if (ready) void connect(first.current).then(() => setConnected(true));
  }, [ready]);
  const refresh = (): void => void connect(state?.dashboard.tiles ?? []).then(next);
  useCommand({ id: 'dashboard.refresh', title: 'Read the dashboard again', group: 'Results', keys: ['Mod+R'], icon: IconRefresh, run: refresh }, active);
  useCommand({ id: 'dashboard.undo', title: 'Undo the last change of the dashboard', group: 'Results', keys: ['Mod+Z'], enabled: () => state?.undo ?? false, run: board.undo }, active);
  useCommand({ id: 'dashboard.redo', title: 'Redo the change of the dashboard', group: 'Results', keys: ['Mod+Shift+Z'], enabled: () => state?.redo ?? false, run: board.redo }, active);
  const saveTile = (tile: Tile | null, change: TileChange): void => {
    setEditing({ kind: 'none' });
    if (tile) return board.edit({ kind: 'change', id: tile.id, change });
    const added: Tile = { ...change, id: `t-${crypto.randomUUID().slice(0, 8)}`, place: freePlace(state?.dashboard.tiles ?? [], 6, 4) };
    // A new tile may be the first of its connection.
    void connect([added]).then(() => board.edit({ kind: 'add', tile: added }));
  };
  return (
    <div ref={tab} className={styles.tab}>
      {error ? (
        <div style={{ padding: 12 }}>
          <ErrorPanel error={error} title="The dashboard cannot be shown" onRetry={reload} />
        </div>
      ) : null}
      {!state && !error ? <Skeleton height={120} m={12} role="status" aria-label="Reading the dashboard" /> : null}
      {state ? <Head state={state} renaming={editing.kind === 'rename'} onEditing={setEditing} onRefresh={refresh} board={board} /> : null}
      {state && state.dashboard.tiles.length === 0 ? (
        <EmptyPanel
          icon={IconLayoutDashboard}
          title="This dashboard is empty"
          actions={
            <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEditing({ kind: 'tile', tile: null })}>
              New tile
            </Button>
          }
        >
          “Pin to dashboard” on an answer or under a result puts its query here. A tile only ever reads.
        </EmptyPanel>
      ) : null}
      {state && connected ? (
        <div className={styles.board}>
          <Grid id={state.id} dashboard={state.dashboard} round={round} board={board} onTile={(tile) => setEditing({ kind: 'tile', tile })} />
        </div>
      ) : null}
      {editing.kind === 'tile' ? <TileForm tile={editing.tile} onSave={(change) => saveTile(editing.tile, change)} onClose={() => setEditing({ kind: 'none' })} /> : null}
    </div>
  );
}
