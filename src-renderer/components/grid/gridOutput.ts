import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { formatCount } from '../../shell/format';
import type { Column } from '../../../src-preload/contract/queries';
import { cellReader } from './cellReading';
import { formatRows, MOST_CELLS, readBlock, type CopyFormat } from './clipboard';
import { exportResult, type ExportFormat } from './exporting';
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

/** Copying the selected cells and exporting all rows; both tell how it went. */
export function gridOutput(copied: Copied, exportName: string) {
  return {
    copy(this: void, format: CopyFormat): void {
      copyBlock(copied, format).catch((error: unknown) => showError('Copying failed', error));
    },
    export(this: void, format: ExportFormat): void {
      exportResult({ resultId: copied.resultId, viewId: copied.viewId }, format, exportName).catch((error: unknown) => showError('The export did not start', error));
    },
  };
}
