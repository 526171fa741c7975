import { ActionIcon, Badge, Button, CloseButton, Code, Loader, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconCopy, IconPlayerStop, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { isNewRow } from '../../../src-preload/contract/rowEditFold';
import type { RowChange } from '../../../src-preload/contract/rowEditLog';
import type { EditPlan, PlannedStatement } from '../../../src-preload/contract/rowEdits';
import { client } from '../../client';
import { SqlText } from '../../components/SqlText';
import { environmentLabel } from '../../shell/connectionLook';
import { newQuery } from '../../shell/documentActions';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { connectionOf } from '../connections/store';
import { ConflictView } from './ConflictView';
import { changeWords } from './tabEdits';
import type { ApplyState } from './useApply';
import type { RowEdits } from './useRowEdits';
import styles from './RowEdits.module.css';

interface ChangesPanelProps {
  readonly rowEdits: RowEdits;
  readonly connectionId: string;
  readonly onReload: () => void;
  readonly onClose: () => void;
}

const verbs = { insert: { word: 'Insert', color: 'green' }, update: { word: 'Update', color: 'yellow' }, delete: { word: 'Delete', color: 'red' } } as const;

/** `id 7`, or `new row` */
export function rowName(rowEdits: RowEdits, row: string): string {
  if (isNewRow(row)) return `new row ${row.slice('new:'.length)}`;
  try {
    const values = JSON.parse(row) as unknown[];
    return values.map((value, index) => `${rowEdits.target?.key[index] ?? ''} ${String(value)}`.trim()).join(', ');
  } catch {
    return row;
  }
}

const copyScript = (script: string): void => {
  client.application.copyText({ text: script }).then(
    () => showDone('Copied the SQL'),
    (error: unknown) => showError('Could not copy', error),
  );
};

function Statement({ rowEdits, statement }: { readonly rowEdits: RowEdits; readonly statement: PlannedStatement }) {
  const { row, kind } = statement;
  const problems = rowEdits.planned.plan?.problems.filter((problem) => problem.row === row) ?? [];
  if (row === null || kind === 'transaction') return <SqlText className={styles.own} text={statement.text} singleLine />;
  return (
    <div className={styles.change}>
      <div className={styles.changeHead}>
        <Badge color={verbs[kind].color}>{verbs[kind].word}</Badge>
        <span title={rowName(rowEdits, row)}>{rowName(rowEdits, row)}</span>
        <Tooltip label="Take this change back">
          <ActionIcon aria-label={`Take back: ${verbs[kind].word} ${rowName(rowEdits, row)}`} onClick={() => rowEdits.edits.step(() => [{ kind: 'discard', row }])}>
            <IconArrowBackUp size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <SqlText text={statement.text} maxLines={9} label={`${verbs[kind].word} ${rowName(rowEdits, row)}`} />
      {problems.map((problem) => (
        <div className={styles.problem} role="alert" key={`${problem.column ?? ''}${problem.message}`}>
          {problem.column === null ? '' : `${problem.column}: `}
          {problem.message}
        </div>
      ))}
    </div>
  );
}

function Failure({ rowEdits, state }: { readonly rowEdits: RowEdits; readonly state: ApplyState & { kind: 'failed' } }) {
  const where = state.row === null ? '' : ` at ${rowName(rowEdits, state.row)}${state.column === null ? '' : `, column ${state.column}`}`;
  return (
    <>
      <ErrorPanel error={state.error} title={`Nothing was changed: refused${where}`} actions={<Button variant="default" onClick={rowEdits.applying.dismiss}>Close</Button>} />
      {state.holders.map((holder) => (
        <Code block key={holder}>
          {holder}
        </Code>
      ))}
    </>
  );
}

function Unknown({ rowEdits, state, onReload }: { readonly rowEdits: RowEdits; readonly state: ApplyState & { kind: 'unknown' }; readonly onReload: () => void }) {
  const error = state.error ?? { code: 'connection_lost' as const, message: 'The program ended while these changes were being applied, and it is not known whether they took effect.', hint: 'Compare the rows with the changes before you apply them again.' };
  return (
    <ErrorPanel
      error={error}
      title="It is not known whether the changes took effect"
      retryLabel="Ask the server again"
      onRetry={rowEdits.applying.ask}
      actions={
        <>
          <Button variant="default" onClick={onReload}>
            Read the rows again
          </Button>
          <Button variant="default" onClick={rowEdits.applying.keepPending}>
            They did not: keep them pending
          </Button>
          <Button
            variant="default"
            onClick={() => {
              rowEdits.edits.clear();
              rowEdits.applying.dismiss();
              onReload();
            }}
          >
            They did: discard them here
          </Button>
        </>
      }
    />
  );
}

function Conflicts({ rowEdits, state, onReload }: { readonly rowEdits: RowEdits; readonly state: ApplyState & { kind: 'conflict' }; readonly onReload: () => void }) {
  const { edits, applying } = rowEdits;
  const settle = (row: string): void => applying.setConflicts(state.conflicts.filter((conflict) => conflict.row !== row));
  return (
    <>
      <Text size="sm" role="alert">
        Nothing was changed. {state.conflicts.length === 1 ? 'One row is' : `${state.conflicts.length} rows are`} not as you read {state.conflicts.length === 1 ? 'it' : 'them'}; decide, then apply again.
      </Text>
      {state.conflicts.map((conflict) => {
        const change: RowChange | undefined = edits.byRow.get(conflict.row);
        const { theirs, row } = conflict;
        if (change === undefined) return null;
        return (
          <ConflictView
            key={row}
            conflict={conflict}
            change={change}
            name={rowName(rowEdits, row)}
            onTakeTheirs={() => {
              edits.step(() => [{ kind: 'discard', row }]);
              settle(row);
              onReload();
            }}
            onKeepMine={() => {
              if (theirs !== null) edits.step(() => [{ kind: 'rebase', row, original: theirs }]);
              settle(row);
            }}
          />
        );
      })}
    </>
  );
}

/** What stands over the statements: how the last attempt ended. */
function Outcome({ rowEdits, onReload }: { readonly rowEdits: RowEdits; readonly onReload: () => void }) {
  const { state } = rowEdits.applying;
  if (state.kind === 'failed') return <Failure rowEdits={rowEdits} state={state} />;
  if (state.kind === 'conflict') return <Conflicts rowEdits={rowEdits} state={state} onReload={onReload} />;
  return state.kind === 'unknown' ? <Unknown rowEdits={rowEdits} state={state} onReload={onReload} /> : null;
}

function ApplyFoot({ rowEdits, connectionId, plan }: { readonly rowEdits: RowEdits; readonly connectionId: string; readonly plan: EditPlan | null }) {
  const { edits, applying } = rowEdits;
  const [asked, setAsked] = useState<string | null>(null);
  const connection = connectionOf(connectionId);
  const name = connection?.name ?? connectionId;
  const blocked = plan === null || !rowEdits.planned.current || plan.problems.length > 0 || applying.state.kind === 'unknown' || applying.state.kind === 'conflict';
  if (applying.state.kind === 'applying') {
    return (
      <footer className={styles.sideFoot} role="status">
        <Loader size={14} /> <Text size="sm">Applying</Text> <span className={styles.spring} />
        <Button variant="default" leftSection={<IconPlayerStop size={13} />} onClick={applying.cancel}>
          Stop
        </Button>
      </footer>
    );
  }
  if (plan !== null && asked === plan.hash && plan.confirmations.length > 0) {
    return (
      <footer className={styles.sideFoot} role="alertdialog" aria-label="Confirm the changes">
        <Text size="sm" w="100%">
          Nothing was sent yet. Run exactly these statements on <b>{name}</b>
          {connection ? ` (${environmentLabel[connection.environment]})` : ''}?
        </Text>
        <Button variant="default" autoFocus onClick={() => setAsked(null)}>
          Do not apply
        </Button>
        <Button
          color="red"
          onClick={() => {
            setAsked(null);
            applying.apply(plan, true);
          }}
        >
          Apply on {name}
        </Button>
      </footer>
    );
  }
  return (
    <footer className={styles.sideFoot}>
      <Button disabled={blocked} onClick={() => plan !== null && (plan.confirmations.length > 0 ? setAsked(plan.hash) : applying.apply(plan, false))}>
        Apply
      </Button>
      <Button variant="default" color="red" onClick={() => edits.step((log) => [...new Set(log.steps.flat().map(({ row }) => row))].map((row) => ({ kind: 'discard', row })))}>
        Discard all
      </Button>
      <span className={styles.spring} />
      <Tooltip label="Copy the SQL">
        <ActionIcon aria-label="Copy the SQL" disabled={plan === null} onClick={() => plan !== null && copyScript(plan.script)}>
          <IconCopy size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Open the SQL in a query tab">
        <ActionIcon aria-label="Open the SQL in a query tab" disabled={plan === null} onClick={() => plan !== null && newQuery(plan.script, connectionId)}>
          <IconTerminal2 size={15} />
        </ActionIcon>
      </Tooltip>
    </footer>
  );
}

/** The pending changes of a table as the statements that will run, in their order, and what became of them. */
export function ChangesPanel({ rowEdits, connectionId, onReload, onClose }: ChangesPanelProps) {
  const { edits, planned, target } = rowEdits;
  return (
    <aside className={styles.side} aria-label="Changes" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header className={styles.sideHead}>
        <span className={styles.sideTitle}>
          <b>Changes</b>{' '}
          <Text span size="xs" c="dimmed">
            {changeWords(edits.log)}
          </Text>
        </span>
        <CloseButton size="sm" aria-label="Close the changes" onClick={onClose} />
      </header>
      <div className={styles.sideBody}>
        <Outcome rowEdits={rowEdits} onReload={onReload} />
        {planned.error ? <ErrorPanel error={planned.error} title="The statements could not be planned; the changes are kept" /> : null}
        {edits.changes.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing is pending. Double-click a cell, or press F2, to edit it.
          </Text>
        ) : (
          <Text size="xs" c="dimmed">
            These run in this order, all or nothing, and only while each row still is as you read it.
          </Text>
        )}
        {target?.notes.map((note) => (
          <Text size="xs" key={note}>
            {note}
          </Text>
        ))}
        {planned.plan?.statements.map((statement, index) => <Statement key={`${index}${statement.row ?? ''}`} rowEdits={rowEdits} statement={statement} />)}
      </div>
      {edits.changes.length > 0 || rowEdits.applying.state.kind === 'applying' ? <ApplyFoot rowEdits={rowEdits} connectionId={connectionId} plan={planned.plan} /> : null}
    </aside>
  );
}
