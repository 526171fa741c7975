import { Button, Drawer, Group, Loader, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { client, errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { HistoryEntry } from '../../../src-preload/contract/queries';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount, formatDuration } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';
import { StatusMark } from './HistoryPanel';
import { useRunsEnded } from './sessions';
import classes from './TabHistory.module.css';

const TextDiff = lazy(() => import('../../components/TextDiff').then((module) => ({ default: module.TextDiff })));
const MOST = 200;

interface TabHistoryProps {
  readonly documentId: string;
  readonly title: string;
  readonly opened: boolean;
  /** The tab's text now. */
  readonly text: string;
  readonly onClose: () => void;
  readonly onInsert: (text: string) => void;
  readonly onReplace: (text: string) => void;
  readonly onRun: (text: string) => void;
}

function facts({ rows, milliseconds, connectionName }: HistoryEntry): string {
  return [connectionName, rows === null ? '' : `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`, milliseconds === null ? '' : formatDuration(milliseconds)].filter(Boolean).join(' · ');
}

const values = ({ parameters }: HistoryEntry): string => parameters.map(({ name, type, value, secret }) => `${name} = ${secret ? '(secret)' : type === 'null' ? 'NULL' : value}`).join(', ');

/** What this tab has run, newest first; a chosen one is compared with the text before it takes its place. */
export function TabHistory({ documentId, title, opened, text, onClose, onInsert, onReplace, onRun }: TabHistoryProps) {
  const [entries, setEntries] = useState<readonly HistoryEntry[] | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [chosenId, setChosenId] = useState<number | null>(null);
  const runs = useRunsEnded();
  useEffect(() => {
    if (!opened) return undefined;
    const abort = new AbortController();
    client.queries.history({ documentId, limit: MOST }, { signal: abort.signal }).then(
      (found) => {
        setEntries(found);
        setError(null);
      },
      (thrown: unknown) => !abort.signal.aborted && setError(errorData(thrown)),
    );
    return () => abort.abort();
  }, [opened, documentId, runs]);
  const chosen = entries?.find(({ id }) => id === chosenId) ?? null;
  const act = (action: (sql: string) => void) => (): void => {
    if (chosen) action(chosen.text);
    onClose();
  };
  return (
    <Drawer opened={opened} onClose={onClose} size={680} title={`What ${title} ran`}>
      <Stack gap="sm">
        {error ? <ErrorPanel error={error} title="The history could not be read" /> : null}
        {entries === null && !error ? <Loader size="sm" /> : null}
        {entries?.length === 0 ? (
          <Text size="sm" c="dimmed">
            This tab has run nothing yet. Each statement that it runs is listed here, with its time and rows.
          </Text>
        ) : null}
        <ol className={classes.list} aria-label="Runs of this tab">
          {(entries ?? []).map((entry) => (
            <li key={entry.id}>
              <button type="button" className={classes.entry} aria-pressed={entry.id === chosenId} onClick={() => setChosenId(entry.id === chosenId ? null : entry.id)}>
                <span className={classes.line}>
                  <StatusMark status={entry.status} />
                  <SqlText text={entry.text} singleLine className={classes.sql} />
                  <RelativeTime iso={entry.at} />
                </span>
                <span className={classes.facts}>
                  {facts(entry)}
                  {entry.parameters.length > 0 ? ` · ${values(entry)}` : ''}
                </span>
                {entry.error ? <span className={classes.error}>{entry.error}</span> : null}
              </button>
              {chosen === entry ? (
                <Stack gap={8} className={classes.chosen}>
                  <Suspense fallback={<Loader size="sm" />}>
                    <TextDiff before={text} after={entry.text} labels={['The text now', 'What was run']} />
                  </Suspense>
                  <Group gap={6}>
                    <Button onClick={act(onRun)}>Run again</Button>
                    <Button variant="default" onClick={act(onInsert)}>
                      Insert at the cursor
                    </Button>
                    <Button variant="default" onClick={act(onReplace)}>
                      Replace the text
                    </Button>
                    <Text size="xs" c="dimmed">
                      left: the text now, right: what was run
                    </Text>
                  </Group>
                </Stack>
              ) : null}
            </li>
          ))}
        </ol>
      </Stack>
    </Drawer>
  );
}
