import type { RowChange, Original } from '../../src-preload/contract/rowEditLog';
import type { ApplyOutcome, EditPlan, EditTarget } from '../../src-preload/contract/rowEdits';
import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import { AppError } from '../errors';
import type { GuardService } from '../guard/service';
import type { HistoryService, ResultStore } from '../queries/service';
import { applyPlan, askTransactionEnd, type TransactionEnd } from './apply';
import { captureRows } from './capture';
import { countReferences, lookUp, type Lookup, type ReferenceCount } from './lookup';
import { planEdits, type RowPlan } from './plan';

interface OnTable {
  readonly connectionId: string;
  readonly object: ObjectRef;
}

export interface ApplyRequest extends OnTable {
  readonly changes: readonly RowChange[];
  readonly hash: string;
  readonly confirmed: boolean;
}

/** Changes of a table's rows that a person has made in the grid: planned as statements, applied as one transaction. */
export interface RowEditsService {
  /** On a read-only connection nothing is allowed, with the reason. */
  target(on: OnTable, signal: AbortSignal): Promise<EditTarget>;
  origin(connectionId: string, relation: number, signal: AbortSignal): Promise<{ object: ObjectRef; key: { name: string; attribute: number }[]; update: EditTarget['update'] }>;
  capture(on: OnTable & { resultId: string; viewId: string | null; rows: readonly number[] }, signal: AbortSignal): Promise<{ id: string; original: Original }[]>;
  plan(on: OnTable & { changes: readonly RowChange[] }, signal: AbortSignal): Promise<EditPlan>;
  /**
   * Sends the plan's statements exactly as they were shown, or nothing. Rejects with `refused` on a read-only connection, with
   * `confirm_required` where the policy wants a yes, with `bad_input` while the plan has problems.
   */
  apply(request: ApplyRequest, onTransaction: (transaction: string) => void, signal: AbortSignal): Promise<ApplyOutcome>;
  transactionEnd(connectionId: string, transaction: string, signal: AbortSignal): Promise<TransactionEnd>;
  lookup(on: OnTable & { foreignKey: string; search: string }, signal: AbortSignal): Promise<Lookup>;
  references(on: OnTable & { cells: Readonly<Record<string, string | null>> }, signal: AbortSignal): Promise<ReferenceCount[]>;
}

export interface RowEditsDependencies {
  readonly connections: Pick<ConnectionsService, 'resolve' | 'status' | 'withSession'>;
  readonly catalog: Pick<CatalogService, 'editTarget' | 'relation'>;
  readonly guard: GuardService;
  readonly history: Pick<HistoryService, 'begin' | 'end'>;
  readonly results: Pick<ResultStore, 'columns' | 'window' | 'cell'>;
}

export function createRowEditsService(services: RowEditsDependencies): RowEditsService {
  const { connections, catalog, guard, history, results } = services;

  const target: RowEditsService['target'] = async ({ connectionId, object }, signal) => {
    const [profile, found] = [await connections.resolve(connectionId), await catalog.editTarget(connectionId, object, signal)];
    if (!profile.readOnly) return found;
    const reason = `The connection “${profile.name}” is read-only.`;
    return { ...found, insert: reason, update: reason, delete: reason };
  };

  const plan = async (on: OnTable & { changes: readonly RowChange[] }, signal: AbortSignal): Promise<{ target: EditTarget; plan: RowPlan; confirmations: EditPlan['confirmations'] }> => {
    const found = await target(on, signal);
    const planned = planEdits(found, on.changes);
    return { target: found, plan: planned, confirmations: await confirmations(on.connectionId, planned) };
  };

  const confirmations = async (connectionId: string, { statements }: RowPlan): Promise<EditPlan['confirmations']> => {
    const profile = await connections.resolve(connectionId);
    if (profile.readOnly) return [];
    const serverVersion = Math.floor((connections.status(connectionId).server?.versionNumber ?? 0) / 10_000);
    const changing = statements.filter(({ row }) => row !== null);
    const judged = await Promise.all(changing.map(async ({ text }) => ({ text, verdict: await guard.classify(text, serverVersion > 0 ? { serverVersion } : {}) })));
    return guard.confirmations(judged, profile);
  };

  return {
    target,
    async origin(connectionId, relation, signal) {
      const { object, attributes } = await catalog.relation(connectionId, relation, signal);
      const { key, update } = await target({ connectionId, object }, signal);
      return { object, key: key.map((name) => ({ name, attribute: attributes[name] ?? 0 })), update };
    },
    capture: async (on, signal) => captureRows(results, await target(on, signal), on, signal),
    async plan(on, signal) {
      const planned = await plan(on, signal);
      return toContract(planned.plan, planned.confirmations);
    },
    async apply(request, onTransaction, signal) {
      const profile = await connections.resolve(request.connectionId);
      if (profile.readOnly) throw new AppError('refused', `The connection “${profile.name}” is read-only: its rows are not edited.`, { connection: profile.name });
      const planned = await plan(request, signal);
      if (planned.plan.hash !== request.hash) return { kind: 'replanned', plan: toContract(planned.plan, planned.confirmations) };
      const [problem] = planned.plan.problems;
      if (problem !== undefined) throw new AppError('bad_input', `Nothing was sent: ${problem.column === null ? '' : `${problem.column}: `}${problem.message}`);
      if (planned.confirmations.length > 0 && !request.confirmed) throw new AppError('confirm_required', `Changes on ${profile.name} want your yes.`, { connection: profile.name });
      return applyPlan({ connections, history, profile, target: planned.target, changes: request.changes, plan: planned.plan, onTransaction, signal });
    },
    transactionEnd: (connectionId, transaction, signal) => askTransactionEnd(connections, connectionId, transaction, signal),
    lookup: (on, signal) => lookUp({ connections, guard, catalog }, on, signal),
    references: (on, signal) => countReferences({ connections, guard, catalog }, on, signal),
  };
}

function toContract({ statements, script, hash, problems }: RowPlan, confirmations: EditPlan['confirmations']): EditPlan {
  return { statements: statements.map(({ text, row, kind }) => ({ text, row, kind })), script, hash, problems, confirmations };
}
