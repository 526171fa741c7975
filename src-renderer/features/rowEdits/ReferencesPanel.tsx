import { Button, CloseButton, Code, Skeleton, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { EditTarget } from '../../../src-preload/contract/rowEdits';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount } from '../../shell/format';
import { placeOf } from '../catalog/place';
import type { TablePlace } from '../../shell/documentActions';
import styles from './RowEdits.module.css';

type Cells = Readonly<Record<string, string | null>>;
type Count = Awaited<ReturnType<typeof client.rowEdits.references>>[number];

interface ReferencesPanelProps {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly target: EditTarget;
  /** The row's values, of the columns that are referred to. */
  readonly cells: Cells;
  readonly onGo: (place: TablePlace) => void;
  readonly onClose: () => void;
}

const MOST_COUNTED = 10_000;

function countWords(count: Count | undefined): string {
  if (count === undefined || count.rows === null) return '';
  if (count.rows >= MOST_COUNTED) return `${formatCount(MOST_COUNTED)} rows or more`;
  return count.rows === 1 ? '1 row' : `${formatCount(count.rows)} rows`;
}

/** The foreign keys of other tables that lead to a row, each with the number of rows that use it. */
export function ReferencesPanel({ connectionId, object, target, cells, onGo, onClose }: ReferencesPanelProps) {
  const [counts, setCounts] = useState<readonly Count[] | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const key = JSON.stringify([object, cells]);
  useEffect(() => {
    const abort = new AbortController();
    const [of, row] = JSON.parse(key) as [ObjectRef, Record<string, string | null>];
    client.rowEdits.references({ connectionId, object: of, cells: row }, { signal: abort.signal }).then(
      setCounts,
      (failure: unknown) => abort.signal.aborted || setError(errorData(failure)),
    );
    return () => abort.abort();
  }, [connectionId, key]);
  return (
    <aside className={styles.side} aria-label="Rows that refer to this one" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header className={styles.sideHead}>
        <span className={styles.sideTitle}>
          <b>Rows that refer to this one</b>
        </span>
        <CloseButton size="sm" aria-label="Close the list" onClick={onClose} />
      </header>
      <div className={styles.sideBody}>
        {error ? <ErrorPanel error={error} title="The rows could not be counted" /> : null}
        {target.referencedBy.length === 0 ? (
          <Text size="sm" c="dimmed">
            No foreign key of another table leads here.
          </Text>
        ) : null}
        {target.referencedBy.map((reference, index) => {
          const count = counts?.find((one) => one.foreignKey === reference.name && one.schema === reference.schema && one.table === reference.table);
          const filters = reference.columns.map((column, place) => ({ column, op: 'eq' as const, value: cells[reference.references.columns[place] ?? ''] ?? '' }));
          return (
            <div className={styles.change} key={`${reference.schema}.${reference.table}.${reference.name}`}>
              <div className={styles.changeHead}>
                <b title={reference.name}>
                  {reference.schema}.{reference.table}
                </b>
                <span>{reference.columns.join(', ')}</span>
                {counts === null && error === null ? <Skeleton height={10} width={60} /> : <Text size="xs">{countWords(count)}</Text>}
                <Button size="compact-xs" variant="default" autoFocus={index === 0} rightSection={<IconArrowRight size={13} />} onClick={() => onGo(placeOf({ schema: reference.schema, name: reference.table, kind: reference.kind }, filters))}>
                  Open
                </Button>
              </div>
              {count?.error ? (
                <Text size="xs" c="var(--mantine-color-error)">
                  {count.error.message} {count.error.serverCode ? <Code fz="xs">{count.error.serverCode}</Code> : null}
                </Text>
              ) : null}
            </div>
          );
        })}
      </div>
    </aside>
  );
}
