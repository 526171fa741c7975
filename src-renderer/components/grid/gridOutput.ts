import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { formatCount } from '../../shell/format';
import type { ExportFormat } from '../../../src-preload/contract/exportSpec';
import type { Column } from '../../../src-preload/contract/queries';
import { openExport } from '../export/store';
import { cellReader } from './cellReading';
import { formatRows, MOST_CELLS, readBlock, type CopyFormat } from './clipboard';
import { cellCount, isSingle, type Block } from './selection';

interface Copied {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly columns: readonly Column[];
  readonly block: Block;
  /** Indexes of the selected columns in the result, as they stand on the screen. */
  readonly chosen: readonly number[];
}

async function copyBlock({ resultId, viewId, columns, block, chosen }: Copied, format: CopyFormat): Promise<void> {
  if (cellCount(block) > MOST_CELLS) throw new Error(`${formatCount(cellCount(block))} cells are too many for the clipboard. Export the result to a file instead.`);
  const values = await readBlock(cellReader(resultId, viewId), { top: block.top, bottom: block.bottom, columns: chosen });
  await client.application.copyText({ text: formatRows(values, chosen.flatMap((index) => columns[index] ?? []), format) });
  if (isSingle(block)) showDone(values[0]?.[0] === null ? 'Copied NULL as empty text' : 'Copied the value');
  else showDone(`Copied ${formatCount(values.length)} rows × ${formatCount(block.right - block.left + 1)} columns`);
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
