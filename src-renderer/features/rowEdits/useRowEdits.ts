import { useCallback, useMemo, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { Document } from '../../../src-preload/contract/documents';
import type { Column } from '../../../src-preload/contract/queries';
import { isNewRow, newRowId } from '../../../src-preload/contract/rowEditFold';
import type { EditValue, RowEdit } from '../../../src-preload/contract/rowEditLog';
import type { EditColumn, EditTarget } from '../../../src-preload/contract/rowEdits';
import type { GridSelected } from '../../components/grid/overlay';
import type { GridRow } from '../../components/grid/useGridRows';
import { readWhole } from '../../components/grid/cellReading';
import { showDone, showError } from '../../shell/errors';
import { gridRowIds, readOriginals, type GridRowIds } from './gridRows';
import { parseTsv, pastedValue } from './pasting';
import { useApply, type Apply } from './useApply';
import { useEditLog, type EditLogState } from './useEditLog';
import { useEditPlan, useEditTarget, type PlanState } from './useEditTarget';

/** Where a value is set: a row of the grid and a column of the result. */
export interface CellSpot {
  readonly row: number;
  readonly column: number;
}

/** What of the grid is needed; it may be read anew between two calls. */
export interface EditedPage {
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly row: (index: number) => GridRow | undefined;
  readonly selected: () => GridSelected | null;
}

export interface RowEdits {
  readonly target: EditTarget | null;
  readonly edits: EditLogState;
  readonly ids: GridRowIds;
  readonly planned: PlanState;
  readonly applying: Apply;
  readonly invalid: ReadonlySet<string>;
  readonly columnAt: (column: number) => EditColumn | null;
  /** True, or in words why this cell cannot be edited. */
  readonly editable: (spot: CellSpot) => true | string;
  readonly setCells: (cells: readonly { spot: CellSpot; value: EditValue }[]) => Promise<void>;
  readonly setSelected: (value: EditValue) => void;
  readonly insertRow: () => void;
  readonly duplicateSelected: () => void;
  readonly deleteSelected: () => void;
  readonly paste: (text: string) => void;
  /** The value of a cell as it would be after applying, whole. */
  readonly currentText: (spot: CellSpot) => Promise<string | null>;
}

interface Edited {
  readonly document: Document;
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly page: EditedPage;
  readonly onApplied: () => void;
}

/** A value of more bytes than this is not edited here. */
const MOST_BYTES = 4_000_000;

const fail = (title: string) => (error: unknown) => showError(title, error);

function rowsOf({ top, bottom }: GridSelected): number[] {
  return Array.from({ length: bottom - top + 1 }, (_, index) => top + index);
}

/** Editing the rows that a grid shows: pending changes, their statements, and applying them. */
export function useRowEdits({ document, connectionId, object, page, onApplied }: Edited): RowEdits {
  const target = useEditTarget(connectionId, object);
  const edits = useEditLog(document, object);
  const [turn, setTurn] = useState(0);
  const planned = useEditPlan(connectionId, object, edits.changes, turn);
  const applying = useApply({ connectionId, object, edits, onApplied, onReplanned: () => setTurn((now) => now + 1) });
  const { columns, rows: stored, row, resultId } = page;
  const ids = useMemo(() => gridRowIds(target, columns, stored, edits.changes, row), [target, columns, stored, edits.changes, row]);
  const invalid = useMemo(() => {
    const cells = (planned.plan?.problems ?? []).map((problem) => `${problem.row}\0${problem.column ?? ''}`);
    const failed = applying.state.kind === 'failed' && applying.state.row !== null ? [`${applying.state.row}\0${applying.state.column ?? ''}`] : [];
    return new Set([...cells, ...failed]);
  }, [planned.plan, applying.state]);

  const columnAt = useCallback((column: number) => target?.columns.find(({ name }) => name === columns[column]?.name) ?? null, [target, columns]);

  const editable = (spot: CellSpot): true | string => {
    const column = columnAt(spot.column);
    if (target === null || column === null) return 'What can be edited here is not known yet.';
    const id = ids.id(spot.row);
    const isNew = id !== null && isNewRow(id);
    const able = isNew ? target.insert : target.update;
    if (able !== true) return able;
    if (id === null) return 'The key of this row is too long to be edited here.';
    if (edits.byRow.get(id)?.kind === 'delete') return 'This row is marked to be deleted.';
    return isNew ? column.insert : column.update;
  };

  const originals = (rows: readonly number[]) => readOriginals({ connectionId, object, resultId }, ids, rows, edits.byRow);

  const setCells: RowEdits['setCells'] = async (cells) => {
    const able = cells.filter(({ spot }) => editable(spot) === true);
    const refused = cells.find(({ spot }) => editable(spot) !== true);
    if (refused) showError('Not every cell was changed', new Error(String(editable(refused.spot))));
    const read = await originals([...new Set(able.map(({ spot }) => spot.row))]);
    edits.step(() =>
      able.flatMap(({ spot, value }): RowEdit[] => {
        const id = ids.id(spot.row);
        const name = columns[spot.column]?.name;
        if (id === null || name === undefined) return [];
        const original = read.get(id);
        return [{ kind: 'set', row: id, column: name, value, ...(original === undefined ? {} : { original }) }];
      }),
    );
  };

  const insertRow = (values: Record<string, EditValue> = {}): void => edits.step((log) => [{ kind: 'insert', row: newRowId(log), values }]);

  const currentText: RowEdits['currentText'] = async ({ row: at, column }) => {
    const id = ids.id(at);
    const change = id === null ? undefined : edits.byRow.get(id);
    const value = change === undefined || change.kind === 'delete' ? undefined : change.values[columns[column]?.name ?? ''];
    if (value !== undefined) return value.kind === 'text' ? value.text : null;
    if (at >= stored) return null;
    let bytes = 0;
    const text = await readWhole({ resultId, viewId: null, row: at, column }, undefined, (_read, all) => (bytes = all) <= MOST_BYTES);
    if (bytes > MOST_BYTES) throw new Error(`The value has ${bytes} bytes; at most ${MOST_BYTES} are edited here.`);
    return text;
  };

  const duplicate = async (rows: readonly number[]): Promise<void> => {
    const copied = (target?.columns ?? []).filter((column) => column.insert === true && !(target?.key.includes(column.name) === true && (column.default !== null || target.key.length === 1)));
    const copies: Record<string, EditValue>[] = [];
    for (const at of rows) {
      const values: Record<string, EditValue> = {};
      for (const { name } of copied) {
        const id = ids.id(at);
        const change = id === null ? undefined : edits.byRow.get(id);
        const pending = change === undefined || change.kind === 'delete' ? undefined : change.values[name];
        if (pending !== undefined) values[name] = pending;
        else if (at < stored) {
          const text = await currentText({ row: at, column: columns.findIndex((column) => column.name === name) });
          values[name] = text === null ? { kind: 'null' } : { kind: 'text', text };
        }
      }
      copies.push(values);
    }
    edits.step((log) => {
      const first = Number(newRowId(log).slice('new:'.length));
      return copies.map((values, index) => ({ kind: 'insert', row: `new:${first + index}`, values }));
    });
  };

  const remove = async (rows: readonly number[]): Promise<void> => {
    const storedRows = rows.some((at) => at < stored);
    if (storedRows && target?.delete !== true) throw new Error(target?.delete ?? 'What can be edited here is not known yet.');
    const read = await originals(rows);
    edits.step(() =>
      rows.flatMap((at): RowEdit[] => {
        const id = ids.id(at);
        if (id === null) return [];
        const original = read.get(id);
        return [{ kind: 'delete', row: id, ...(original === undefined ? {} : { original }) }];
      }),
    );
  };

  const pasteBlock = async (text: string, selected: GridSelected): Promise<void> => {
    const block = parseTsv(text);
    const first = selected.order.indexOf(selected.focus.column);
    const top = selected.top;
    const last = stored + ids.inserted.length;
    const below = block.slice(Math.max(0, last - top));
    const onto = block.slice(0, Math.max(0, last - top));
    const at = (index: number): { place: number; column: EditColumn } | null => {
      const place = selected.order[first + index];
      const column = place === undefined ? null : columnAt(place);
      return place === undefined || column === null ? null : { place, column };
    };
    const cells = onto.flatMap((line, index) => line.flatMap((cell, offset) => {
      const into = at(offset);
      return into === null ? [] : [{ spot: { row: top + index, column: into.place }, value: pastedValue(into.column, cell) }];
    }));
    if (cells.length > 0) await setCells(cells);
    if (below.length === 0) return;
    if (target?.insert !== true) throw new Error(target?.insert ?? 'What can be edited here is not known yet.');
    edits.step((log) => {
      const number = Number(newRowId(log).slice('new:'.length));
      return below.map((line, index) => ({
        kind: 'insert',
        row: `new:${number + index}`,
        values: Object.fromEntries(line.flatMap((cell, offset) => {
          const into = at(offset);
          return into === null || into.column.insert !== true ? [] : [[into.column.name, pastedValue(into.column, cell)]];
        })),
      }));
    });
    showDone(`Pasted ${block.length} ${block.length === 1 ? 'row' : 'rows'}, ${below.length} of them new`);
  };

  const onSelected = (work: (selected: GridSelected) => void): void => {
    const selected = page.selected();
    if (selected !== null) work(selected);
  };

  return {
    target, edits, ids, planned, applying, invalid, columnAt, editable, setCells, currentText,
    insertRow: () => (target?.insert === true ? insertRow() : showError('No row can be inserted', new Error(target?.insert ?? 'What can be edited here is not known yet.'))),
    setSelected: (value) => onSelected((selected) => void setCells(rowsOf(selected).flatMap((at) => selected.columns.map((column) => ({ spot: { row: at, column }, value })))).catch(fail('Not changed'))),
    duplicateSelected: () => onSelected((selected) => void duplicate(rowsOf(selected)).catch(fail('The rows were not duplicated'))),
    deleteSelected: () => onSelected((selected) => void remove(rowsOf(selected)).catch(fail('The rows were not marked'))),
    paste: (text) => onSelected((selected) => void pasteBlock(text, selected).catch(fail('Not everything was pasted'))),
  };
}
