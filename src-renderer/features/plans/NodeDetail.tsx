import { Anchor, Badge, Text } from '@mantine/core';
import { SqlText } from '../../components/SqlText';
import { formatBytes, formatCount, formatDuration } from '../../shell/format';
import type { PlanFinding, PlanNode, QueryPlan } from '../../../src-preload/contract/plans';
import classes from './Plans.module.css';

const PAGE_BYTES = 8192;

function buffersText(buffers: NonNullable<PlanNode['buffers']>): string {
  const parts = Object.entries(buffers).filter(([, pages]) => pages > 0);
  return parts.length === 0 ? 'none' : parts.map(([name, pages]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${formatBytes(pages * PAGE_BYTES)}`).join(', ');
}

function facts(node: PlanNode): [string, string][] {
  const { actual, estimated, buffers, sort, hash } = node;
  const found: [string, string][] = [['Cost', `${estimated.startupCost.toFixed(2)} to ${estimated.totalCost.toFixed(2)}`], ['Rows expected', `${formatCount(estimated.rows)}, ${estimated.width} bytes each`]];
  if (actual) found.push(['Rows', `${formatCount(actual.rows)} in each of ${formatCount(actual.loops)} ${actual.loops === 1 ? 'run' : 'runs'}`]);
  if (actual?.totalMs !== null && actual?.totalMs !== undefined) found.push(['Time of a run', `${formatDuration(actual.totalMs)}, first row after ${formatDuration(actual.startupMs ?? 0)}`]);
  for (const { by, rows } of node.removed) found.push([`Removed by ${by}`, `${formatCount(rows)} rows a run`]);
  if (sort) found.push(['Sort', `${sort.method}, ${formatCount(sort.kilobytes)} kB ${sort.disk ? 'on disk' : 'in memory'}`]);
  if (hash) found.push(['Hash', `${formatCount(hash.batches)} ${hash.batches === 1 ? 'batch' : 'batches'}, ${formatCount(hash.kilobytes)} kB`]);
  if (node.heapFetches !== null) found.push(['Fetched from the table', formatCount(node.heapFetches)]);
  if (buffers) found.push(['Buffers', buffersText(buffers)]);
  return [...found, ...node.more.map(({ label, text }): [string, string] => [label, text])];
}

function Finding({ finding, title, onSelect }: { readonly finding: PlanFinding; readonly title: string; readonly onSelect: (() => void) | null }) {
  return (
    <div className={classes.finding} data-level={finding.level}>
      <Text size="sm">
        <Badge mr={6} color={finding.level === 'serious' ? 'red' : finding.level === 'warning' ? 'orange' : 'blue'}>
          {finding.level}
        </Badge>
        {onSelect ? (
          <Anchor component="button" type="button" size="sm" onClick={onSelect}>
            {title}
          </Anchor>
        ) : null}{' '}
        {finding.message}
      </Text>
      <Text size="xs" c="dimmed">
        {finding.advice}
      </Text>
      {finding.statement === null ? null : <SqlText text={finding.statement} label="What may help" />}
    </div>
  );
}

/** What is worth a look in the whole plan, then everything that is known of the chosen step. */
export function NodeDetail({ plan, selected, onSelect }: { readonly plan: QueryPlan; readonly selected: number; readonly onSelect: (id: number) => void }) {
  const node = plan.nodes[selected];
  return (
    <div className={classes.detail} tabIndex={0} role="region" aria-label="Step">
      {plan.findings.map((finding, index) => (
        <Finding key={index} finding={finding} title={`Step ${finding.node + 1}`} onSelect={finding.node === selected ? null : () => onSelect(finding.node)} />
      ))}
      {plan.findings.length === 0 ? (
        <Text size="xs" c="dimmed">
          {plan.analyzed ? 'Nothing stands out in this plan.' : 'Nothing stands out by the planner’s own numbers. Measure it to see whether they are right.'}
        </Text>
      ) : null}
      {node ? (
        <>
          <Text size="sm" fw={600} mt="xs">
            Step {node.id + 1}: {node.title}
          </Text>
          {node.relation === null ? null : <Text size="xs">on {node.relation}{node.alias !== null && !node.relation.endsWith(node.alias) ? ` as ${node.alias}` : ''}{node.index === null ? '' : `, index ${node.index}`}</Text>}
          {node.conditions.map(({ label, text }) => (
            <div key={label}>
              <Text size="xs" c="dimmed">
                {label}
              </Text>
              <SqlText text={text} maxLines={6} label={label} />
            </div>
          ))}
          <dl className={classes.facts}>
            {facts(node).map(([label, text]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
    </div>
  );
}
