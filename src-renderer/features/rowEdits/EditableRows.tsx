import { useEffect, useMemo, useRef, useState, type MouseEvent, type Dispatch, type ReactNode, type RefObject, type SetStateAction } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { Column } from '../../../src-preload/contract/queries';
import type { EditValue } from '../../../src-preload/contract/rowEditLog';
import type { ForeignKeyEnd } from '../../../src-preload/contract/rowEdits';
import { useStable } from '../../components/grid/useStable';
import { ResultGrid, type ResultGridHandle, type ResultGridProps } from '../../components/ResultGrid';
import type { TablePlace } from '../../shell/documentActions';
import { showError } from '../../shell/errors';
import { CellEditor, wantsPanel } from './CellEditor';
import { ChangesPanel } from './ChangesPanel';
import { EditMenu } from './EditMenu';
import { editOverlay } from './gridRows';
import { foreignKeysOf, referencedPlace, rowCells } from './navigation';
import { ReferencesPanel } from './ReferencesPanel';
import { useEditCommands } from './useEditCommands';
import type { CellSpot, RowEdits } from './useRowEdits';
import { ValuePanel } from './ValuePanel';
import styles from './RowEdits.module.css';

/** What stands beside the rows. */
export type Side = { readonly kind: 'changes' } | { readonly kind: 'value'; readonly spot: CellSpot; readonly id: string | null; readonly foreignKey: ForeignKeyEnd | null } | { readonly kind: 'references'; readonly cells: Readonly<Record<string, string | null>> };

interface EditableRowsProps {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly rowEdits: RowEdits;
  readonly handle: RefObject<ResultGridHandle | null>;
  readonly grid: Omit<ResultGridProps, 'overlay' | 'onEdit' | 'ref'>;
  readonly active: boolean;
  readonly side: Side | null;
  readonly onSide: Dispatch<SetStateAction<Side | null>>;
  readonly onReload: () => void;
  readonly onGo: (place: TablePlace) => void;
}

interface Editing {
  readonly id: string | null;
  readonly spot: CellSpot;
  readonly text: string | null;
  readonly initial: string | null;
}

const fail = (title: string) => (error: unknown) => showError(title, error);

/** A table's rows with the pending changes laid over them, their editors, and what stands beside them. */
export function EditableRows({ connectionId, object, rowEdits, handle, grid, active, side, onSide, onReload, onGo }: EditableRowsProps) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const { target, edits, ids, invalid, columnAt, editable } = rowEdits;
  const { columns } = grid;
  const focusGrid = (): void => handle.current?.focus();

  /** Sets cells of the row that the editor was opened on, and of no other that has come to its place. */
  const set = (id: string | null, cells: readonly { spot: CellSpot; value: EditValue }[]): void => {
    if (id === null || cells.some(({ spot }) => ids.id(spot.row) !== id)) showError('Not changed', new Error('Another row has come to this place meanwhile.'));
    else rowEdits.setCells(cells).catch(fail('Not changed'));
  };
  const finish = ({ spot, id }: Editing, value: EditValue | null): void => {
    setEditing(null);
    focusGrid();
    if (value !== null) set(id, [{ spot, value }]);
  };
  const openPanel = (spot: CellSpot, foreignKey: ForeignKeyEnd | null = null): void => {
    const able = editable(spot);
    if (able === true) onSide({ kind: 'value', spot, id: ids.id(spot.row), foreignKey });
    else showError('This cell cannot be edited', new Error(able));
  };
  const beginEdit = async (row: number, column: number, initial: string | null): Promise<void> => {
    const spot = { row, column };
    const [able, definition] = [editable(spot), columnAt(column)];
    if (able !== true || definition === null) {
      if (target !== null) showError('This cell cannot be edited', new Error(able === true ? 'Its column is not known.' : able));
      return;
    }
    const id = ids.id(row);
    const text = await rowEdits.currentText(spot);
    if (wantsPanel(definition, text)) openPanel(spot);
    else setEditing({ spot, id, text, initial });
  };
  const focusSpot = (): CellSpot | null => handle.current?.selected().focus ?? null;
  const cellsOf = (row: number) => rowCells(rowEdits, columns, row, handle.current?.row(row));
  const keysAt = (column: number): readonly ForeignKeyEnd[] => foreignKeysOf(rowEdits, columns[column]?.name ?? '');
  const follow = (spot: CellSpot, foreignKey: ForeignKeyEnd | undefined = keysAt(spot.column)[0]): void => {
    if (foreignKey === undefined) return;
    const place = referencedPlace(foreignKey, cellsOf(spot.row));
    if (place === null) showError('This leads nowhere', new Error('A column of the foreign key is NULL.'));
    else onGo(place);
  };
  const references = (spot: CellSpot): void => {
    if (target !== null) onSide({ kind: 'references', cells: cellsOf(spot.row) });
  };
  const onFocus = (work: (spot: CellSpot) => void) => (): void => {
    const spot = focusSpot();
    if (spot !== null) work(spot);
  };

  useEditCommands({
    rowEdits,
    active,
    set: rowEdits.setSelected,
    showChanges: () => onSide(side?.kind === 'changes' ? null : { kind: 'changes' }),
    apply: () => {
      const { plan, current } = rowEdits.planned;
      if (side?.kind === 'changes' && plan !== null && current && plan.problems.length === 0 && plan.confirmations.length === 0 && rowEdits.applying.state.kind === 'idle') rowEdits.applying.apply(plan, false);
      else onSide({ kind: 'changes' });
    },
    lookUp: onFocus((spot) => {
      const [foreignKey] = keysAt(spot.column);
      if (foreignKey !== undefined) openPanel(spot, foreignKey);
    }),
    follow: onFocus((spot) => follow(spot)),
    references: onFocus(references),
  });

  // An outcome that wants a decision is shown where the decision is made.
  const outcome = rowEdits.applying.state.kind;
  const latestSide = useRef(onSide);
  useEffect(() => {
    latestSide.current = onSide;
  });
  useEffect(() => {
    if (outcome === 'conflict' || outcome === 'failed' || outcome === 'unknown') latestSide.current({ kind: 'changes' });
  }, [outcome]);

  const menu = (row: number, column: number): ReactNode => {
    const spot = { row, column };
    const id = ids.id(row);
    const change = id === null ? undefined : edits.byRow.get(id);
    const name = columns[column]?.name ?? '';
    return (
      <EditMenu
        column={columnAt(column)}
        editable={editable(spot)}
        foreignKeys={keysAt(column)}
        changed={change?.kind === 'update' && change.values[name] !== undefined}
        deletable={target?.delete === true || row >= ids.stored}
        insertable={target?.insert === true}
        referenced={(target?.referencedBy.length ?? 0) > 0 && row < ids.stored}
        onEdit={() => void beginEdit(row, column, null).catch(fail('This cell cannot be edited'))}
        onPanel={() => openPanel(spot)}
        onLookup={(foreignKey) => openPanel(spot, foreignKey)}
        onSet={rowEdits.setSelected}
        onTakeBack={() => id !== null && edits.step(() => [{ kind: 'discard', row: id, column: name }])}
        onFollow={(foreignKey) => follow(spot, foreignKey)}
        onReferences={() => references(spot)}
        onDuplicate={rowEdits.duplicateSelected}
        onDelete={rowEdits.deleteSelected}
      />
    );
  };

  // The panel takes room; the cell that it edits stays in sight.
  const panelOpen = side?.kind === 'value';
  useEffect(() => {
    if (!panelOpen) return undefined;
    const frame = requestAnimationFrame(() => handle.current?.showRow(handle.current.selected().focus.row));
    return () => cancelAnimationFrame(frame);
  }, [handle, panelOpen]);

  // A row to insert stands at the end.
  const { stored, inserted } = ids;
  const insertedBefore = useRef(inserted.length);
  useEffect(() => {
    if (inserted.length > insertedBefore.current) handle.current?.showRow(stored + inserted.length - 1);
    insertedBefore.current = inserted.length;
  }, [handle, stored, inserted.length]);

  // Rows that were read anew may stand in another order.
  useEffect(() => {
    setEditing(null);
    latestSide.current((now) => (now?.kind === 'changes' ? now : null));
  }, [grid.resultId]);

  const definition = editing === null ? null : columnAt(editing.spot.column);
  const drawn = useStable({ finish, menu });
  const overlay = useMemo(() => {
    if (target === null) return undefined;
    const editor = editing !== null && definition !== null ? <CellEditor key={`${editing.spot.row}:${editing.spot.column}`} column={definition} text={editing.text} initial={editing.initial} onDone={(value) => drawn.finish(editing, value)} /> : null;
    return editOverlay({ ids, target, columns, byRow: edits.byRow, invalid, editing: editing === null || editor === null ? null : { ...editing.spot, editor }, menu: drawn.menu });
  }, [ids, target, columns, edits.byRow, invalid, editing, definition, drawn]);

  const onClick = (event: MouseEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof Element) || event.target.closest('[role="gridcell"]') === null) return;
    const spot = focusSpot();
    if (spot !== null && keysAt(spot.column).length > 0) follow(spot);
  };
  const frame = useRef<HTMLDivElement>(null);
  usePaste(frame, active, rowEdits.paste);
  const closeSide = (): void => {
    onSide(null);
    focusGrid();
  };
  const canEdit = target !== null && (target.update === true || target.insert === true);

  return (
    <div className={styles.split}>
      <div ref={frame} className={styles.rows} onClick={onClick}>
        <ResultGrid
          {...grid}
          ref={handle}
          {...(overlay === undefined ? {} : { overlay })}
          {...(canEdit ? { onEdit: (row: number, column: number, initial: string | null) => void beginEdit(row, column, initial).catch(fail('This cell cannot be edited')) } : {})}
        />
      </div>
      {side === null ? null : <SidePanel connectionId={connectionId} object={object} rowEdits={rowEdits} columns={columns} side={side} set={set} onReload={onReload} onGo={onGo} onClose={closeSide} />}
    </div>
  );
}

/** A paste while the rows have the focus. Where nothing can be typed, Chromium fires it at the selected text or the body. */
function usePaste(frame: RefObject<HTMLDivElement | null>, active: boolean, paste: (text: string) => void): void {
  const latest = useRef(paste);
  useEffect(() => {
    latest.current = paste;
  });
  useEffect(() => {
    if (!active) return undefined;
    const onPaste = (event: ClipboardEvent): void => {
      const focused = document.activeElement;
      if (focused?.getAttribute('role') !== 'grid' || frame.current?.contains(focused) !== true) return;
      event.preventDefault();
      latest.current(event.clipboardData?.getData('text/plain') ?? '');
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [frame, active]);
}

interface SidePanelProps extends Pick<EditableRowsProps, 'connectionId' | 'object' | 'rowEdits' | 'onReload' | 'onGo'> {
  readonly columns: readonly Column[];
  readonly side: Side;
  readonly set: (id: string | null, cells: readonly { spot: CellSpot; value: EditValue }[]) => void;
  readonly onClose: () => void;
}

/** What stands beside the rows. */
function SidePanel({ connectionId, object, rowEdits, columns, side, set, onReload, onGo, onClose }: SidePanelProps) {
  const { target, columnAt } = rowEdits;
  if (side.kind === 'changes') return <ChangesPanel rowEdits={rowEdits} connectionId={connectionId} onReload={onReload} onClose={onClose} />;
  if (target === null) return null;
  if (side.kind === 'references') return <ReferencesPanel key={JSON.stringify(side.cells)} connectionId={connectionId} object={object} target={target} cells={side.cells} onGo={onGo} onClose={onClose} />;
  const { spot, id, foreignKey } = side;
  const column = columnAt(spot.column);
  if (column === null) return null;
  const take = (cells: readonly { spot: CellSpot; value: EditValue }[]): void => {
    set(id, cells);
    onClose();
  };
  return (
    <ValuePanel
      key={`${spot.row}:${spot.column}:${foreignKey?.name ?? ''}`}
      connectionId={connectionId}
      object={object}
      column={column}
      foreignKey={foreignKey}
      read={() => rowEdits.currentText(spot)}
      onSet={(value) => take([{ spot, value }])}
      onPick={(key) => take((foreignKey?.columns ?? []).map((name, index) => ({ spot: { row: spot.row, column: columns.findIndex((one) => one.name === name) }, value: { kind: 'text', text: key[index] ?? '' } })))}
      onClose={onClose}
    />
  );
}
