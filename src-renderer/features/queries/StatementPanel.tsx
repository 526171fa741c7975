import { Button, Group, Loader, Text } from '@mantine/core';
import { IconCopy, IconExternalLink, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { client } from '../../client';
import { SqlText } from '../../components/SqlText';
import { newQuery } from '../../shell/documentActions';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { useConnection } from '../connections/store';
import { ConfirmPanel } from './ConfirmPanel';
import { notSent, runStatements, type StatementOutcome } from './statementRun';
import classes from './StatementPanel.module.css';

export interface StatementPanelProps {
  readonly connectionId: string;
  /** Exactly what is sent. */
  readonly text: string;
  readonly title: string;
  readonly applyLabel: string;
  /** Destroys something: the button is red. */
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Beside the statements: what to know and to choose before. */
  readonly children?: ReactNode;
  /** In place of the plain text, where each statement has something to say. */
  readonly statements?: ReactNode;
  readonly empty: string;
  readonly onDone: (outcome: Extract<StatementOutcome, { kind: 'done' }>) => void;
  /** After a failure of which something stayed. */
  readonly onPartly?: () => void;
}

function Failure({ outcome }: { readonly outcome: Extract<StatementOutcome, { kind: 'failed' }> }) {
  const { error, statement, rolledBack, done } = outcome;
  const what = rolledBack ? 'Nothing was changed' : error.code === 'connection_lost' ? 'It is not known what the server kept: look before you send it again' : done > 0 ? `Statement ${done + 1} failed; what ran before it stays` : 'It failed';
  return (
    <div className={classes.failure}>
      <ErrorPanel error={error} title={what} />
      {statement === '' ? null : <SqlText text={statement} maxLines={6} label="Statement that failed" className={classes.wrap} />}
    </div>
  );
}

/** A change as its exact SQL, which can be copied, opened in a query tab, or sent after the policy's confirmations. */
export function StatementPanel({ connectionId, text, title, applyLabel, danger, disabled, children, statements, empty, onDone, onPartly }: StatementPanelProps) {
  const connection = useConnection(connectionId);
  const [running, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<{ of: string; value: StatementOutcome } | null>(null);
  const abort = useRef<AbortController | null>(null);
  const shown = outcome?.of === text ? outcome.value : null;

  const send = (confirmedHash?: string): void => {
    if (abort.current) return;
    const controller = new AbortController();
    abort.current = controller;
    setRunning(true);
    setOutcome(null);
    void runStatements(connectionId, text, { signal: controller.signal, ...(confirmedHash === undefined ? {} : { confirmedHash }) })
      .catch(notSent)
      .then((value) => {
        setOutcome({ of: text, value });
        if (value.kind === 'done') onDone(value);
        if (value.kind === 'failed' && !value.rolledBack && value.done > 0) onPartly?.();
      })
      .finally(() => {
        abort.current = null;
        setRunning(false);
      });
  };
  const copy = (): void => {
    client.application.copyText({ text }).then(
      () => showDone('Copied the SQL'),
      (error: unknown) => showError('Could not copy', error),
    );
  };

  if (shown?.kind === 'confirm') {
    return (
      <div className={classes.panel}>
        <ConfirmPanel
          key={shown.hash}
          pending={{ confirmations: shown.confirmations, hash: shown.hash, request: { text, offset: 0, scope: 'all' }, connectionId, parameters: null }}
          connection={connection}
          onConfirm={() => send(shown.hash)}
          onDismiss={() => setOutcome(null)}
        />
      </div>
    );
  }
  return (
    <section className={classes.panel} aria-label={title}>
      <header className={classes.head}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Group gap={4} ml="auto" wrap="nowrap">
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconCopy size={13} />} disabled={text === ''} onClick={copy}>
            Copy
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconExternalLink size={13} />} disabled={text === ''} onClick={() => newQuery(`${text}\n`, connectionId, title)}>
            Open in a query
          </Button>
        </Group>
      </header>
      {/* Above the text, where no notification covers the button. */}
      <div className={classes.foot}>
        {running ? (
          <>
            <Button color="red" variant="light" onClick={() => abort.current?.abort()}>
              Stop
            </Button>
            <Text size="sm" c="dimmed" role="status">
              <Loader size={12} mr={6} /> running on {connection?.name ?? connectionId}…
            </Text>
          </>
        ) : (
          <Button color={danger ? 'red' : undefined} leftSection={<IconPlayerPlayFilled size={13} />} disabled={text === '' || disabled} onClick={() => send()}>
            {applyLabel}
          </Button>
        )}
      </div>
      <div className={classes.body}>
        {shown?.kind === 'failed' ? <Failure outcome={shown} /> : null}
        {children}
        {text === '' ? (
          <Text size="sm" c="dimmed">
            {empty}
          </Text>
        ) : (
          (statements ?? <SqlText text={text} label="SQL" className={classes.wrap} />)
        )}
      </div>
    </section>
  );
}
