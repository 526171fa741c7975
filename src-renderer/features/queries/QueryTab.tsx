import type { Document } from '../../../src-preload/contract/documents';

export interface QueryTabProps {
  readonly document: Document;
  /** Whether it is the tab in front. */
  readonly active: boolean;
}

/** A query tab: its connection, its text, and what running it gave. */
export function QueryTab({ document }: QueryTabProps) {
  return <div>{document.title}</div>;
}
