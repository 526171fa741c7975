import { Button, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconQuestionMark } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { client, errorData } from '../../client';
import { Markdown } from '../../components/Markdown';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCompact, formatCount } from '../../shell/format';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Explanation, ExplainSectionId } from '../../../src-preload/contract/explain';
import { countUpTo, countWords, evidenceOf, type Evidence as Facts } from './evidenceFacts';
import type { SqlPart } from './SqlCard';
import styles from './Assistant.module.css';

interface EvidenceProps {
  readonly part: SqlPart;
  readonly conversationId: string;
  readonly connectionId: string;
  /** What Claude wrote in the same answer. */
  readonly said: string;
}

function useExplained(connectionId: string, text: string) {
  const [state, setState] = useState<{ readonly explanation: Explanation | null; readonly problem: AppErrorData | null; readonly error: AppErrorData | null }>({ explanation: null, problem: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    client.explain.statement({ connectionId, text }, { signal: abort.signal }).then(
      ({ explanation, problem }) => setState({ explanation, problem, error: null }),
      (thrown: unknown) => abort.signal.aborted || setState({ explanation: null, problem: null, error: errorData(thrown) }),
    );
    return () => abort.abort();
  }, [connectionId, text]);
  return state;
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.evidence}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Sentences({ texts, none }: { readonly texts: readonly string[]; readonly none: string }) {
  if (texts.length === 0) return <p>{none}</p>;
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>
          <Markdown text={text} />
        </li>
      ))}
    </ul>
  );
}

function Marked({ facts, kind }: { readonly facts: Facts; readonly kind: 'checked' | 'notChecked' }) {
  return (
    <ul className={styles.marked}>
      {kind === 'checked'
        ? facts.checked.map(({ text, good }) => (
            <li key={text}>
              {good ? <IconCheck size={13} aria-label="passed" /> : <IconAlertTriangle size={13} aria-label="look at this" />}
              <Markdown text={text} />
            </li>
          ))
        : facts.notChecked.map((text) => (
            <li key={text}>
              <IconQuestionMark size={13} aria-label="not checked" />
              <span>{text}</span>
            </li>
          ))}
    </ul>
  );
}

/** Counts the rows of each table in the read-only lane, up to a limit. */
function Counts({ tables, conversationId }: { readonly tables: readonly string[]; readonly conversationId: string }) {
  const [counts, setCounts] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const count = async (): Promise<void> => {
    setBusy(true);
    const found: string[] = [];
    for (const table of tables) found.push(`\`${table}\`: ${await countUpTo(conversationId, table).then(countWords, (error: unknown) => errorData(error).message)}`);
    setCounts(found);
    setBusy(false);
  };
  if (tables.length === 0) return null;
  if (counts) return <Sentences texts={counts} none="" />;
  return (
    <Button size="compact-xs" variant="default" loading={busy} onClick={() => void count()}>
      Count the tables now
    </Button>
  );
}

const rowsCame = ({ rows, truncated, check }: SqlPart): string => {
  const came = rows === null ? 'It has not run yet.' : `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} came back${truncated ? ', and then the limit of the lane cut it: there are more.' : ', which is all of them.'}`;
  return check.estimatedRows === null ? came : `${came} The planner expected about ${formatCompact(check.estimatedRows)}.`;
};

/** “How do I know this is right”: what the query read and how it was checked, from its parse tree, the catalog and the lane; what Claude said stands apart. */
export function Evidence({ part, conversationId, connectionId, said }: EvidenceProps) {
  const { explanation, problem, error } = useExplained(connectionId, part.text);
  if (error) return <ErrorPanel error={error} title="The query could not be looked into" />;
  if (!explanation) return <Loader size="xs" m="sm" aria-label="Looking into the query" />;
  const texts = (id: ExplainSectionId): string[] => explanation.sections.find((section) => section.id === id)?.items.map(({ text }) => text) ?? [];
  const facts = evidenceOf(part, explanation, problem);
  return (
    <div className={styles.evidencePanel} role="region" aria-label="How do I know this is right">
      <Section title="Tables used">
        <Sentences texts={texts('tables')} none="It reads no table." />
        <Counts tables={facts.countable} conversationId={conversationId} />
      </Section>
      <Section title="Filters">
        <Sentences texts={facts.filters} none="No row is left out by a condition." />
      </Section>
      <Section title="Joins and grouping">
        <Sentences texts={texts('joins')} none="Nothing is joined or grouped." />
      </Section>
      <Section title="Rows">
        <p>{rowsCame(part)}</p>
      </Section>
      <Section title="Checked">
        <Marked facts={facts} kind="checked" />
      </Section>
      <Section title="Not checked">
        <Marked facts={facts} kind="notChecked" />
      </Section>
      {said.trim() === '' ? null : (
        <Section title="What Claude said of it">
          <Text size="xs" c="dimmed">
            Its reading of the question, in its own words. Nothing here was checked.
          </Text>
          <blockquote>
            <Markdown text={said} />
          </blockquote>
        </Section>
      )}
    </div>
  );
}
