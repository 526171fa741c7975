import { ActionIcon, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { ExplainItem, Explanation, ExplainSectionId } from '../../../src-preload/contract/explain';
import { client } from '../../client';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { InDepth } from './InDepth';
import { explainStatement, type ExplainView } from './store';
import classes from './Explain.module.css';

type Span = ExplainItem['span'];

interface ExplainPaneProps {
  readonly tabId: string;
  readonly view: ExplainView;
  readonly onClose: () => void;
  /** Marks a part of the statement; null takes the mark away. Without it the pane shows the statement itself. */
  readonly onSpan?: (span: Span) => void;
}

/** Names and SQL stand between backticks. */
function Sentence({ text }: { readonly text: string }) {
  const parts = text.split(/(`` .+? ``|`[^`]+`)/);
  return <>{parts.map((part, index): ReactNode => (index % 2 === 0 ? part : <code key={index}>{part.replace(/^`+ ?| ?`+$/g, '')}</code>))}</>;
}

interface ItemProps {
  readonly item: ExplainItem;
  readonly statement: string;
  readonly number: number | null;
  readonly onSpan: (span: Span) => void;
}

/** One sentence, with the text that it speaks of below it; pointing at it marks that text. */
function Item({ item, statement, number, onSpan }: ItemProps) {
  const { text, span, depth, level } = item;
  const clause = span ? statement.slice(span.from, span.to).replace(/\s+/g, ' ') : '';
  const told = clause === '' || clause.length >= statement.trim().length || text.includes(`\`${clause}\``);
  const body = (
    <>
      {level === 'plain' ? null : level === 'note' ? <IconInfoCircle size={14} aria-label="Note" /> : <IconAlertTriangle size={14} aria-label={level === 'serious' ? 'Serious' : 'Warning'} />}
      {number === null ? null : <span className={classes.number}>{number}</span>}
      <span className={classes.words}>
        <Sentence text={text} />
        {told ? null : (
          <span className={classes.clause} title={clause}>
            {clause}
          </span>
        )}
      </span>
    </>
  );
  return (
    <li style={{ marginLeft: depth === 0 ? 0 : 14 + depth * 14 }} data-inner={depth > 0 || undefined}>
      {span ? (
        <button type="button" className={classes.item} data-level={level} onMouseEnter={() => onSpan(span)} onMouseLeave={() => onSpan(null)} onFocus={() => onSpan(span)} onBlur={() => onSpan(null)}>
          {body}
        </button>
      ) : (
        <div className={classes.item} data-level={level}>
          {body}
        </div>
      )}
      {item.statement === null ? null : <SqlText text={item.statement} label="What may help" />}
    </li>
  );
}

/** Long lists that a person looks things up in begin closed. */
const LOOK_UP: readonly ExplainSectionId[] = ['columns'];

function Section({ id, title, items, statement, onSpan }: Explanation['sections'][number] & Pick<ItemProps, 'statement' | 'onSpan'>) {
  let outer = 0;
  const numbered = items.map((item) => (id === 'steps' && item.depth === 0 ? (outer += 1) : null));
  return (
    <details className={classes.section} open={!LOOK_UP.includes(id) || items.length <= 6}>
      <summary>
        {title} <span className={classes.count}>{items.length}</span>
      </summary>
      <ul>
        {items.map((item, index) => (
          <Item key={index} item={item} statement={statement} number={numbered[index] ?? null} onSpan={onSpan} />
        ))}
      </ul>
    </details>
  );
}

/** The statement with the part that is pointed at. */
function Statement({ text, span }: { readonly text: string; readonly span: Span }) {
  return (
    <pre className={classes.statement} tabIndex={0} aria-label="Explained statement">
      {span ? (
        <>
          {text.slice(0, span.from)}
          <mark>{text.slice(span.from, span.to)}</mark>
          {text.slice(span.to)}
        </>
      ) : (
        text
      )}
    </pre>
  );
}

function Shown({ view, explanation, onSpan }: { readonly view: ExplainView; readonly explanation: Explanation; readonly onSpan: (span: Span) => void }) {
  const [summary, ...sections] = explanation.sections;
  return (
    <>
      <div className={classes.summary}>
        {summary?.items.map(({ text }, index) => (
          <p key={index}>
            <Sentence text={text} />
          </p>
        ))}
        {view.problem ? (
          <Text size="xs" c="dimmed">
            {explanation.sources.catalog ? 'Without a plan' : 'From the text alone'}: {view.problem.message}
          </Text>
        ) : null}
      </div>
      {sections.map((section) => (
        <Section key={section.id} {...section} statement={explanation.statement} onSpan={onSpan} />
      ))}
    </>
  );
}

/** The word where the grammar stumbled; at the end of the text the last sign. */
function placeOf(text: string, position: number): Span {
  const from = Math.min(position, text.length - 1);
  return { from, to: from + (/^\w+/.exec(text.slice(from))?.[0].length ?? 1) };
}

function copy(markdown: string): void {
  client.application.copyText({ text: markdown }).then(
    () => showDone('Copied the explanation'),
    (error: unknown) => showError('Could not copy', error),
  );
}

/** What a statement does, in plain words, beside the place where it stands. */
export function ExplainPane({ tabId, view, onClose, onSpan }: ExplainPaneProps) {
  const [own, setOwn] = useState<Span>(null);
  const point = onSpan ?? setOwn;
  // What was marked must not outlive the pane.
  useEffect(() => () => onSpan?.(null), [onSpan]);
  const { explanation, depth, error, text } = view;
  useEffect(() => {
    if (error?.position !== undefined) point(placeOf(text, error.position));
  }, [error, text, point]);
  const markdown = depth.text === '' ? view.markdown : `${view.markdown}\n## In more depth\n\n${depth.text}\n`;
  return (
    <section className={classes.pane} aria-label="Explanation">
      <header className={classes.head}>
        <Text size="sm" fw={600} truncate>
          Explanation{explanation ? ` of ${explanation.command}` : ''}
        </Text>
        <Tooltip label="Copy as Markdown">
          <ActionIcon ml="auto" aria-label="Copy as Markdown" disabled={!explanation} onClick={() => copy(markdown)}>
            <IconCopy size={15} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon aria-label="Close the explanation" onClick={onClose}>
          <IconX size={15} />
        </ActionIcon>
      </header>
      {onSpan ? null : <Statement text={view.text} span={own} />}
      <div className={classes.body} tabIndex={0} role="region" aria-label="What the statement does">
        {view.state === 'running' ? (
          <Stack p="sm" gap={8} role="status" aria-label="Reading the statement">
            <Skeleton height={14} />
            <Skeleton height={14} width="80%" />
            <Skeleton height={14} width="60%" />
          </Stack>
        ) : null}
        {view.state === 'failed' && view.error ? (
          <div className={classes.failed}>
            <ErrorPanel error={view.error} title="This could not be explained" {...(view.error.code === 'bad_input' ? {} : { onRetry: () => void explainStatement(tabId, view.connectionId, view.text, view.offset) })} />
          </div>
        ) : null}
        {explanation ? <Shown view={view} explanation={explanation} onSpan={point} /> : null}
        {explanation ? <InDepth tabId={tabId} depth={depth} /> : null}
      </div>
    </section>
  );
}
