import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { PlanNode, QueryPlan } from '../../../src-preload/contract/plans';
import { formatCompact, formatCount, formatDuration } from '../../shell/format';
import classes from './Plans.module.css';

interface PlanTreeProps {
  readonly plan: QueryPlan;
  readonly selected: number;
  readonly onSelect: (id: number) => void;
}

const times = (factor: number): string => (factor >= 1 ? `${formatCompact(factor)}× more` : `${formatCompact(1 / factor)}× fewer`);

/** Share of the whole that a node itself takes: of the time where it was measured, else of the cost. */
export function shareOf(node: PlanNode, plan: QueryPlan): number {
  const value = (one: PlanNode): number => (plan.analyzed ? (one.selfMs ?? 0) : one.selfCost);
  const whole = plan.nodes.reduce((sum, one) => sum + value(one), 0);
  return whole === 0 ? 0 : value(node) / whole;
}

function rowsText(node: PlanNode): string {
  const { actual, estimated } = node;
  if (actual === null) return formatCount(estimated.rows);
  return actual.loops === 0 ? 'never run' : formatCount(actual.rows);
}

function Misestimate({ node }: { readonly node: PlanNode }) {
  const factor = node.misestimate;
  if (factor === null) return null;
  const size = Math.max(factor, 1 / factor);
  if (size < 10) return null;
  return <Badge color={size >= 100 ? 'red' : 'orange'}>{times(factor)}</Badge>;
}

function Name({ node, plan, expandable, expanded, onToggle }: { readonly node: PlanNode; readonly plan: QueryPlan; readonly expandable: boolean; readonly expanded: boolean; readonly onToggle: () => void }) {
  const where = whereOf(node);
  const finding = plan.findings.find((one) => one.node === node.id);
  return (
    <span className={classes.name} style={{ paddingLeft: 4 + node.level * 16 }} title={[node.role, node.title, where].filter(Boolean).join(' ')}>
      <span
        className={classes.chevron}
        data-open={expanded || undefined}
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          onToggle();
        }}
      >
        {expandable ? <IconChevronRight size={12} /> : null}
      </span>
      {node.role === null ? null : <span className={classes.role}>{node.role}</span>}
      <b>{node.title}</b>
      <span className={classes.where}>{where}</span>
      {finding ? <IconAlertTriangle size={13} className={classes.warn} data-level={finding.level} aria-label={finding.message} /> : null}
    </span>
  );
}

const whereOf = (node: PlanNode): string => [node.index ?? '', node.relation ?? ''].filter(Boolean).join(' · ');

function Row({ node, plan, expandable, expanded, selected, onSelect, onToggle }: { readonly node: PlanNode; readonly plan: QueryPlan; readonly expandable: boolean; readonly expanded: boolean; readonly selected: boolean; readonly onSelect: () => void; readonly onToggle: () => void }) {
  const share = shareOf(node, plan);
  const where = whereOf(node);
  const effort = node.selfMs === null ? formatCount(Math.round(node.selfCost)) : formatDuration(node.selfMs);
  return (
    <div
      id={`plan-${node.id}`}
      role="treeitem"
      aria-level={node.level + 1}
      aria-selected={selected}
      aria-expanded={expandable ? expanded : undefined}
      aria-label={`${node.title}${where === '' ? '' : ` ${where}`}, ${rowsText(node)} rows, ${effort}`}
      className={classes.row}
      onClick={onSelect}
    >
      <Name node={node} plan={plan} expandable={expandable} expanded={expanded} onToggle={onToggle} />
      <span className={classes.number}>{rowsText(node)}</span>
      {plan.analyzed ? <span className={classes.number}>{formatCount(node.estimated.rows)}</span> : null}
      {plan.analyzed ? (
        <span className={classes.mis}>
          <Misestimate node={node} />
        </span>
      ) : null}
      {plan.analyzed ? <span className={classes.number}>{node.actual && node.actual.loops !== 1 ? formatCount(node.actual.loops) : ''}</span> : null}
      <span className={classes.number}>{effort}</span>
      <span className={classes.bar} title={`${(share * 100).toFixed(1)} % of the ${plan.analyzed ? 'time' : 'cost'}`}>
        <span style={{ width: `${share * 100}%` }} data-hot={share > 0.4 || undefined} />
      </span>
    </div>
  );
}

/** A plan as a tree: where the time or the cost goes, and where rows were misjudged. Keys as in every tree. */
export function PlanTree({ plan, selected, onSelect }: PlanTreeProps) {
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const tree = useRef<HTMLDivElement>(null);
  const parents = useMemo(() => new Set(plan.nodes.map((node) => node.parent)), [plan]);
  const hidden = (node: PlanNode): boolean => node.parent !== null && (closed.has(node.parent) || hidden(plan.nodes[node.parent] as PlanNode));
  const shown = plan.nodes.filter((node) => !hidden(node));
  const toggle = (id: number, open = closed.has(id)): void => {
    setClosed((now) => {
      const next = new Set(now);
      if (open) next.delete(id);
      else next.add(id);
      return next;
    });
  };
  const go = (node: PlanNode | undefined): void => {
    if (!node) return;
    onSelect(node.id);
    tree.current?.querySelector(`#plan-${node.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = shown.findIndex((node) => node.id === selected);
    const node = shown[at];
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(shown[at + 1]),
      ArrowUp: () => go(shown[at - 1]),
      Home: () => go(shown[0]),
      End: () => go(shown.at(-1)),
      ArrowRight: () => (closed.has(node.id) ? toggle(node.id, true) : go(shown.find((one) => one.parent === node.id))),
      ArrowLeft: () => (parents.has(node.id) && !closed.has(node.id) ? toggle(node.id, false) : go(plan.nodes[node.parent ?? -1])),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  return (
    <div className={classes.treeBox} data-analyzed={plan.analyzed || undefined}>
      <div className={classes.heads} aria-hidden>
        <span>Step</span>
        <span>Rows</span>
        {plan.analyzed ? <span>Expected</span> : null}
        {plan.analyzed ? <span /> : null}
        {plan.analyzed ? <span>Runs</span> : null}
        <span>{plan.analyzed ? 'Own time' : 'Own cost'}</span>
        <span>Share</span>
      </div>
      <div ref={tree} role="tree" aria-label="Plan" tabIndex={0} aria-activedescendant={`plan-${selected}`} className={classes.tree} onKeyDown={onKeyDown}>
        {shown.map((node) => (
          <Row key={node.id} node={node} plan={plan} expandable={parents.has(node.id)} expanded={!closed.has(node.id)} selected={node.id === selected} onSelect={() => onSelect(node.id)} onToggle={() => toggle(node.id)} />
        ))}
      </div>
    </div>
  );
}
