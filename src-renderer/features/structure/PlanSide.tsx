import { Alert, Badge, NumberInput, Switch, Text } from '@mantine/core';
import type { PlannedStatement, StructurePlan } from '../../../src-preload/contract/structure';
import type { StructureModel } from '../../../src-preload/contract/structureModel';
import { SqlText } from '../../components/SqlText';
import { StatementPanel } from '../queries/StatementPanel';
import type { PlanState } from './store';
import classes from './Structure.module.css';

const efforts = { catalog: null, scan: 'reads every row', rewrite: 'writes every row anew' } as const;

function Planned({ planned, place }: { readonly planned: PlannedStatement; readonly place: number }) {
  const effort = efforts[planned.effort];
  return (
    <div className={classes.statement}>
      <SqlText text={planned.text} label={`Statement ${place}`} className={classes.sql} />
      <div className={classes.facts}>
        {planned.destroys ? <Badge color="red">data is lost</Badge> : null}
        {effort === null ? null : <Badge color="orange">{effort}</Badge>}
        {planned.alone ? <Badge color="gray">by itself, after the rest</Badge> : null}
        <span>Lock: {planned.lock}.</span>
        {planned.note === null ? null : <span>{planned.note}</span>}
        {planned.safer.length > 0 ? <span>There is a safer way: see the switch.</span> : null}
      </div>
    </div>
  );
}

function Warnings({ plan, edits }: { readonly plan: StructurePlan; readonly edits: number }) {
  const messages = [...plan.problems.map(({ index, message }) => `Edit ${index + 1} of ${edits} is left out: ${message}`), ...plan.warnings];
  if (messages.length === 0) return null;
  return (
    <Alert color="orange" p="xs" role="status">
      {messages.map((message) => (
        <Text key={message} size="xs">
          {message}
        </Text>
      ))}
    </Alert>
  );
}

/** How it runs: together or one by one, and how long it waits for locks. */
function Manner({ statements, lockTimeoutMs }: { readonly statements: readonly PlannedStatement[]; readonly lockTimeoutMs: number }) {
  const together = statements.some(({ alone }) => !alone);
  const manner = !together ? 'Each statement by itself: what ran before a failure stays.' : statements.some(({ alone }) => alone) ? 'One transaction for all but those that run by themselves behind it.' : 'One transaction: all of it or nothing.';
  const waiting = lockTimeoutMs > 0 ? `No statement waits longer than ${lockTimeoutMs / 1000} s for a lock, so that nobody queues behind it for long.` : 'Statements wait for locks without a limit, and others queue behind them.';
  return (
    <Text size="xs" c="dimmed">
      {manner} {waiting}
    </Text>
  );
}

interface PlanSideProps {
  readonly connectionId: string;
  readonly state: PlanState;
  readonly edits: number;
  readonly options: { readonly lockTimeoutMs: number; readonly safer: boolean };
  readonly onOptions: (options: { lockTimeoutMs: number; safer: boolean }) => void;
  readonly creating: boolean;
  readonly onApplied: (target: StructureModel) => void;
  readonly onPartly: () => void;
}

/** The SQL that the edits come to, statement by statement, with what each costs others; and Apply. */
export function PlanSide({ connectionId, state, edits, options, onOptions, creating, onApplied, onPartly }: PlanSideProps) {
  const { plan } = state;
  const statements = plan?.statements ?? [];
  const hasSafer = options.safer || statements.some(({ safer }) => safer.length > 0);
  return (
    <StatementPanel
      connectionId={connectionId}
      text={plan?.script ?? ''}
      title={creating ? 'SQL that creates it' : 'SQL of the change'}
      applyLabel={creating ? 'Create' : 'Apply'}
      danger={statements.some(({ destroys }) => destroys)}
      empty={creating ? 'Nothing to create yet.' : 'No changes yet. Edit a name, a type or anything else at the left; its SQL appears here and runs only when you apply it.'}
      onDone={() => plan && onApplied(plan.target)}
      onPartly={onPartly}
      statements={
        <div style={{ display: 'grid', gap: 8 }}>
          {statements.map((planned, index) => (
            <Planned key={`${index} ${planned.text}`} planned={planned} place={index + 1} />
          ))}
          <Manner statements={statements} lockTimeoutMs={options.lockTimeoutMs} />
        </div>
      }
    >
      {plan ? <Warnings plan={plan} edits={edits} /> : null}
      {state.error ? <Alert color="red" p="xs">{state.error.message}</Alert> : null}
      {statements.length > 0 ? (
        <div style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
          <NumberInput label="Lock wait, seconds" w={130} min={0} max={3600} value={options.lockTimeoutMs / 1000} onChange={(value) => onOptions({ ...options, lockTimeoutMs: Math.round(Number(value) * 1000) })} />
          {hasSafer && !creating ? <Switch mt={18} label="The way that blocks least" checked={options.safer} onChange={(event) => onOptions({ ...options, safer: event.currentTarget.checked })} /> : null}
        </div>
      ) : null}
    </StatementPanel>
  );
}
