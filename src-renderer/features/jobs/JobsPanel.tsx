import { ActionIcon, Badge, Button, Progress, Stack, Text, Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconClearAll, IconProgressCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Job } from '../../../src-preload/contract/jobs';
import { client } from '../../client';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showError } from '../../shell/errors';
import { formatDuration } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';
import { loadJobs, remainingMs, useJobs } from './store';
import shell from '../../shell/Shell.module.css';

const stateColor: Record<Job['state'], string> = { running: 'indigo', done: 'teal', failed: 'red', cancelled: 'gray', interrupted: 'orange' };

function Remaining({ job }: { readonly job: Job }) {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: true });
  const remaining = remainingMs(job, now);
  return <>{remaining === null ? null : `, about ${formatDuration(Math.max(1000, remaining))} left`}</>;
}

function cancel(job: Job): void {
  client.jobs.cancel({ id: job.id }).catch((error: unknown) => showError(`${job.title} could not be cancelled`, error));
}

function JobCard({ job }: { readonly job: Job }) {
  const running = job.state === 'running';
  const took = job.endedAt === null ? null : new Date(job.endedAt).getTime() - new Date(job.startedAt).getTime();
  return (
    <Stack component="li" gap={4} px="sm" py={8} style={{ borderBottom: '1px solid var(--app-line)' }}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <Text size="sm" fw={600} truncate flex={1} title={job.title}>
          {job.title}
        </Text>
        <Badge color={stateColor[job.state]}>{job.state}</Badge>
      </div>
      {running ? <Progress value={job.progress === null ? 100 : job.progress * 100} animated={job.progress === null} size="sm" aria-label={`Progress of ${job.title}`} /> : null}
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {running && job.progress !== null ? `${Math.floor(job.progress * 100)} % ` : ''}
        {job.message}
        {running ? <Remaining job={job} /> : null}
      </Text>
      {job.error ? <ErrorPanel error={job.error} /> : null}
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, minHeight: 22 }}>
        <Text size="xs" c="dimmed" flex={1}>
          <RelativeTime iso={job.startedAt} />
          {took === null ? '' : `, took ${formatDuration(took)}`}
        </Text>
        {running && job.cancellable ? (
          <Button size="compact-xs" variant="default" onClick={() => cancel(job)} aria-label={`Cancel ${job.title}`}>
            Cancel
          </Button>
        ) : null}
      </div>
    </Stack>
  );
}

/** Long work: what runs, with its progress and a way to stop it, and what ran. */
export function JobsPanel() {
  const { jobs, state, error } = useJobs();
  const ended = jobs.some((job) => job.state !== 'running');
  const clear = (): void => {
    client.jobs.clear(undefined).then(loadJobs, (failure: unknown) => showError('The list could not be cleared', failure));
  };
  return (
    <>
      <div className={shell.panelHead}>
        <span className={shell.spring}>Jobs</span>
        {ended ? (
          <Tooltip label="Remove ended jobs from the list">
            <ActionIcon aria-label="Remove ended jobs from the list" onClick={clear}>
              <IconClearAll size={15} />
            </ActionIcon>
          </Tooltip>
        ) : null}
      </div>
      <div className={shell.panelBody}>
        {state === 'failed' && error ? <ErrorPanel error={error} title="The jobs could not be read" onRetry={() => void loadJobs()} /> : null}
        {state === 'ready' && jobs.length === 0 ? (
          <EmptyPanel icon={IconProgressCheck} title="Nothing runs">
            Work that takes longer, such as exporting a large result, shows up here with its progress and can be stopped.
          </EmptyPanel>
        ) : null}
        <ul style={{ listStyle: 'none', margin: 0, padding: 0, overflow: 'auto' }} aria-label="Jobs">
          {jobs.map((job) => (
            <JobCard key={job.id} job={job} />
          ))}
        </ul>
      </div>
    </>
  );
}
