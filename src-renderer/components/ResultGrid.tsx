import { useEffect, useId, useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent, type Ref } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { formatCount } from '../shell/format';
import type { Column, ViewSpec } from '../../src-preload/contract/queries';
import type { ExportFormat } from '../../src-preload/contract/exportSpec';
import type { CopyFormat } from '../../src-preload/contract/resultAnalysis';
import type { Pinned } from '../features/dashboards/PinToDashboard';
import type { ChartQuery } from './chart/ChartPanel';
import { toggledSort, withFilter, type Operator } from './grid/filters';
import { GridFooter } from './grid/GridFooter';
import { ColumnMenu, type ColumnMenuPlace } from './grid/ColumnMenu';
import { GridHeader, type HeaderActions } from './grid/GridHeader';
import { FindBar } from './grid/FindBar';
import { useGridCommands } from './grid/gridCommands';
import { gridCommand, type GridCommand, type PlainCommand } from './grid/gridKeys';
import { GridMenu, type MenuPlace } from './grid/GridMenu';
import { gridOutput } from './grid/gridOutput';
import { FilterBar, GridMessage, RowsLayer } from './grid/GridParts';
import type { GridOverlay, GridSelected } from './grid/overlay';
import { isInside, isSingle, type Spot } from './grid/selection';
import { SidePanel, type GridPanel, type SidePanelProps } from './grid/SidePanel';
import { useFind } from './grid/useFind';
import { fittingWidth } from './grid/useGridColumns';
import { useGridModel } from './grid/useGridModel';
import type { GridRow } from './grid/useGridRows';
import { HEADER_HEIGHT, ROW_HEIGHT } from './grid/useGridScroll';
import { useStable } from './grid/useStable';
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
  /** Opens the export panel; without a format with the one that was used last. */
  readonly export: (format?: ExportFormat) => void;
  readonly goToRow: () => void;
  readonly selected: () => GridSelected;
  /** Selects a row and brings it into sight. */
  readonly showRow: (row: number) => void;
  /** The cells of a row as they are shown, long ones cut; undefined where it is not in memory. */
  readonly row: (index: number) => GridRow | undefined;
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
  /** What is laid over the stored rows, such as changes that are not saved yet. */
  readonly overlay?: GridOverlay;
  /**
   * Makes the cells editable: asked on F2 and Enter with `initial` null, on typing with the typed character, and on a double click.
   * `column` is the index in `columns`.
   */
  readonly onEdit?: (row: number, column: number, initial: string | null) => void;
  /** What copied INSERT statements name, as SQL. */
  readonly table?: string;
  /** What the rows came from, so that a chart of them can be saved and drawn again. */
  readonly query?: ChartQuery;
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

type Model = ReturnType<typeof useGridModel>;

/** What is pinned of a result whose query is known; the same object as long as it means the same. */
function usePinned(resultId: string, query: ChartQuery | undefined, title = 'Result'): Pinned | null {
  const connectionId = query?.connectionId;
  const sql = query?.sql;
  return useMemo(() => (connectionId === undefined || sql === undefined ? null : { connectionId, sql, title, resultId, view: null }), [connectionId, sql, title, resultId]);
}

/** Selecting with the pointer: a click, a drag, Shift+click, and whole rows by their number. */
function usePointerSelection({ selection, setSelection }: Model, lastColumn: number) {
  const dragging = useRef(false);
  return {
    onPointerDown(this: void, event: PointerEvent): void {
      const spot = spotOf(event.target);
      if (!spot || event.button !== 0) return;
      const anchor = event.shiftKey ? selection.anchor : { row: spot.row, column: spot.column ?? 0 };
      setSelection({ anchor, focus: { row: spot.row, column: spot.column ?? lastColumn } });
      dragging.current = true;
    },
    onPointerMove(this: void, event: PointerEvent): void {
      if ((event.buttons & 1) === 0) dragging.current = false;
      const spot = dragging.current ? spotOf(event.target) : null;
      if (spot) setSelection((old) => ({ ...old, focus: { row: spot.row, column: spot.column ?? lastColumn } }));
    },
  };
}

function selectionText(model: Model, columns: readonly Column[]): string {
  const { block, selection, shown, grid } = model;
  if (shown === 0) return '';
  if (isSingle(block)) return `row ${formatCount(selection.focus.row + 1)} · ${columns[grid.order[selection.focus.column] ?? -1]?.name ?? ''}`;
  return `${formatCount(block.bottom - block.top + 1)} × ${formatCount(block.right - block.left + 1)} cells selected`;
}

/** The grid's size for the keys. */
const sizeOf = ({ shown, grid, scroll }: Model) => ({ rows: shown, columns: grid.order.length, page: Math.max(1, Math.floor(scroll.viewport / ROW_HEIGHT) - 1) });

/** Moves the focused column by one place among those on the screen; the focus goes with it. */
function moveFocused({ grid, selection, select }: Model, step: -1 | 1): void {
  const place = selection.focus.column;
  const [moved, target] = [grid.order[place], grid.order[place + step]];
  if (moved === undefined || target === undefined) return;
  grid.move(moved, target, step > 0);
  const spot = { row: selection.focus.row, column: place + step };
  select({ anchor: spot, focus: spot });
}

function Beside(props: SidePanelProps) {
  return (
    <>
      <Separator className={classes.separator} aria-label="Width of the panel" />
      <Panel id="side" defaultSize={props.panel.kind === 'chart' ? '60%' : '38%'} minSize={240}>
        <SidePanel {...props} />
      </Panel>
    </>
  );
}

function Grid({ resultId, columns, totalRows, complete, label, milliseconds, external, onNeedMore, exportName, overlay, onEdit, table, query, ref }: ResultGridProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [ownSpec, setOwnSpec] = useState<ViewSpec>(NO_SPEC);
  const { spec, onChange: setSpec } = external ?? { spec: ownSpec, onChange: setOwnSpec };
  const model = useGridModel(scroller, { resultId, columns, totalRows, complete, spec: external ? NO_SPEC : ownSpec, onNeedMore, overlay });
  const { view, shown, gutter, rows, scroll, grid, selection, block, select, setSelection } = model;
  const [openFilter, setOpenFilter] = useState<number | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [columnMenu, setColumnMenu] = useState<ColumnMenuPlace | null>(null);
  const [panel, setPanel] = useState<GridPanel | null>(null);
  const [goToOpen, setGoToOpen] = useState(false);
  const chosenColumns = grid.order.slice(block.left, block.right + 1);
  const output = gridOutput({ resultId, viewId: view.viewId, columns, block, chosen: chosenColumns, table: table ?? 'table_name' }, { total: totalRows, shown, order: grid.order }, exportName ?? 'result');
  const pointer = usePointerSelection(model, grid.order.length - 1);
  const { focus } = selection;
  const focusIndex = grid.order[focus.column] ?? 0;
  const filled = shown > 0;
  const { find, ...finding } = useFind({
    resultId,
    viewId: view.viewId,
    order: grid.order,
    first: model.first,
    end: model.end,
    focus: { row: focus.row, column: focusIndex },
    onFound: ({ row, column }) => goTo({ row, column: Math.max(0, grid.order.indexOf(column)) }),
  });
  const actions = useStable<HeaderActions>({
    sort: (column, add) => setSpec(toggledSort(spec, column, add)),
    filter: (column, filter) => setSpec(withFilter(spec, column, filter)),
    openFilter: setOpenFilter,
    resize: (column, event) => grid.resize(column)(event),
    fit: (column) => {
      const known = columns[column];
      if (known) grid.setWidth(column, fittingWidth(known, column, model.loaded()));
    },
    move: grid.move,
    menu: (column, event) => {
      event.preventDefault();
      setColumnMenu({ column, x: event.clientX, y: event.clientY });
    },
    selectAll: () => setSelection({ anchor: { row: 0, column: 0 }, focus: { row: Math.max(0, shown - 1), column: grid.order.length - 1 } }),
  });

  // A panel takes room; what it shows stays in sight.
  const { showColumn } = grid;
  const besides = panel !== null;
  useEffect(() => {
    if (besides) requestAnimationFrame(() => showColumn(focus.column));
  }, [besides, focus.column, showColumn]);

  useImperativeHandle(ref, () => ({
    focus: () => scroller.current?.focus(),
    copy: output.copy,
    export: output.export,
    goToRow: () => setGoToOpen(true),
    selected: () => ({ top: block.top, bottom: block.bottom, columns: chosenColumns, order: grid.order, focus: { row: focus.row, column: focusIndex } }),
    row: rows.row,
    showRow: (row) => goTo({ row, column: focus.column }),
  }));

  const goTo = (spot: Spot): void => select({ anchor: spot, focus: spot });
  const backToRows = (): void => scroller.current?.focus();
  const closePanel = (): void => {
    if (panel) setPanel(null);
    else finding.close();
    backToRows();
  };
  const closeFind = (): void => {
    finding.close();
    backToRows();
  };
  const openPanel = (kind: GridPanel['kind']): void => setPanel(kind === 'statistics' ? { kind, column: focusIndex } : { kind });
  const togglePanel = (kind: GridPanel['kind']): void => (panel?.kind === kind ? closePanel() : openPanel(kind));
  const pinned = usePinned(resultId, query, exportName);
  const footer = useStable({
    onGoTo: setGoToOpen,
    goToRow: (row: number) => {
      goTo({ row: Math.max(0, Math.min(row, shown - 1)), column: focus.column });
      backToRows();
    },
    onPanel: togglePanel,
    onFind: () => (find.open ? finding.close() : finding.show()),
    onExport: () => output.export(),
  });
  useGridCommands(scroller, {
    find: finding.show,
    panel: openPanel,
    copy: output.copy,
    pin: () => grid.pin(focusIndex, focus.column >= grid.pinned),
    hide: () => grid.show([focusIndex], false),
    move: (step) => moveFocused(model, step),
    resetColumns: () => grid.reset(model.loaded()),
  });
  const openMenuAtFocus = (): void => {
    const box = (scroller.current?.querySelector('[data-focus]') ?? scroller.current)?.getBoundingClientRect();
    if (box) setMenu({ x: box.left + 12, y: box.bottom });
  };
  const plain: Readonly<Record<PlainCommand['kind'], () => void>> = {
    goTo: () => setGoToOpen(true),
    view: () => openPanel('value'),
    row: () => togglePanel('row'),
    find: finding.show,
    filter: () => setOpenFilter(focusIndex),
    menu: openMenuAtFocus,
    closePanel,
  };
  const act = (command: GridCommand): void => {
    switch (command.kind) {
      case 'select':
        return (command.follow ? select : setSelection)(command.selection);
      case 'copy':
        return output.copy(command.format);
      case 'sort':
        return actions.sort(focusIndex, command.add);
      case 'nextMatch':
        return finding.next(command.direction);
      case 'edit':
        return onEdit?.(focus.row, focusIndex, command.initial);
      case 'moveColumn':
        return moveFocused(model, command.step);
      default:
        return plain[command.kind]();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current || !filled) return;
    const command = gridCommand({ key: event.key, mod: event.ctrlKey || event.metaKey, shift: event.shiftKey, alt: event.altKey }, { selection, size: sizeOf(model), panelOpen: besides || find.open, editable: onEdit !== undefined });
    if (!command) return;
    act(command);
    event.preventDefault();
    event.stopPropagation();
  };
  const onContextMenu = (event: MouseEvent): void => {
    const spot = spotOf(event.target);
    if (!spot) return;
    event.preventDefault();
    const at = { row: spot.row, column: spot.column ?? focus.column };
    if (!isInside(block, at)) setSelection({ anchor: at, focus: at });
    setMenu({ x: event.clientX, y: event.clientY });
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const spot = spotOf(event.target);
    if (!spot) return;
    if (onEdit && spot.column !== null) onEdit(spot.row, grid.order[spot.column] ?? 0, null);
    else openPanel('value');
  };

  return (
    <div className={classes.frame}>
      <FilterBar columns={columns} spec={spec} onChange={setSpec} error={view.error} />
      <FindBar find={find} onStart={(search) => void finding.start(search)} onStep={finding.next} onCancel={finding.cancel} onClose={closeFind} />
      <Group orientation="horizontal" className={classes.body}>
        <Panel id="rows" minSize={160} className={classes.main}>
          <div
            ref={scroller}
            className={classes.scroller}
            role="grid"
            tabIndex={0}
            aria-label={label}
            aria-rowcount={shown + 1}
            aria-colcount={grid.order.length + 1}
            aria-multiselectable
            aria-busy={!complete || view.building}
            aria-activedescendant={filled ? `${id}-focus` : undefined}
            onKeyDown={onKeyDown}
            {...pointer}
            onDoubleClick={onDoubleClick}
            onContextMenu={onContextMenu}
          >
            <div className={classes.sizer} style={{ height: scroll.map.height + HEADER_HEIGHT, width: grid.width }}>
              <GridHeader columns={columns} items={grid.items} spec={spec} gutter={gutter} width={grid.width} focusColumn={focus.column} openFilter={openFilter} operators={external?.operators ?? null} actions={actions} />
              <RowsLayer id={id} first={model.first} end={model.end} row={rows.row} scroll={scroll} width={grid.width} gutter={gutter} columns={columns} items={grid.items} block={block} selection={selection} overlay={overlay} found={finding.found} />
            </div>
          </div>
          <GridMessage empty={!filled && complete} view={view} filtered={spec.filters.length > 0} rows={rows} />
        </Panel>
        {panel && filled ? <Beside panel={panel} resultId={resultId} columns={columns} model={model} filtered={spec.filters.length > 0} complete={complete} query={query} onPanel={setPanel} onClose={closePanel} /> : null}
      </Group>
      <GridFooter
        totalRows={totalRows}
        complete={complete}
        shown={shown}
        view={view}
        milliseconds={milliseconds}
        where={selectionText(model, columns)}
        panel={panel?.kind ?? null}
        hidden={columns.length - grid.order.length}
        findOpen={find.open}
        goToOpen={goToOpen}
        pinned={pinned}
        {...footer}
      />
      <CellMenu
        model={model}
        place={menu}
        column={focusIndex}
        columns={columns}
        overlay={overlay}
        spec={spec}
        setSpec={setSpec}
        onClose={() => {
          setMenu(null);
          backToRows();
        }}
        onCopy={output.copy}
        onView={() => openPanel('value')}
        onRow={() => openPanel('row')}
        onStatistics={() => openPanel('statistics')}
      />
      <ColumnMenu
        place={columnMenu}
        columns={columns}
        grid={grid}
        loaded={model.loaded}
        spec={spec}
        setSpec={setSpec}
        actions={actions}
        onStatistics={(column) => setPanel({ kind: 'statistics', column })}
        onClose={() => {
          setColumnMenu(null);
          backToRows();
        }}
      />
    </div>
  );
}

interface CellMenuProps {
  readonly model: Model;
  readonly place: MenuPlace | null;
  /** Index of the focused column in the result. */
  readonly column: number;
  readonly columns: readonly Column[];
  readonly overlay: GridOverlay | undefined;
  readonly spec: ViewSpec;
  readonly setSpec: (spec: ViewSpec) => void;
  readonly onClose: () => void;
  readonly onCopy: (format: CopyFormat) => void;
  readonly onView: () => void;
  readonly onRow: () => void;
  readonly onStatistics: () => void;
}

/** The menu of the focused cell. */
function CellMenu({ model, column, columns, overlay, spec, setSpec, ...rest }: CellMenuProps) {
  const { row } = model.selection.focus;
  const cell = model.rows.row(row)?.[column];
  const value = typeof cell === 'string' && cell.length <= 1000 ? cell : null;
  if (rest.place === null) return null;
  return (
    <GridMenu
      {...rest}
      more={overlay?.menu?.(row, column)}
      columnName={columns[column]?.name ?? ''}
      value={value}
      filtered={spec.filters.length + spec.sorts.length > 0}
      onSort={(direction) => setSpec({ ...spec, sorts: [{ column, direction }] })}
      onFilter={(op) => setSpec(withFilter(spec, column, { column, op, value: value ?? '' }))}
      onClearFilters={() => setSpec(NO_SPEC)}
    />
  );
}
