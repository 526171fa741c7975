import { Menu, Skeleton, Text } from '@mantine/core';
import { IconChevronRight, IconColumns3, IconFolder, IconKey, IconSchema } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { Connection } from '../connections/store';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatBytes, formatCompact, formatCount } from '../../shell/format';
import { openObject } from '../../shell/documentActions';
import { kindFaces } from './kinds';
import { RowMenu } from './RowMenu';
import { expand, loadPage, loadSchemas, useCatalog } from './store';
import { parentIndex, rowLabel, treeRows, typeAhead, type Row, type Rows } from './treeModel';
import styles from './Catalog.module.css';

const ROW_HEIGHT = 24;
const TYPING_PAUSE_MS = 800;

/** The menu of a row, at the pointer or at the row. */
interface MenuPlace {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
}

const isBranch = (row: Row): row is Extract<Row, { expanded: boolean }> => 'expanded' in row && (row.type !== 'object' || row.expandable);
const branchObject = (row: Row) => (row.type === 'object' ? row.object : undefined);

function RowIcon({ row }: { readonly row: Row }) {
  const props = { size: 14, stroke: 1.6, className: styles.icon, 'aria-hidden': true };
  if (row.type === 'schema') return <IconSchema {...props} />;
  if (row.type === 'folder') return <IconFolder {...props} />;
  if (row.type === 'column') return row.column.primaryKey ? <IconKey {...props} /> : <IconColumns3 {...props} />;
  if (row.type !== 'object') return null;
  const Icon = kindFaces[row.object.kind].icon;
  return <Icon {...props} />;
}

/** Size and rows, each in a column of its own, so that they can be compared down the list; where a name is long, the rows give way. */
function Hint({ row }: { readonly row: Row }) {
  if (row.type !== 'object') return <span className={styles.hint}>{hintOf(row)}</span>;
  const { rows, bytes } = row.object;
  return (
    <span className={styles.sizes}>
      <span>{bytes === null ? '' : formatBytes(bytes)}</span>
      {rows === null ? null : <span>~{formatCompact(rows)}</span>}
    </span>
  );
}

function hintOf(row: Row): string {
  if (row.type === 'schema') return formatCount(Object.values(row.schema.counts).reduce((sum, count) => sum + count, 0));
  if (row.type === 'folder') return formatCount(row.count);
  if (row.type === 'column') return row.column.type;
  if (row.type !== 'object') return '';
  const { rows, bytes } = row.object;
  return [rows === null ? '' : `~${formatCompact(rows)}`, bytes === null ? '' : formatBytes(bytes)].filter(Boolean).join('  ');
}

function titleOf(row: Row): string {
  if (row.type === 'column') return `${row.column.name} ${row.column.type}${row.column.nullable ? '' : ' not null'}${row.column.comment ? `\n${row.column.comment}` : ''}`;
  if (row.type !== 'object') return rowLabel(row);
  const { object } = row;
  const size = [object.rows === null ? '' : `about ${formatCount(object.rows)} rows`, object.bytes === null ? '' : formatBytes(object.bytes)].filter(Boolean).join(', ');
  return [`${object.schema}.${object.name} (${kindFaces[object.kind].one})`, size, object.comment ?? ''].filter(Boolean).join('\n');
}

function RowFace({ row, toggle }: { readonly row: Row; readonly toggle: (row: Row) => void }) {
  if (row.type === 'waiting') return <Skeleton height={8} width="60%" ml={34} radius="xl" />;
  if (row.type === 'note') return <span className={styles.note}>{row.text}</span>;
  const branch = isBranch(row);
  return (
    <>
      <span
        className={styles.chevron}
        data-open={branch && row.expanded}
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          toggle(row);
        }}
      >
        {branch ? <IconChevronRight size={13} /> : null}
      </span>
      <RowIcon row={row} />
      <span className={styles.name} data-dim={(row.type === 'schema' && row.schema.system) || undefined}>
        {row.type === 'object' && row.qualified ? <span className={styles.dim}>{row.object.schema}.</span> : null}
        {rowLabel(row)}
      </span>
      <Hint row={row} />
    </>
  );
}

/** Opens what a row stands for; true when there was something to open. */
export function openRow(connectionId: string, row: Row): boolean {
  if (row.type === 'column') {
    openObject(connectionId, row.of, 'structure');
    return true;
  }
  if (row.type !== 'object') return false;
  const face = kindFaces[row.object.kind];
  openObject(connectionId, row.object, face.data ? 'data' : face.columns ? 'structure' : 'ddl');
  return true;
}

/** What the keys of a tree do; see the ARIA practices for trees. */
function useTreeKeys(rows: Rows, active: number, go: (index: number) => void, act: { readonly toggle: (row: Row) => void; readonly open: (row: Row) => void; readonly menu: (index: number) => void }) {
  const typed = useRef({ text: '', at: 0 });
  const sideways = (row: Row, key: string): void => {
    const branch = isBranch(row);
    if (key === 'ArrowRight') {
      if (branch && !row.expanded) act.toggle(row);
      else if (branch) go(active + 1);
    } else if (branch && row.expanded) act.toggle(row);
    else go(parentIndex(rows, active));
  };
  const letters = (key: string): void => {
    const now = performance.now();
    const fresh = now - typed.current.at > TYPING_PAUSE_MS;
    typed.current = { text: fresh ? key : typed.current.text + key, at: now };
    go(typeAhead(rows, active, typed.current.text));
  };
  const onRow = (row: Row, event: KeyboardEvent): boolean => {
    const { key, shiftKey } = event;
    if (key === 'ArrowRight' || key === 'ArrowLeft') sideways(row, key);
    else if (key === 'Enter') act.open(row);
    else if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) act.menu(active);
    else return false;
    return true;
  };
  return (event: KeyboardEvent): void => {
    const row = rows.at(active);
    const moves: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.count - 1, PageDown: Math.min(active + 15, rows.count - 1), PageUp: Math.max(active - 15, 0) };
    const target = moves[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target !== undefined) go(target);
    else if (!row || !onRow(row, event)) {
      if (event.key.length !== 1 || event.key === ' ') return;
      letters(event.key);
    }
    event.preventDefault();
  };
}

/** The virtual list of rows, its keys and its menu. */
function TreeRows({ connection, rows, label }: { readonly connection: Connection; readonly rows: Rows; readonly label: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const virtualizer = useVirtualizer({ count: rows.count, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT, overscan: 12 });
  const items = virtualizer.getVirtualItems();
  const active = Math.max(0, activeKey === null ? 0 : rows.indexOf(activeKey));

  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    for (let index = first; index <= last; index += 1) {
      const row = rows.at(index);
      if (row?.type === 'waiting') void loadPage(connection.id, row.list, row.page);
    }
  }, [connection.id, rows, first, last]);

  const toggle = useCallback((row: Row) => {
    if (isBranch(row)) expand(connection.id, row.key, !row.expanded, branchObject(row));
  }, [connection.id]);
  const go = (index: number): void => {
    const row = rows.at(index);
    if (!row) return;
    setActiveKey(row.key);
    virtualizer.scrollToIndex(index);
  };
  const open = (row: Row): void => {
    if (!openRow(connection.id, row)) toggle(row);
  };
  const elementId = (index: number): string => `tree-${connection.id}-${index}`;
  const onKeyDown = useTreeKeys(rows, active, go, {
    toggle,
    open,
    menu: (index) => {
      const box = document.getElementById(elementId(index))?.getBoundingClientRect();
      const row = rows.at(index);
      if (box && row) setMenu({ row, x: box.left + 40, y: box.bottom });
    },
  });
  const onContextMenu = (event: MouseEvent, row: Row): void => {
    event.preventDefault();
    setActiveKey(row.key);
    setMenu({ row, x: event.clientX, y: event.clientY });
  };

  return (
    <>
      <div ref={scroller} className={styles.scroller} role="tree" aria-label={label} tabIndex={0} aria-activedescendant={rows.count > 0 ? elementId(active) : undefined} onKeyDown={onKeyDown}>
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }} role="presentation">
          {items.map((item) => {
            const row = rows.at(item.index);
            if (!row) return null;
            return (
              <div
                key={row.key}
                id={elementId(item.index)}
                role="treeitem"
                aria-level={row.level}
                aria-posinset={row.position}
                aria-setsize={row.siblings}
                aria-expanded={isBranch(row) ? row.expanded : undefined}
                aria-selected={item.index === active}
                aria-label={row.type === 'waiting' ? 'Reading…' : [rowLabel(row), hintOf(row)].filter(Boolean).join(', ')}
                className={styles.row}
                style={{ transform: `translateY(${item.start}px)`, paddingLeft: 6 + (row.level - 1) * 14 }}
                title={titleOf(row)}
                onClick={() => {
                  setActiveKey(row.key);
                  if (row.type === 'schema' || row.type === 'folder') toggle(row);
                }}
                onDoubleClick={() => openRow(connection.id, row)}
                onContextMenu={(event) => onContextMenu(event, row)}
              >
                <RowFace row={row} toggle={toggle} />
              </div>
            );
          })}
        </div>
      </div>
      {/* Outside of the list: what contains its own layout also holds fixed elements. */}
      <Menu
        opened={menu !== null}
        onClose={() => {
          setMenu(null);
          scroller.current?.focus();
        }}
        position="bottom-start"
        offset={2}
        returnFocus
      >
        <Menu.Target>
          <span style={{ position: 'fixed', left: menu?.x ?? 0, top: menu?.y ?? 0, width: 1, height: 1 }} aria-hidden />
        </Menu.Target>
        <Menu.Dropdown>{menu ? <RowMenu connection={connection} row={menu.row} /> : null}</Menu.Dropdown>
      </Menu>
    </>
  );
}

/** The objects of a connection: schemas, kinds and objects, or what a search finds; read as they come into view. */
export function CatalogTree({ connection }: { readonly connection: Connection }) {
  const tree = useCatalog((state) => state.trees[connection.id]);
  const error = useCatalog((state) => state.errors[connection.id] ?? null);
  const rows = useMemo(() => (tree ? treeRows(tree) : null), [tree]);
  const missing = !tree || tree.schemas === null;
  useEffect(() => {
    if (missing && !error) void loadSchemas(connection.id);
  }, [connection.id, missing, error]);

  if (error) {
    return (
      <div className={styles.padded}>
        <ErrorPanel error={error} onRetry={() => void loadSchemas(connection.id)} />
      </div>
    );
  }
  if (!rows || missing) {
    return (
      <div className={styles.padded} role="status" aria-label={`Reading the objects of ${connection.name}`}>
        {[70, 50, 60, 45, 65, 55].map((width) => (
          <Skeleton key={width} height={10} width={`${width}%`} mb={12} radius="xl" />
        ))}
      </div>
    );
  }
  if (tree.search !== '' && tree.found.total === 0) {
    return (
      <EmptyPanel icon={IconSchema} title={`Nothing is called like “${tree.search}”`}>
        Objects are found by any part of their name. Columns are not searched: ask the assistant where something is stored.
      </EmptyPanel>
    );
  }
  return (
    <>
      {tree.search !== '' && tree.found.total !== null ? (
        <Text size="xs" c="dimmed" px="sm" py={4} role="status">
          {formatCount(tree.found.total)} found
        </Text>
      ) : null}
      <TreeRows key={connection.id} connection={connection} rows={rows} label={`Objects of ${connection.name}`} />
    </>
  );
}
