import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Job } from '../../../src-preload/contract/jobs';
import { client } from '../../client';
import { showError } from '../../shell/errors';

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
          <Text size="sm" c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }} lineClamp={6}>
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

/** Tells how the job ended, also when that was before anybody listened. `path` is what the person chose: a file or a folder. */
export function followExport(jobId: string, path: string): void {
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
