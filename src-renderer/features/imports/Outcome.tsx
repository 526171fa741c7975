import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconCheck, IconFolder } from '@tabler/icons-react';
import type { ImportOutcome, RowProblem } from '../../../src-preload/contract/imports';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount, formatDuration } from '../../shell/format';
import { useJobs } from '../jobs/store';
import styles from './Imports.module.css';

/** Rows that do not fit: where, why, and the value. */
export function Problems({ problems, total, cut }: { readonly problems: readonly RowProblem[]; readonly total: number; readonly cut: boolean }) {
  if (problems.length === 0) return null;
  return (
    <div className={styles.problems}>
      <Text size="sm" fw={600}>
        {cut ? 'At least ' : ''}
        {formatCount(total)} {total === 1 ? 'row does' : 'rows do'} not fit{total > problems.length ? `; the first ${formatCount(problems.length)}:` : ':'}
      </Text>
      <div className={styles.scroller} tabIndex={0} role="region" aria-label="Rows that do not fit">
        <table className={styles.table}>
          <thead>
            <tr><th className={styles.number}>Line</th><th>What does not fit</th></tr>
          </thead>
          <tbody>
            {problems.map(({ line, column, message, value }, index) => (
              <tr key={index}>
                <td className={styles.number}>{formatCount(line)}</td>
                <td>
                  {column === null ? null : <b>{column}: </b>}
                  {message}
                  {value === null ? null : <span className={styles.value}>{value}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** How far a running import has got. */
export function Running({ jobId, onStop }: { readonly jobId: string; readonly onStop: () => void }) {
  const job = useJobs((state) => state.jobs.find(({ id }) => id === jobId));
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Progress value={(job?.progress ?? 0) * 100} flex={1} animated aria-label="Progress of the import" />
      <Text size="sm" className={styles.figures}>{job?.message ?? 'Starting'}</Text>
      <Button variant="default" size="xs" onClick={onStop}>Stop</Button>
    </Group>
  );
}

/** How an import ended, in numbers, with what was refused. */
export function Outcome({ outcome, onShow }: { readonly outcome: ImportOutcome; readonly onShow: (path: string) => void }) {
  const { error, dryRun, rowsLoaded, rowsRejected, problems, problemsCut, milliseconds, rejectFile, notices, state } = outcome;
  return (
    <Stack gap="xs" aria-live="polite">
      {state === 'cancelled' ? <Alert color="yellow" title="Stopped: nothing was loaded" /> : null}
      {state === 'failed' && error ? <ErrorPanel error={error} title={dryRun ? 'The dry run found problems' : 'Nothing was loaded'} /> : null}
      {state === 'done' ? (
        <Alert color="green" icon={<IconCheck size={16} />} title={`${formatCount(rowsLoaded)} ${rowsLoaded === 1 ? 'row' : 'rows'} ${dryRun ? 'would be loaded; everything was rolled back' : 'loaded'}`}>
          <Text size="sm">
            {formatDuration(milliseconds)}
            {rowsRejected > 0 ? `, ${formatCount(rowsRejected)} skipped` : ''}
            {rejectFile ? ` and written to ${rejectFile}` : ''}
          </Text>
          {rejectFile ? <Button mt={6} size="xs" variant="default" leftSection={<IconFolder size={14} />} onClick={() => onShow(rejectFile)}>Copy the file’s path</Button> : null}
        </Alert>
      ) : null}
      <Problems problems={problems} total={rowsRejected} cut={problemsCut} />
      {notices.length > 0 ? <Text size="xs" c="dimmed" style={{ whiteSpace: 'pre-wrap' }}>{notices.join('\n')}</Text> : null}
    </Stack>
  );
}
