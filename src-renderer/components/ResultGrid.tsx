import { CloseButton } from '@mantine/core';
import { useEffect, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent, type ReactNode, type Ref } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { client } from '../client';
import { ErrorPanel } from '../shell/ErrorPanel';
import { showDone, showError } from '../shell/errors';
import { formatCount } from '../shell/format';
import type { Column, Filter, ViewSpec } from '../../src-preload/contract/queries';
import { CellViewer } from './CellViewer';
import { cellReader } from './grid/cellReading';
import { formatRows, MOST_CELLS, readBlock, type CopyFormat } from './grid/clipboard';
import { exportResult, type ExportFormat } from './grid/exporting';
import { describeFilter, toggledSort, withFilter, type Operator } from './grid/filters';
import { GridFooter } from './grid/GridFooter';
import { GridHeader, type HeaderActions } from './grid/GridHeader';
import { GridMenu, type MenuPlace } from './grid/GridMenu';
import { GridRowView } from './grid/GridRowView';
import { visibleRows } from './grid/scrollMap';
import { blockOf, cellCount, clamped, isSingle, moved, ORIGIN, type Selection, type Spot } from './grid/selection';
import { fittingWidth, useGridColumns } from './grid/useGridColumns';
import { useGridRows, type GridRow } from './grid/useGridRows';
import { HEADER_HEIGHT, ROW_HEIGHT, useGridScroll } from './grid/useGridScroll';
import { useGridView } from './grid/useGridView';
import classes from './grid/ResultGrid.module.css';

/** Rows that are sorted and filtered by somebody else, such as the server behind a table's data. */
export interface ExternalView {
  readonly spec: ViewSpec;
  /** The comparisons that somebody else can make. */
  readonly operators?: readonly Operator[];
  readonly onChange: (spec: ViewSpec) => void;
}

export interface ResultGridHandle {
  readonly focus: () => void;
  readonly copy: (format: CopyFormat) => void;
  readonly export: (format: ExportFormat) => void;
  readonly goToRow: () => void;
}

export interface ResultGridProps {
  /** A result in main's store; its rows are read through `queries.window`. Another id starts afresh. */
  readonly resultId: string;
  readonly columns: readonly Column[];
  /** Rows stored so far. */
  readonly totalRows: number;
  /** False while rows still stream in. */
  readonly complete: boolean;
  /** For screen readers, such as `Result 1 of Query 3`. */
  readonly label: string;
  /** How long the statement took; shown in the footer. */
  readonly milliseconds?: number | null;
  /** With it the header and the filters ask `onChange` instead of `queries.view`. */
  readonly external?: ExternalView;
  /** Called when the last row came into view: the owner may fetch more and raise `totalRows`. */
  readonly onNeedMore?: () => void;
  /** The name that an exported file is offered under, without extension. */
  readonly exportName?: string;
  readonly ref?: Ref<ResultGridHandle>;
}

const NO_SPEC: ViewSpec = { sorts: [], filters: [] };

const spotOf = (target: EventTarget): { row: number; column: number | null } | null => {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  if (!element) return null;
  const { row, column } = element.dataset;
  return { row: Number(row), column: column === undefined ? null : Number(column) };
};

/** A result of any size: rows and columns are read and drawn only where they are looked at. It fills its parent. */
export function ResultGrid(props: ResultGridProps) {
  // Another result is another grid: nothing of the old one's order, selection or widths may leak into it.
  return <Grid key={props.resultId} {...props} />;
}

function Grid({ resultId, columns, totalRows, complete, label, milliseconds = null, external, onNeedMore, exportName = 'result', ref }: ResultGridProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [ownSpec, setOwnSpec] = useState<ViewSpec>(NO_SPEC);
  const spec = external?.spec ?? ownSpec;
  const setSpec = external?.onChange ?? setOwnSpec;
  const view = useGridView(resultId, external ? NO_SPEC : ownSpec, complete);
  const shown = view.total ?? totalRows;
  const gutter = Math.max(44, formatCount(Math.max(1, shown)).length * 7 + 18);

  const rows = useGridRows(resultId, view.viewId);
  const scroll = useGridScroll(scroller, shown);
  const grid = useGridColumns(columns, scroller, gutter);
  const [chosen, setSelection] = useState<Selection>(ORIGIN);
  const selection = clamped(chosen, shown, columns.length);
  const block = blockOf(selection);
  const [openFilter, setOpenFilter] = useState<number | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [viewerOpen, setViewerOpen] = useState(false);
  const [goToOpen, setGoToOpen] = useState(false);
  const dragging = useRef(false);

  const { first, end } = visibleRows(scroll.offset, scroll.viewport, ROW_HEIGHT, shown);
  const { want } = rows;
  useEffect(() => {
    if (end > first) want(first, end, shown, scroll.direction);
  }, [want, first, end, shown, scroll.direction, rows.version]);

  useLayoutEffect(() => {
    const loaded: GridRow[] = [];
    for (let index = first; index < end && loaded.length < 60; index += 1) {
      const row = rows.row(index);
      if (row) loaded.push(row);
    }
    grid.fitOnce(loaded);
  });

  // Another order is another list: one reads it from its beginning.
  const { scrollTo } = scroll;
  const [viewShown, setViewShown] = useState(view.viewId);
  if (viewShown !== view.viewId) {
    setViewShown(view.viewId);
    setSelection(({ focus }) => ({ anchor: { row: 0, column: focus.column }, focus: { row: 0, column: focus.column } }));
  }
  useEffect(() => scrollTo(0), [scrollTo, view.viewId]);

  // The viewer takes room; what it shows stays in sight.
  const { showColumn } = grid;
  const focusAt = selection.focus.column;
  useEffect(() => {
    if (viewerOpen) requestAnimationFrame(() => showColumn(focusAt));
  }, [viewerOpen, focusAt, showColumn]);

  useEffect(() => {
    if (shown > 0 && end >= shown) onNeedMore?.();
  }, [end, shown, onNeedMore]);

  const select = (next: Selection): void => {
    setSelection(next);
    scroll.showRow(next.focus.row);
    grid.showColumn(next.focus.column);
  };
  const goTo = (spot: Spot): void => select({ anchor: spot, focus: spot });

  const copy = async (format: CopyFormat): Promise<void> => {
    if (shown === 0) return;
    if (cellCount(block) > MOST_CELLS) throw new Error(`${formatCount(cellCount(block))} cells are too many for the clipboard. Export the result to a file instead.`);
    const values = await readBlock(cellReader(resultId, view.viewId), block);
    await client.application.copyText({ text: formatRows(values, columns.slice(block.left, block.right + 1), format) });
    if (isSingle(block)) showDone(values[0]?.[0] === null ? 'Copied NULL as empty text' : 'Copied the value');
    else showDone(`Copied ${formatCount(values.length)} rows × ${formatCount(block.right - block.left + 1)} columns`);
  };
  const copyNow = (format: CopyFormat): void => {
    copy(format).catch((error: unknown) => showError('Copying failed', error));
  };
  const exportNow = (format: ExportFormat): void => {
    exportResult({ resultId, viewId: view.viewId }, format, exportName).catch((error: unknown) => showError('The export did not start', error));
  };

  useImperativeHandle(ref, () => ({
    focus: () => scroller.current?.focus(),
    copy: copyNow,
    export: exportNow,
    goToRow: () => setGoToOpen(true),
  }));

  const actions: HeaderActions = {
    sort: (column, add) => setSpec(toggledSort(spec, column, add)),
    filter: (column, filter) => setSpec(withFilter(spec, column, filter)),
    openFilter: setOpenFilter,
    resize: (column) => grid.headers[column]?.getResizeHandler(),
    fit: (column) => {
      const known = columns[column];
      const loaded = Array.from({ length: end - first }, (_, index) => rows.row(first + index)).filter((row) => row !== undefined);
      if (known) grid.setWidth(column, fittingWidth(known, column, loaded));
    },
    selectAll: () => setSelection({ anchor: { row: 0, column: 0 }, focus: { row: Math.max(0, shown - 1), column: columns.length - 1 } }),
  };

  const commandKey = (event: KeyboardEvent): boolean => {
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (mod && key === 'c') copyNow(event.shiftKey ? 'tsvWithNames' : 'tsv');
    else if (mod && key === 'g') setGoToOpen(true);
    else if (mod || event.altKey) return false;
    else if (key === 'enter') setViewerOpen(true);
    else if (key === 's') actions.sort(selection.focus.column, event.shiftKey);
    else if (key === 'f') setOpenFilter(selection.focus.column);
    else if (key === 'contextmenu' || (key === 'f10' && event.shiftKey)) openMenuAtFocus();
    else if (key === 'escape' && viewerOpen) setViewerOpen(false);
    else if (key === 'escape' && !isSingle(block)) goTo(selection.focus);
    else return false;
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current || shown === 0) return;
    const next = moved(selection, { key: event.key, mod: event.ctrlKey || event.metaKey, shift: event.shiftKey }, { rows: shown, columns: columns.length, page: Math.max(1, Math.floor(scroll.viewport / ROW_HEIGHT) - 1) });
    if (next) {
      // Selecting everything must not fling the person to the end.
      if (event.key.toLowerCase() === 'a') setSelection(next);
      else select(next);
    } else if (!commandKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const openMenuAtFocus = (): void => {
    const box = (scroller.current?.querySelector('[data-focus]') ?? scroller.current)?.getBoundingClientRect();
    if (box) setMenu({ x: box.left + 12, y: box.bottom });
  };

  const onPointerDown = (event: PointerEvent): void => {
    const spot = spotOf(event.target);
    if (!spot || event.button !== 0) return;
    const focus = { row: spot.row, column: spot.column ?? columns.length - 1 };
    const anchor = event.shiftKey ? selection.anchor : { row: spot.row, column: spot.column ?? 0 };
    setSelection({ anchor, focus });
    dragging.current = true;
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!dragging.current || (event.buttons & 1) === 0) {
      dragging.current = false;
      return;
    }
    const spot = spotOf(event.target);
    if (spot) setSelection((old) => ({ ...old, focus: { row: spot.row, column: spot.column ?? columns.length - 1 } }));
  };
  const onContextMenu = (event: MouseEvent): void => {
    const spot = spotOf(event.target);
    if (!spot) return;
    event.preventDefault();
    const column = spot.column ?? selection.focus.column;
    const inside = spot.row >= block.top && spot.row <= block.bottom && column >= block.left && column <= block.right;
    if (!inside) setSelection({ anchor: { row: spot.row, column }, focus: { row: spot.row, column } });
    setMenu({ x: event.clientX, y: event.clientY });
  };

  const focusColumn = columns[selection.focus.column];
  const focusCell = rows.row(selection.focus.row)?.[selection.focus.column];
  const filterValue = typeof focusCell === 'string' && focusCell.length <= 1000 ? focusCell : null;
  const drawn = useMemo(() => Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index), [first, end]);

  return (
    <div className={classes.frame}>
      {spec.filters.length > 0 || view.error ? (
        <FilterBar columns={columns} spec={spec} onChange={setSpec} error={view.error === null ? null : <ErrorPanel title="The rows could not be ordered or filtered" error={view.error} />} />
      ) : null}
      <Group orientation="horizontal" className={classes.body}>
        <Panel id="rows" minSize={160} className={classes.main}>
          <div
            ref={scroller}
            className={classes.scroller}
            role="grid"
            tabIndex={0}
            aria-label={label}
            aria-rowcount={shown + 1}
            aria-colcount={columns.length + 1}
            aria-multiselectable
            aria-busy={!complete || view.building}
            aria-activedescendant={shown > 0 ? `${id}-focus` : undefined}
            onKeyDown={onKeyDown}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onDoubleClick={(event) => spotOf(event.target) && setViewerOpen(true)}
            onContextMenu={onContextMenu}
          >
            <div className={classes.sizer} style={{ height: scroll.map.height + HEADER_HEIGHT, width: grid.width }}>
              <GridHeader columns={columns} items={grid.items} spec={spec} gutter={gutter} width={grid.width} focusColumn={selection.focus.column} openFilter={openFilter} operators={external?.operators ?? null} actions={actions} />
              {drawn.map((index) => {
                const selected = index >= block.top && index <= block.bottom && shown > 0;
                return (
                  <GridRowView
                    key={index}
                    id={id}
                    index={index}
                    top={index * ROW_HEIGHT - (scroll.map.scaled ? scroll.offset - scroll.top : 0)}
                    width={grid.width}
                    gutter={gutter}
                    cells={rows.row(index)}
                    columns={columns}
                    items={grid.items}
                    left={selected ? block.left : -1}
                    right={selected ? block.right : -1}
                    focus={index === selection.focus.row ? selection.focus.column : -1}
                  />
                );
              })}
            </div>
          </div>
          {view.building ? <div className={classes.building} /> : null}
          <GridMessage empty={shown === 0 && complete && !view.building} filtered={spec.filters.length > 0} error={rows.error === null ? null : <ErrorPanel title="The rows could not be read" error={rows.error} onRetry={rows.retry} />} />
        </Panel>
        {viewerOpen && shown > 0 && focusColumn ? (
          <>
            <Separator className={classes.separator} aria-label="Width of the value" />
            <Panel id="value" defaultSize="38%" minSize={240}>
              <CellViewer
                cell={{ resultId, viewId: view.viewId, row: selection.focus.row, column: selection.focus.column }}
                column={focusColumn}
                onClose={() => {
                  setViewerOpen(false);
                  scroller.current?.focus();
                }}
              />
            </Panel>
          </>
        ) : null}
      </Group>
      <GridFooter
        totalRows={totalRows}
        complete={complete}
        shown={shown}
        view={view}
        milliseconds={milliseconds}
        selection={isSingle(block) ? '' : `${formatCount(block.bottom - block.top + 1)} × ${formatCount(block.right - block.left + 1)} cells selected`}
        where={shown === 0 ? '' : `row ${formatCount(selection.focus.row + 1)} · ${focusColumn?.name ?? ''}`}
        viewerOpen={viewerOpen}
        goToOpen={goToOpen}
        onGoTo={setGoToOpen}
        goToRow={(row) => {
          goTo({ row: Math.max(0, Math.min(row, shown - 1)), column: selection.focus.column });
          scroller.current?.focus();
        }}
        onViewer={() => setViewerOpen((open) => !open)}
        onExport={exportNow}
      />
      <GridMenu
        place={menu}
        columnName={focusColumn?.name ?? ''}
        value={filterValue}
        filtered={spec.filters.length + spec.sorts.length > 0}
        onClose={() => {
          setMenu(null);
          scroller.current?.focus();
        }}
        onCopy={copyNow}
        onView={() => setViewerOpen(true)}
        onSort={(direction) => setSpec({ ...spec, sorts: [{ column: selection.focus.column, direction }] })}
        onFilter={(op) => setSpec(withFilter(spec, selection.focus.column, { column: selection.focus.column, op, value: filterValue ?? '' }))}
        onClearFilters={() => setSpec(NO_SPEC)}
      />
    </div>
  );
}

function FilterBar({ columns, spec, onChange, error }: { readonly columns: readonly Column[]; readonly spec: ViewSpec; readonly onChange: (spec: ViewSpec) => void; readonly error: ReactNode }) {
  const without = (gone: Filter): ViewSpec => ({ ...spec, filters: spec.filters.filter((filter) => filter !== gone) });
  return (
    <div className={classes.chips}>
      {spec.filters.length > 0 ? <span>Only rows where</span> : null}
      {spec.filters.map((filter) => (
        <span className={classes.chip} key={filter.column}>
          <span>{describeFilter(filter, columns)}</span>
          <CloseButton size={16} aria-label={`Remove the filter ${describeFilter(filter, columns)}`} onClick={() => onChange(without(filter))} />
        </span>
      ))}
      {error}
    </div>
  );
}

function GridMessage({ empty, filtered, error }: { readonly empty: boolean; readonly filtered: boolean; readonly error: ReactNode }) {
  if (error) return <div className={classes.message}>{error}</div>;
  if (!empty) return null;
  return <div className={classes.message}>{filtered ? 'No row passes the filters.' : 'The statement gave no rows.'}</div>;
}
