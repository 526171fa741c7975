import { create } from 'zustand';

/** What a tab's content says of itself: for the marks in the tab strip and for the status bar. Not stored. */
export interface TabMark {
  readonly running: boolean;
  /** State of the tab's server session. */
  readonly transaction: 'idle' | 'open' | 'failed';
  /** Something would be lost if the tab were closed. */
  readonly dirty: boolean;
}

const plain: TabMark = { running: false, transaction: 'idle', dirty: false };

interface TabMarks {
  readonly marks: Readonly<Record<string, TabMark>>;
}

const useTabMarks = create<TabMarks>(() => ({ marks: {} }));

/** The marks of a tab, kept up to date. */
export function useTabMark(id: string | null): TabMark {
  return useTabMarks((state) => (id === null ? plain : (state.marks[id] ?? plain)));
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
