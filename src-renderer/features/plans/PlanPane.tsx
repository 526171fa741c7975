import { Button, Group, Loader, SegmentedControl, Text } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { QueryPlan } from '../../../src-preload/contract/plans';
import { client } from '../../client';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { formatCount, formatDuration } from '../../shell/format';
import { useConnection } from '../connections/store';
import { NodeDetail } from './NodeDetail';
import { PlanTree } from './PlanTree';
import { closePlan, explain, type PlanView } from './store';
import classes from './Plans.module.css';

function headline(plan: QueryPlan): string {
  const cost = `cost ${formatCount(Math.round(plan.totalCost))}, about ${formatCount(plan.estimatedRows)} ${plan.estimatedRows === 1 ? 'row' : 'rows'} expected`;
  if (plan.executionMs === null) return `Planned, not run · ${cost}`;
  return `${formatDuration(plan.executionMs)} measured${plan.lane === 'rolled back' ? ', rolled back' : ', read-only'} · planned in ${formatDuration(plan.planningMs ?? 0)} · ${cost}`;
}

function Confirm({ documentId, view }: { readonly documentId: string; readonly view: PlanView }) {
  const connection = useConnection(view.connectionId);
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <section className={classes.confirm} role="alertdialog" aria-label="Run it to measure it?">
      <Group gap={8} wrap="nowrap" align="flex-start">
        <IconAlertTriangle size={18} aria-hidden style={{ flex: 'none' }} />
        <div>
          <Text fw={600}>Nothing was sent yet. Run it on {connection?.name ?? view.connectionId} to measure it?</Text>
          <Text size="sm">{view.error?.message}</Text>
          <Text size="sm" c="dimmed">
            {view.error?.hint}
          </Text>
        </div>
      </Group>
      <SqlText text={`BEGIN;\nEXPLAIN (ANALYZE, BUFFERS) ${view.text.trim().replace(/;$/, '')};\nROLLBACK;`} maxLines={10} label="Statement to measure" />
      <Group gap={8}>
        <Button color="red" onClick={() => void explain(documentId, view.connectionId, view.text, true, true)}>
          Run it and roll back
        </Button>
        <Button variant="default" ref={no} onClick={() => closePlan(documentId)}>
          Do not run
        </Button>
      </Group>
    </section>
  );
}

function Shown({ documentId, view, plan }: { readonly documentId: string; readonly view: PlanView; readonly plan: QueryPlan }) {
  const [face, setFace] = useState<'tree' | 'text' | 'json'>('tree');
  const [selected, setSelected] = useState(plan.findings[0]?.node ?? 0);
  const settings = Object.entries(plan.settings);
  const text = face === 'json' ? plan.json : plan.text;
  const copy = (): void => {
    client.application.copyText({ text }).then(
      () => showDone('Copied the plan'),
      (error: unknown) => showError('Could not copy', error),
    );
  };
  return (
    <>
      <header className={classes.head}>
        <Text size="sm" fw={600} truncate>
          {headline(plan)}
        </Text>
        {settings.length > 0 ? (
          <Text size="xs" c="dimmed" truncate title={settings.map(([name, value]) => `${name} = ${value}`).join('\n')}>
            {settings.length === 1 ? `${settings[0]?.[0]} = ${settings[0]?.[1]}` : `${settings.length} settings differ from the defaults`}
          </Text>
        ) : null}
        <Group gap={6} ml="auto" wrap="nowrap">
          {plan.analyzed ? null : (
            <Button size="compact-xs" variant="default" onClick={() => void explain(documentId, view.connectionId, view.text, true)}>
              Measure (runs it)
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconCopy size={13} />} onClick={copy}>
            Copy
          </Button>
          <SegmentedControl aria-label="Face of the plan" data={[{ value: 'tree', label: 'Tree' }, { value: 'text', label: 'Text' }, { value: 'json', label: 'JSON' }]} value={face} onChange={(value) => setFace(value)} />
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconX size={13} />} onClick={() => closePlan(documentId)}>
            Close
          </Button>
        </Group>
      </header>
      {face === 'tree' ? (
        <div className={classes.columns}>
          <PlanTree plan={plan} selected={selected} onSelect={setSelected} />
          <NodeDetail plan={plan} selected={selected} onSelect={setSelected} />
        </div>
      ) : (
        <pre className={classes.raw} tabIndex={0} aria-label={face === 'text' ? 'Plan as text' : 'Plan as JSON'}>
          {text}
        </pre>
      )}
    </>
  );
}

/** The plan of a query tab's statement, in the place of its results. */
export function PlanPane({ documentId, view }: { readonly documentId: string; readonly view: PlanView }) {
  if (view.state === 'confirm') return <Confirm documentId={documentId} view={view} />;
  return (
    <section className={classes.pane} aria-label="Plan of the statement">
      {view.state === 'running' ? (
        <Group p="md" gap={10} role="status">
          <Loader size={14} /> <Text size="sm">{view.analyze ? 'Running and measuring…' : 'Planning…'}</Text>
          <Button size="compact-xs" color="red" variant="light" onClick={() => closePlan(documentId)}>
            Stop
          </Button>
        </Group>
      ) : null}
      {view.state === 'failed' && view.error ? (
        <div style={{ padding: 12 }}>
          <ErrorPanel
            error={view.error.hint || view.error.serverCode !== '42P01' ? view.error : { ...view.error, hint: 'Plans are made on a session of their own, which does not see this tab’s temporary tables, SET search_path or open transaction. Write the schema before the name.' }}
            title="There is no plan"
            actions={
              <Button variant="default" onClick={() => closePlan(documentId)}>
                Close
              </Button>
            }
          />
        </div>
      ) : null}
      {view.plan ? <Shown key={view.plan.json.length + view.text} documentId={documentId} view={view} plan={view.plan} /> : null}
    </section>
  );
}
