import { Text } from '@mantine/core';
import { IconAlertTriangle, IconMessage2, IconTable } from '@tabler/icons-react';
import { memo, useState, type KeyboardEvent, type Ref } from 'react';
import type { ResultGridHandle } from '../../components/ResultGrid';
import { connectionHex } from '../../shell/connectionLook';
import { formatCount } from '../../shell/format';
import { KeyHint } from '../../shell/KeyHint';
import { useConnection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { TracedGrid } from '../rowEdits/TracedGrid';
import { Messages } from './Messages';
import { showResult, type QuerySession } from './sessions';
import classes from './QueryTab.module.css';

interface ResultsProps {
  readonly documentId: string;
  readonly title: string;
  readonly session: QuerySession;
  readonly grid: Ref<ResultGridHandle>;
  readonly onReveal: (offset: number) => void;
}

function EmptyResults() {
  return (
    <div className={classes.emptyResults}>
      <Text size="sm" fw={600}>
        Results appear here
      </Text>
      <dl>
        <dt>
          <KeyHint keys="Mod+Enter" command="query.run" />
        </dt>
        <dd>run the selection, or the statement at the cursor</dd>
        <dt>
          <KeyHint keys="Mod+Shift+Enter" command="query.runAll" />
        </dt>
        <dd>run everything</dd>
        <dt>
          <KeyHint keys="Escape" command="query.stop" />
        </dt>
        <dd>stop, on the server too</dd>
        <dt>
          <KeyHint keys="Ctrl+Space" />
        </dt>
        <dd>complete tables, columns and joins</dd>
      </dl>
    </div>
  );
}

/** The tabs of what a run gave, in order; the messages are the last. */
const tabsOf = (session: QuerySession): string[] => [...session.log.results.map((result) => result.resultId), 'messages'];

/** Shows the next or previous of a tab's results. */
export function cycleResults(documentId: string, session: QuerySession, step: number): void {
  const tabs = tabsOf(session);
  const next = tabs[(tabs.indexOf(session.shown) + step + tabs.length) % tabs.length];
  if (next !== undefined) showResult(documentId, next);
}

/** Rows of one server under the name of another would mislead at the worst of times. */
function Elsewhere({ documentId, ranOn }: { readonly documentId: string; readonly ranOn: string | null }) {
  const now = useDocuments((state) => state.documents.find((document) => document.id === documentId)?.connectionId ?? null);
  const connection = useConnection(ranOn);
  if (ranOn === null || ranOn === now) return null;
  return (
    <span className={classes.elsewhere} role="status">
      {connection ? <span className={classes.dot} style={{ background: connectionHex(connection) }} aria-hidden /> : null}
      these results are from <b>{connection?.name ?? 'a connection that was removed'}</b>
    </span>
  );
}

function ResultTabs({ documentId, session }: Pick<ResultsProps, 'documentId' | 'session'>) {
  const failed = [session.error, ...session.log.statements.map((statement) => statement.error)].some((error) => error !== null && error.code !== 'cancelled');
  const notices = session.log.statements.reduce((sum, statement) => sum + statement.notices.length, 0);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    event.preventDefault();
    cycleResults(documentId, session, event.key === 'ArrowRight' ? 1 : -1);
    const list = event.currentTarget;
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  const tab = (key: string) => ({
    type: 'button' as const,
    role: 'tab',
    id: `${documentId}-tab-${key}`,
    'aria-selected': session.shown === key,
    'aria-controls': `${documentId}-results`,
    tabIndex: session.shown === key ? 0 : -1,
    className: classes.resultTab,
    onClick: () => showResult(documentId, key),
  });
  return (
    <div className={classes.resultTabs} role="tablist" aria-label="Results" onKeyDown={onKeyDown}>
      {session.log.results.map((result, index) => (
        <button key={result.resultId} {...tab(result.resultId)}>
          <IconTable size={13} aria-hidden />
          {session.log.results.length === 1 ? 'Result' : `Result ${index + 1}`}
          <span className={classes.count}>{formatCount(result.rows)}</span>
        </button>
      ))}
      <button {...tab('messages')} data-failed={failed || undefined}>
        {failed ? <IconAlertTriangle size={13} aria-hidden /> : <IconMessage2 size={13} aria-hidden />}
        Messages
        {notices > 0 ? <span className={classes.count}>{formatCount(notices)}</span> : null}
      </button>
    </div>
  );
}

/** The statement that gave a result, where it ran. */
function queryOf({ log, ran, ranOn }: QuerySession, statement: number): { connectionId: string; sql: string } | undefined {
  const run = log.statements.find(({ index }) => index === statement);
  return run && ran && ranOn !== null ? { connectionId: ranOn, sql: ran.text.slice(run.from, run.to) } : undefined;
}

/** What the last run gave: a grid for each result set, and the messages. */
export const Results = memo(function Results({ documentId, title, session, grid, onReveal }: ResultsProps) {
  const { log, shown } = session;
  // A grid that was looked at stays, so that its order, filters and place are there when one comes back to it.
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  if (shown !== 'messages' && !visited.has(shown)) setVisited(new Set([...visited, shown].filter((id) => id === shown || log.results.some((result) => result.resultId === id))));
  if (session.startedAt === null) return <EmptyResults />;
  return (
    <div className={classes.results}>
      <div className={classes.resultHead}>
        <ResultTabs documentId={documentId} session={session} />
        <Elsewhere documentId={documentId} ranOn={session.ranOn} />
      </div>
      <div className={classes.resultBody} role="tabpanel" id={`${documentId}-results`} aria-labelledby={`${documentId}-tab-${shown}`}>
        {log.results.map((result, index) =>
          visited.has(result.resultId) ? (
            <div key={result.resultId} className={classes.resultPane} hidden={shown !== result.resultId}>
              <TracedGrid
                connectionId={session.ranOn}
                ref={shown === result.resultId ? grid : undefined}
                resultId={result.resultId}
                columns={result.columns}
                totalRows={result.rows}
                complete={result.complete}
                milliseconds={result.milliseconds}
                label={`Result ${index + 1} of ${title}`}
                query={queryOf(session, result.statement)}
                exportName={log.results.length === 1 ? title : `${title} ${index + 1}`}
              />
            </div>
          ) : null,
        )}
        {shown === 'messages' ? <Messages log={log} request={session.ran} error={session.error} busy={session.phase !== 'idle'} onReveal={onReveal} /> : null}
      </div>
    </div>
  );
});
