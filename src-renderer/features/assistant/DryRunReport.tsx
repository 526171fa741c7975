import { Button, Text } from '@mantine/core';
import type { DryRun } from '../../../src-preload/contract/assistant';
import { newQuery } from '../../shell/documentActions';
import { formatCount, formatDuration } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';
import styles from './Assistant.module.css';

/** What a lock means for others; source: PostgreSQL manual, "Explicit Locking". */
const meaning: Readonly<Record<string, string>> = {
  RowShareLock: 'rows that are referred to cannot be deleted meanwhile',
  RowExclusiveLock: 'others read and write it; the changed rows are locked until the end',
  ShareUpdateExclusiveLock: 'others read and write it; no other change of its structure',
  ShareLock: 'others only read it',
  ShareRowExclusiveLock: 'others only read it',
  ExclusiveLock: 'others only read it',
  AccessExclusiveLock: 'nobody can read or write it meanwhile',
};

const changes = ({ inserted, updated, deleted }: DryRun['tables'][number]): string =>
  [inserted > 0 ? `${formatCount(inserted)} inserted` : '', updated > 0 ? `${formatCount(updated)} updated` : '', deleted > 0 ? `${formatCount(deleted)} deleted` : ''].filter(Boolean).join(', ');

/** What a statement did before it was rolled back: rows by table, locks, and whether it can be undone. */
export function DryRunReport({ tried, connectionId }: { readonly tried: DryRun; readonly connectionId: string }) {
  const { tables, locks, undo } = tried;
  return (
    <dl className={styles.facts} aria-label="What the try did">
      <dt>Tried</dt>
      <dd>
        <RelativeTime iso={tried.at} />, in {formatDuration(tried.milliseconds)}, and rolled back
      </dd>
      <dt>Changes</dt>
      <dd>
        {tables.length === 0 ? 'no rows' : null}
        {tables.map((table) => (
          <div key={`${table.schema}.${table.name}`}>
            {table.schema}.{table.name}: {changes(table)}
          </div>
        ))}
      </dd>
      <dt>Locks</dt>
      <dd>
        {locks.map(({ schema, name, mode }) => (
          <div key={`${schema}.${name}.${mode}`}>
            {mode.replace(/Lock$/, '')} on {schema}.{name}
            {meaning[mode] ? <Text span inherit c="dimmed">{`: ${meaning[mode]}`}</Text> : null}
          </div>
        ))}
      </dd>
      <dt>Undo</dt>
      <dd>
        {undo.kind === 'none' ? (
          undo.why
        ) : undo.rows === 0 ? (
          'nothing to take back'
        ) : (
          <>
            SQL for {formatCount(undo.rows)} {undo.rows === 1 ? 'row' : 'rows'}, as they were at the try.{' '}
            <Button size="compact-xs" variant="subtle" onClick={() => newQuery(undo.text, connectionId, 'Undo')}>
              Open in editor
            </Button>
          </>
        )}
      </dd>
    </dl>
  );
}
