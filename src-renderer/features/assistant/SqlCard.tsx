import { Badge, Button, Loader, Text, Tooltip } from '@mantine/core';
import { IconBookmark, IconChartBar, IconCopy, IconExternalLink, IconInfoCircle, IconPencil, IconPlayerPlay, IconPlayerStop, IconShieldCheck, IconShieldQuestion, IconShieldX, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useRef, useState } from 'react';
import type { MessagePart } from '../../../src-preload/contract/assistant';
import type { ChartSpec } from '../../../src-preload/contract/charts';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { CodeEditor, type CodeEditorHandle } from '../../components/CodeEditor';
import { SqlWarnings } from './SqlWarnings';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { formatCompact, formatCount } from '../../shell/format';
import { newQuery } from '../../shell/documentActions';
import { PinToDashboard, type Pinned } from '../dashboards/PinToDashboard';
import { Evidence } from './Evidence';
import styles from './Assistant.module.css';

// The library that draws is large, and most answers are read.
const AnswerChart = lazy(() => import('./AnswerChart').then((module) => ({ default: module.AnswerChart })));

export type SqlPart = Extract<MessagePart, { kind: 'sql' }>;

interface SqlCardProps {
  readonly part: SqlPart;
  readonly conversationId: string;
  /** The answer that it stands in. */
  readonly messageId: string;
  readonly connectionId: string;
  /** What Claude wrote in the same answer. */
  readonly said: string;
  /** The result that is shown beside the chat. */
  readonly shownResult: string | null;
  /** Shows a query's rows beside the chat. */
  readonly onShow: (part: SqlPart) => void;
  /** Explains a query beside the chat. */
  readonly onExplain: (sql: string) => void;
}

function CheckBadges({ part }: { readonly part: SqlPart }) {
  const { verdict, resolved, problems, estimatedRows, estimatedCost } = part.check;
  const good = verdict.readOnly && resolved && problems.length === 0;
  const hint = verdict.readOnly ? [verdict.reason, ...problems].filter(Boolean).join('; ') || 'It only reads, and every name in it exists' : verdict.reason;
  return (
    <>
      <Tooltip label={hint} multiline maw={380}>
        <Badge color={good ? 'teal' : verdict.readOnly ? 'yellow' : 'red'} leftSection={verdict.readOnly ? <IconShieldCheck size={12} /> : <IconShieldX size={12} />} tabIndex={0}>
          {verdict.readOnly ? (good ? 'read-only, checked' : 'read-only') : 'refused'}
        </Badge>
      </Tooltip>
      {estimatedRows === null ? null : (
        <Text span size="xs" c="dimmed" title={estimatedCost === null ? undefined : `The planner’s cost: ${formatCount(Math.round(estimatedCost))}`}>
          ~{formatCompact(estimatedRows)} rows{estimatedCost === null ? '' : `, cost ${formatCompact(estimatedCost)}`}
        </Text>
      )}
    </>
  );
}

/** Runs the card's query in the read-only lane. */
function useRun(original: SqlPart, conversationId: string, onShow: (part: SqlPart) => void) {
  const [ran, setRan] = useState<SqlPart | null>(null);
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  const run = async (text: string): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    setFailure(null);
    try {
      const part = await client.assistant.runSql({ conversationId, text }, { signal: abort.signal });
      if (part.kind !== 'sql') return;
      const titled = { ...part, title: part.title || original.title, view: original.view };
      setRan(titled);
      if (titled.resultId !== null) onShow(titled);
    } catch (error) {
      if (errorData(error).code !== 'cancelled') setFailure(errorData(error));
    } finally {
      setBusy(false);
    }
  };
  return { ran, failure, busy, run, stop: () => running.current?.abort(), forget: () => setRan(null) };
}

function copy(text: string): void {
  client.application.copyText({ text }).then(
    () => showDone('Copied the SQL'),
    (error: unknown) => showError('Could not copy', error),
  );
}

/** What keeps a query with its question; null where its check was not good. */
function rememberer({ check, text }: SqlPart, conversationId: string, messageId: string): (() => void) | null {
  if (!check.verdict.readOnly || check.problems.length > 0) return null;
  return () => {
    client.assistant.remember({ conversationId, messageId, text }).then(
      () => showDone('Remembered: it goes along with questions like this one'),
      (error: unknown) => showError('It was not remembered', error),
    );
  };
}

const hasRows = (part: SqlPart): part is SqlPart & { readonly resultId: string } => part.resultId !== null;

/** What the person sees of an answer is pinned so. */
function pinnedOf(part: SqlPart, connectionId: string, chosen: ChartSpec | null): Pinned | null {
  if (!hasRows(part)) return null;
  return { connectionId, sql: part.text, title: part.title || 'Answer', resultId: part.resultId, view: chosen ? { kind: 'chart', chart: chosen } : part.view };
}

function rowsWords(part: SqlPart): string {
  if (part.rows === null) return 'Rows';
  return `${formatCount(part.rows)}${part.truncated ? ' first' : ''} ${part.rows === 1 ? 'row' : 'rows'}`;
}

function Editor({ text, onRun, onCancel }: { readonly text: string; readonly onRun: (text: string) => void; readonly onCancel: () => void }) {
  const editor = useRef<CodeEditorHandle>(null);
  const run = (): void => {
    const edited = editor.current?.text() ?? text;
    if (edited.trim() !== '') onRun(edited);
  };
  return (
    <>
      <div className={styles.editor} style={{ height: Math.min(320, Math.max(90, (text.split('\n').length + 2) * 20)) }}>
        <CodeEditor ref={editor} value={text} label="Edit the query" onRun={run} onStop={onCancel} />
      </div>
      <div className={styles.cardActions}>
        <Button size="compact-xs" leftSection={<IconPlayerPlay size={13} />} onClick={run}>
          Run
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </>
  );
}

interface ActionsProps {
  readonly part: SqlPart;
  readonly connectionId: string;
  /** Whether its rows are the ones beside the chat. */
  readonly shown: boolean;
  readonly busy: boolean;
  readonly onShow: () => void;
  /** Whether its rows are drawn in the card. */
  readonly charted: boolean;
  readonly onChart: () => void;
  /** Null while there are no rows. */
  readonly pinned: Pinned | null;
  readonly onRun: () => void;
  readonly onStop: () => void;
  readonly onEdit: () => void;
  readonly onExplain: () => void;
  /** Whether it is shown why the answer may be trusted. */
  readonly proven: boolean;
  readonly onProve: () => void;
  /** Keeps the query with its question; null where its check was not good. */
  readonly onRemember: (() => void) | null;
  /** Goes back to what Claude wrote; null when it was not edited. */
  readonly onForget: (() => void) | null;
}

function Actions({ part, connectionId, shown, busy, onShow, charted, onChart, pinned, onRun, onStop, onEdit, onExplain, proven, onProve, onRemember, onForget }: ActionsProps) {
  const ran = part.resultId !== null;
  const quiet = { size: 'compact-xs', variant: 'subtle', color: 'gray' } as const;
  return (
    <div className={styles.cardActions}>
      {ran ? (
        <>
          <Button size="compact-xs" variant={shown ? 'filled' : 'light'} leftSection={<IconTable size={13} />} onClick={onShow}>
            {rowsWords(part)}
          </Button>
          <Button size="compact-xs" variant={charted ? 'filled' : 'light'} aria-pressed={charted} leftSection={<IconChartBar size={13} />} onClick={onChart}>
            Chart
          </Button>
        </>
      ) : null}
      {pinned ? <PinToDashboard pinned={pinned} /> : null}
      {busy ? (
        <Button size="compact-xs" variant="default" leftSection={<Loader size={10} />} rightSection={<IconPlayerStop size={12} />} onClick={onStop}>
          Running
        </Button>
      ) : (
        <Button {...(ran ? quiet : { size: 'compact-xs' as const })} leftSection={<IconPlayerPlay size={13} />} onClick={onRun}>
          {ran ? 'Run again' : 'Run'}
        </Button>
      )}
      <Button {...quiet} leftSection={<IconPencil size={13} />} onClick={onEdit}>
        Edit and run
      </Button>
      <Button {...quiet} leftSection={<IconInfoCircle size={13} />} onClick={onExplain}>
        Explain
      </Button>
      <Button {...quiet} aria-expanded={proven} leftSection={<IconShieldQuestion size={13} />} onClick={onProve}>
        How do I know this is right
      </Button>
      <Button {...quiet} leftSection={<IconExternalLink size={13} />} onClick={() => newQuery(`${part.text}\n`, connectionId, part.title || undefined)}>
        Open in editor
      </Button>
      <Button {...quiet} leftSection={<IconCopy size={13} />} onClick={() => copy(part.text)}>
        Copy
      </Button>
      {onRemember ? (
        <Button {...quiet} leftSection={<IconBookmark size={13} />} title="Goes along with questions like this one" onClick={onRemember}>
          Remember
        </Button>
      ) : null}
      {onForget ? (
        <Button {...quiet} onClick={onForget}>
          Claude’s version
        </Button>
      ) : null}
    </div>
  );
}

/** A query that Claude wrote: what the check says, its text, and what can be done with it. */
export function SqlCard({ part: original, conversationId, messageId, connectionId, said, shownResult, onShow, onExplain }: SqlCardProps) {
  const { ran, failure, busy, run, stop, forget } = useRun(original, conversationId, onShow);
  const [editing, setEditing] = useState(false);
  const part = ran ?? original;
  const [charted, setCharted] = useState<boolean | null>(null);
  const drawn = charted ?? part.view !== null;
  const [chosen, setChosen] = useState<ChartSpec | null>(null);
  const [proven, setProven] = useState(false);
  const edited = part.text !== original.text;
  return (
    <section className={styles.card} aria-label={`Query: ${part.title || 'SQL'}`}>
      <div className={styles.cardHead}>
        <Text span size="sm" fw={600} truncate title={part.title} flex="0 1 auto">
          {part.title || 'Query'}
        </Text>
        <CheckBadges part={part} />
        {edited ? <Badge color="gray">edited by you</Badge> : null}
      </div>
      {editing ? (
        <Editor
          text={part.text}
          onCancel={() => setEditing(false)}
          onRun={(text) => {
            setEditing(false);
            void run(text);
          }}
        />
      ) : (
        <>
          <SqlText text={part.text} maxLines={18} />
          <SqlWarnings warnings={part.check.warnings} />
          {part.check.verdict.readOnly ? null : (
            <Text size="xs" c="red" px="sm" pt={4}>
              Not run: {part.check.verdict.reason}
            </Text>
          )}
          {part.error ? (
            <div style={{ padding: '6px 8px 0' }}>
              <ErrorPanel error={part.error} />
            </div>
          ) : null}
          {failure ? (
            <div style={{ padding: '6px 8px 0' }}>
              <ErrorPanel error={failure} />
            </div>
          ) : null}
          <Actions part={part} connectionId={connectionId} shown={shownResult === part.resultId} busy={busy} onShow={() => onShow(part)} charted={drawn} onChart={() => setCharted(!drawn)} pinned={pinnedOf(part, connectionId, chosen)} onRun={() => void run(part.text)} onStop={stop} onEdit={() => setEditing(true)} onExplain={() => onExplain(part.text)} proven={proven} onProve={() => setProven(!proven)} onRemember={rememberer(part, conversationId, messageId)} onForget={edited ? forget : null} />
          {drawn && hasRows(part) ? (
            <Suspense fallback={<Loader size="xs" m="sm" />}>
              <AnswerChart key={part.resultId} part={part} chosen={chosen} onChoose={setChosen} />
            </Suspense>
          ) : null}
          {proven ? <Evidence key={part.text} part={part} conversationId={conversationId} connectionId={connectionId} said={edited ? '' : said} /> : null}
        </>
      )}
    </section>
  );
}
