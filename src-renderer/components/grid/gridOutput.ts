import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { formatCount } from '../../shell/format';
import type { ExportFormat } from '../../../src-preload/contract/exportSpec';
import type { Column } from '../../../src-preload/contract/queries';
import type { CopyFormat } from '../../../src-preload/contract/resultAnalysis';
import { openExport } from '../export/store';
import { isSingle, type Block } from './selection';

/** The ways to copy beside the plain one, as menus and the palette offer them. */
export const copyFormats: readonly { readonly format: CopyFormat; readonly label: string }[] = [
  { format: 'csv', label: 'CSV' },
  { format: 'tsvWithNames', label: 'TSV with names' },
  { format: 'json', label: 'JSON' },
  { format: 'markdown', label: 'Markdown' },
  { format: 'inList', label: 'IN list' },
  { format: 'insert', label: 'INSERT statements' },
];

interface Copied {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly columns: readonly Column[];
  readonly block: Block;
  /** Indexes of the selected columns in the result, as they stand on the screen. */
  readonly chosen: readonly number[];
  /** What INSERT statements name, as SQL. */
  readonly table: string;
}

/** Main reads and writes the whole selection, however much of it was never loaded here. */
async function copyBlock({ resultId, viewId, block, chosen, table }: Copied, format: CopyFormat): Promise<void> {
  const { text, rows, notes } = await client.queries.copyRows({ resultId, viewId, top: block.top, bottom: block.bottom, columns: [...chosen], format, table });
  await client.application.copyText({ text });
  const what = isSingle(block) && format === 'tsv' ? 'Copied the value' : `Copied ${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} × ${formatCount(chosen.length)} ${chosen.length === 1 ? 'column' : 'columns'}`;
  showDone([what, ...notes].join('. '));
}

/** Copying the selected cells, which tells how it went, and opening the export panel. */
export function gridOutput(copied: Copied, grid: { readonly total: number; readonly shown: number; readonly order: readonly number[] }, exportName: string) {
  return {
    copy(this: void, format: CopyFormat): void {
      copyBlock(copied, format).catch((error: unknown) => showError('Copying failed', error));
    },
    /** Without a format the one that was used last. */
    export(this: void, format?: ExportFormat): void {
      openExport({ kind: 'result', ...copied, order: grid.order, totalRows: grid.total, shownRows: grid.shown, name: exportName, format: format ?? null });
    },
  };
}
