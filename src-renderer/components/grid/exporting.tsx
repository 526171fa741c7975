import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { z } from 'zod';
import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import type { exportFormat } from '../../../src-preload/contract/queries';
import type { Job } from '../../../src-preload/contract/jobs';

export type ExportFormat = z.infer<typeof exportFormat>;

export const exportFormats: readonly { readonly format: ExportFormat; readonly label: string; readonly hint: string }[] = [
  { format: 'csv', label: 'CSV', hint: 'NULL is empty, empty text is ""' },
  { format: 'json', label: 'JSON', hint: 'one array of objects' },
  { format: 'ndjson', label: 'NDJSON', hint: 'one object a line' },
];

/** A name that every file system takes. */
const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').trim().slice(0, 80) || 'result';

function showInFolder(path: string): void {
  client.application.showItemInFolder({ path }).catch((error: unknown) => showError('The folder could not be shown', error));
}

function tellEnd(job: Job, path: string): void {
  if (job.state === 'done') {
    notifications.show({
      title: job.title,
      autoClose: 12_000,
      message: (
        <>
          <Text size="sm" c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>
            {job.message}
          </Text>
          <Button size="compact-xs" variant="default" mt={6} onClick={() => showInFolder(path)}>
            Show in folder
          </Button>
        </>
      ),
    });
  } else if (job.error && job.error.code !== 'cancelled') {
    notifications.show({ color: 'red', title: `${job.title} failed`, message: [job.error.message, job.error.hint].filter(Boolean).join(' '), autoClose: 12_000 });
  }
}

/** Tells how the job ended, also when that was before anybody listened. */
function followExport(jobId: string, path: string): void {
  let told = false;
  const hear = (job: Job): void => {
    if (told || job.id !== jobId || job.state === 'running') return;
    told = true;
    stop();
    tellEnd(job, path);
  };
  const stop = client.jobs.on('changed', hear);
  client.jobs
    .list(undefined)
    .then((jobs) => jobs.forEach(hear))
    .catch((error: unknown) => showError('The jobs could not be read', error));
}

/**
 * Asks for a file and starts writing a whole result, or a view on it, into it as a job. Resolves when the job has started or the
 * person dismissed the dialog; the job tray shows its progress, and a word in the corner tells of its end.
 */
export async function exportResult(view: { resultId: string; viewId: string | null }, format: ExportFormat, name: string): Promise<void> {
  const { path } = await client.application.chooseSavePath({ title: `Export as ${format.toUpperCase()}`, defaultName: `${fileName(name)}.${format}`, extension: format });
  if (path === null) return;
  const { jobId } = await client.queries.export({ ...view, format, path });
  showDone(`Exporting to ${path}`);
  followExport(jobId, path);
}
