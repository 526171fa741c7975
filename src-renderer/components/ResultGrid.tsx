import type { ReactNode } from 'react';
import type { Column, ViewSpec } from '../../src-preload/contract/queries';

/** Rows that are sorted and filtered by somebody else, such as the server behind a table's data. */
export interface ExternalView {
  readonly spec: ViewSpec;
  onChange(spec: ViewSpec): void;
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
  onNeedMore?(): void;
  /** Opens the whole value of a cell; without it Enter and double click open the grid's own viewer beside it. */
  readonly actions?: ReactNode;
  /** The name that an exported file is offered under, without extension. */
  readonly exportName?: string;
}

/** A result of any size: rows and columns are read and drawn only where they are looked at. It fills its parent. */
export function ResultGrid({ label, columns }: ResultGridProps) {
  return <div role="grid" aria-label={label} aria-colcount={columns.length} />;
}
