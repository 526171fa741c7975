import { ActionIcon, Loader, Menu, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconDots, IconGripVertical, IconPencil, IconPlayerStop, IconRefresh, IconTerminal2, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { newQuery } from '../../shell/documentActions';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount, formatDuration } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';
import { connectionHex } from '../../shell/connectionLook';
import type { Tile } from '../../../src-preload/contract/dashboards';
import { useConnection } from '../connections/store';
import { TileBody } from './TileBody';
import { useTile, type TileState } from './useTile';
import shell from '../../shell/Shell.module.css';
import styles from './Dashboards.module.css';

/** How a tile is moved and made larger. */
export interface TileHandles {
  readonly onPointer: (event: PointerEvent<HTMLElement>, act: 'move' | 'size') => void;
  readonly onKey: (event: KeyboardEvent<HTMLElement>) => void;
}

interface TileViewProps {
  readonly dashboardId: string;
  readonly tile: Tile;
  readonly round: number;
  readonly handles: TileHandles;
  /** Connects first where that is needed, and asks for what that needs. */
  readonly onAgain: (tile: Tile) => Promise<void>;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Stale({ error, onAgain }: { readonly error: NonNullable<TileState['error']>; readonly onAgain: () => void }) {
  return (
    <div className={styles.stale} role="alert" title={[error.message, error.detail, error.hint].filter(Boolean).join('\n')}>
      <IconAlertTriangle size={13} aria-hidden />
      <span className={shell.ellipsis}>
        Old rows: {error.code === 'cancelled' ? 'reading them anew was stopped.' : error.message}
      </span>
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    </div>
  );
}

function Foot({ rows, note }: { readonly rows: NonNullable<TileState['rows']>; readonly note: string | null }) {
  return (
    <footer className={styles.foot}>
      <span>
        Read <RelativeTime iso={rows.at} />
      </span>
      <span>
        {rows.truncated ? 'first ' : ''}
        {formatCount(rows.rows)} {rows.rows === 1 ? 'row' : 'rows'}
        {rows.truncated ? ', more are there' : ''}
      </span>
      <span>{formatDuration(rows.milliseconds)}</span>
      {note ? (
        <Tooltip label={note} multiline maw={360}>
          <span className={styles.note} tabIndex={0}>
            another view than was kept
          </span>
        </Tooltip>
      ) : null}
    </footer>
  );
}

function TileMenu({ tile, onEdit, onRemove, onAgain }: Pick<TileViewProps, 'tile' | 'onEdit' | 'onRemove'> & { readonly onAgain: () => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={22} aria-label={`Actions on ${tile.title}`}>
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRefresh size={14} />} onClick={onAgain}>
          Read again
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={onEdit}>
          Edit…
        </Menu.Item>
        <Menu.Item leftSection={<IconTerminal2 size={14} />} onClick={() => newQuery(`${tile.sql}\n`, tile.connectionId, tile.title)}>
          Open as a query
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={onRemove}>
          Remove from the dashboard
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface HeadProps extends Pick<TileViewProps, 'tile' | 'handles' | 'onEdit' | 'onRemove'> {
  /** Null while nothing is read. */
  readonly onStop: (() => void) | null;
  readonly onAgain: () => void;
}

function Head({ tile, handles, onEdit, onRemove, onStop, onAgain }: HeadProps) {
  const connection = useConnection(tile.connectionId);
  return (
    <header className={styles.tileHead} onPointerDown={(event) => handles.onPointer(event, 'move')}>
      <button type="button" className={styles.grip} data-grip aria-label={`Move ${tile.title}`} title="Drag, or arrow keys to move and Shift with arrow keys to size" onKeyDown={handles.onKey}>
        <IconGripVertical size={13} aria-hidden />
      </button>
      <h2 className={styles.title} title={tile.title}>
        {tile.title}
      </h2>
      <span className={styles.where} title={connection ? `${connection.name} (${connection.environment})` : 'This connection was removed'}>
        <span className={shell.dot} style={{ background: connection ? connectionHex(connection) : 'var(--app-line)' }} aria-hidden />
        {connection?.name ?? 'connection removed'}
      </span>
      {onStop ? (
        <ActionIcon size={22} aria-label={`Stop reading ${tile.title}`} title="Reading… stop" onClick={onStop}>
          <IconPlayerStop size={13} />
        </ActionIcon>
      ) : null}
      <TileMenu tile={tile} onEdit={onEdit} onRemove={onRemove} onAgain={onAgain} />
    </header>
  );
}

/** One tile: its title, its rows, when they were read, and what went wrong. It fills its parent. */
export function TileView({ dashboardId, tile, round, handles, onAgain, onEdit, onRemove }: TileViewProps) {
  const { rows, reading, error, stop, again } = useTile(dashboardId, tile, round);
  const retry = (): void => void onAgain(tile).then(again);
  return (
    <>
      <Head {...{ tile, handles, onEdit, onRemove, onStop: reading ? stop : null, onAgain: retry }} />
      {error && rows ? <Stale error={error} onAgain={retry} /> : null}
      <div className={styles.body} data-view={rows?.view.kind} aria-busy={reading}>
        {rows ? <TileBody rows={rows} title={tile.title} /> : null}
        {!rows && reading ? (
          <span className={styles.empty} role="status">
            <Loader size={14} /> Reading…
          </span>
        ) : null}
        {!rows && error ? <ErrorPanel error={error} title={error.code === 'cancelled' ? 'Stopped' : 'The rows could not be read'} onRetry={retry} /> : null}
      </div>
      {rows ? <Foot rows={rows} note={rows.note} /> : null}
      <span className={styles.corner} onPointerDown={(event) => handles.onPointer(event, 'size')} aria-hidden title="Drag to size" />
    </>
  );
}
