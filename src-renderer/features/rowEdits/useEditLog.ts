import { useEffect, useMemo } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { Document } from '../../../src-preload/contract/documents';
import { emptyLog, foldEdits, MOST_CHANGED_ROWS, redo, undo, withStep } from '../../../src-preload/contract/rowEditFold';
import type { EditLog, RowChange, RowEdit } from '../../../src-preload/contract/rowEditLog';
import { parseObjectTab, type TableEdits } from '../../shell/documentActions';
import { showError } from '../../shell/errors';
import { markTab } from '../../shell/tabs';
import { changeTab } from '../catalog/place';
import { editsOf, pendingRows, withEdits } from './tabEdits';

export interface EditLogState {
  readonly log: EditLog;
  readonly changes: readonly RowChange[];
  readonly byRow: ReadonlyMap<string, RowChange>;
  readonly applying: TableEdits['applying'];
  /** Adds one step, made from the log as it is at that moment. */
  readonly step: (make: (log: EditLog) => readonly RowEdit[]) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly clear: () => void;
  readonly setApplying: (applying: TableEdits['applying']) => void;
}

/** The pending edits of a table, kept in its tab's document: each change is on its way to the disk at once. */
export function useEditLog(document: Document, object: ObjectRef): EditLogState {
  const key = JSON.stringify([object.schema, object.name, object.kind]);
  const state = useMemo(() => parseObjectTab(document.text), [document.text]);
  const kept = JSON.stringify(editsOf(state, object));
  const edits = useMemo(() => JSON.parse(kept) as TableEdits, [kept]);
  const changes = useMemo(() => foldEdits(edits.log), [edits]);
  const byRow = useMemo(() => new Map(changes.map((change) => [change.row, change])), [changes]);
  const dirty = pendingRows(state) > 0;
  useEffect(() => markTab(document.id, { dirty }), [document.id, dirty]);

  const actions = useMemo(() => {
    const [schema = '', name = '', kind] = JSON.parse(key) as [string, string, ObjectRef['kind']];
    const of: ObjectRef = { schema, name, kind };
    const change = (next: (edits: TableEdits) => TableEdits): void => changeTab(document.id, (tab) => withEdits(tab, of, next(editsOf(tab, of))));
    return {
      step(this: void, make: (log: EditLog) => readonly RowEdit[]): void {
        change((now) => {
          if (now.applying !== undefined) {
            showError('Not changed', new Error('The pending changes are being applied. Wait for the outcome first.'));
            return now;
          }
          const log = withStep(now.log, make(now.log));
          if (foldEdits(log).length <= MOST_CHANGED_ROWS) return { ...now, log };
          showError('Too many changes', new Error(`At most ${MOST_CHANGED_ROWS} rows can be changed at once. Apply these first.`));
          return now;
        });
      },
      undo: (): void => change((now) => ({ ...now, log: undo(now.log) })),
      redo: (): void => change((now) => ({ ...now, log: redo(now.log) })),
      clear: (): void => change(() => ({ log: emptyLog })),
      setApplying: (applying: TableEdits['applying']): void => change(({ log }) => ({ log, ...(applying === undefined ? {} : { applying }) })),
    };
  }, [document.id, key]);
  return { log: edits.log, changes, byRow, applying: edits.applying, ...actions };
}
