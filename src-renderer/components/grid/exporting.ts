import { client } from '../../client';
import { showDone } from '../../shell/errors';
import type { exportFormat } from '../../../src-preload/contract/queries';
import type { z } from 'zod';

export type ExportFormat = z.infer<typeof exportFormat>;

export const exportFormats: readonly { readonly format: ExportFormat; readonly label: string; readonly hint: string }[] = [
  { format: 'csv', label: 'CSV', hint: 'NULL is empty, empty text is ""' },
  { format: 'json', label: 'JSON', hint: 'one array of objects' },
  { format: 'ndjson', label: 'NDJSON', hint: 'one object a line' },
];

/** A name that every file system takes. */
const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').trim().slice(0, 80) || 'result';

/**
 * Asks for a file and starts writing a whole result, or a view on it, into it as a job. Resolves when the job has started or the
 * person dismissed the dialog; the job tray tells of the rest.
 */
export async function exportResult(view: { resultId: string; viewId: string | null }, format: ExportFormat, name: string): Promise<void> {
  const { path } = await client.application.chooseSavePath({ title: `Export as ${format.toUpperCase()}`, defaultName: `${fileName(name)}.${format}`, extension: format });
  if (path === null) return;
  const { jobId } = await client.queries.export({ ...view, format, path });
  exportedPaths.set(jobId, path);
  showDone(`Exporting to ${path}`);
}

/** Where the exports of this run go, by the id of their job. */
const exportedPaths = new Map<string, string>();

/** Takes the path of an export out of the list; undefined for a job that is no export of this window. */
export function takeExportPath(jobId: string): string | undefined {
  const path = exportedPaths.get(jobId);
  exportedPaths.delete(jobId);
  return path;
}
