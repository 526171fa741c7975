import { create } from 'zustand';
import { useShallow } from 'zustand/react/shallow';

/** What a tab's content says of itself: for the marks in the tab strip and for the status bar. Not stored. */
export interface TabMark {
  readonly running: boolean;
  /** State of the tab's server session. */
  readonly transaction: 'idle' | 'open' | 'failed';
  /** When the open transaction began, ISO 8601; null when none is open or it is not known. */
  readonly since: string | null;
  /** Something would be lost if the tab were closed. */
  readonly dirty: boolean;
}

const plain: TabMark = { running: false, transaction: 'idle', since: null, dirty: false };

interface TabMarks {
  readonly marks: Readonly<Record<string, TabMark>>;
}

const useTabMarks = create<TabMarks>(() => ({ marks: {} }));

/** The marks of a tab, kept up to date. */
export function useTabMark(id: string | null): TabMark {
  return useTabMarks((state) => (id === null ? plain : (state.marks[id] ?? plain)));
}

/** The tabs with an open transaction, kept up to date. */
export function useOpenTransactions(): readonly string[] {
  return useTabMarks(useShallow((state) => Object.entries(state.marks).filter(([, mark]) => mark.transaction !== 'idle').map(([id]) => id)));
}

/** The marks of a tab right now, for code outside of React. */
export function tabMark(id: string): TabMark {
  return useTabMarks.getState().marks[id] ?? plain;
}

/** Sets some of a tab's marks; called by the tab's content. */
export function markTab(id: string, patch: Partial<TabMark>): void {
  useTabMarks.setState(({ marks }) => ({ marks: { ...marks, [id]: { ...(marks[id] ?? plain), ...patch } } }));
}

/** Forgets a closed tab. */
export function unmarkTab(id: string): void {
  useTabMarks.setState(({ marks }) => ({ marks: Object.fromEntries(Object.entries(marks).filter(([key]) => key !== id)) }));
}
