import { create } from 'zustand';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { ExportFormat } from '../../../src-preload/contract/exportSpec';
import type { Column } from '../../../src-preload/contract/queries';

/** A result that is about to be exported, as it stands in its grid. */
export interface ResultToExport {
  readonly kind: 'result';
  readonly resultId: string;
  readonly viewId: string | null;
  readonly columns: readonly Column[];
  readonly totalRows: number;
  /** Rows of the view. */
  readonly shownRows: number;
  /** The selected rows; both ends are included. */
  readonly block: { readonly top: number; readonly bottom: number };
  /** Indexes of the selected columns, as they stand on the screen. */
  readonly chosen: readonly number[];
  /** Indexes of the columns that are shown, in their order on the screen. */
  readonly order: readonly number[];
  /** Suggested for the file, without extension. */
  readonly name: string;
  readonly format: ExportFormat | null;
}

export interface TablesToExport {
  readonly kind: 'tables';
  readonly connectionId: string;
  readonly schema: string | null;
  /** Ticked to begin with. */
  readonly tables: readonly ObjectRef[];
}

/** What the export panel shows; null while it is closed. */
export const useExport = create<{ readonly open: ResultToExport | TablesToExport | null }>(() => ({ open: null }));

export function openExport(open: ResultToExport | TablesToExport): void {
  useExport.setState({ open });
}

export function closeExport(): void {
  useExport.setState({ open: null });
}
