import { useEffect, useMemo, useState } from 'react';
import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { StructurePlan } from '../../../src-preload/contract/structure';
import type { StructureEdit, StructureModel } from '../../../src-preload/contract/structureModel';
import { openConnection } from '../connections/store';

export interface Choices {
  readonly types: readonly string[];
  readonly methods: readonly string[];
  readonly schemas: readonly string[];
}
const noChoices: Choices = { types: [], methods: ['btree'], schemas: [] };

/** Types, index methods and schemas to choose from; empty lists while they are read, and when they cannot be. */
export function useChoices(connectionId: string): Choices {
  const [choices, setChoices] = useState<Choices>(noChoices);
  useEffect(() => {
    const abort = new AbortController();
    openConnection(connectionId)
      .then(() => client.structure.choices({ connectionId }, { signal: abort.signal }))
      .then(setChoices, () => undefined);
    return () => abort.abort();
  }, [connectionId]);
  return choices;
}

export interface BaseState {
  readonly base: StructureModel | null;
  readonly error: AppErrorData | null;
}

/** The structure as it is on the server; read anew with each `turn`. */
export function useBase(connectionId: string, object: ObjectRef | null, turn: number): BaseState {
  const [state, setState] = useState<BaseState>({ base: null, error: null });
  const key = JSON.stringify(object);
  useEffect(() => {
    if (key === 'null') return undefined;
    const abort = new AbortController();
    openConnection(connectionId)
      .then(() => client.structure.read({ connectionId, object: JSON.parse(key) as ObjectRef }, { signal: abort.signal }))
      .then(
        (base) => setState({ base, error: null }),
        (error: unknown) => {
          if (!abort.signal.aborted) setState({ base: null, error: errorData(error) });
        },
      );
    return () => abort.abort();
  }, [connectionId, key, turn]);
  return state;
}

export interface PlanState {
  readonly plan: StructurePlan | null;
  readonly error: AppErrorData | null;
}

/** The plan of the edits; the last one stays while the next is made. */
export function usePlan(connectionId: string, base: StructureModel | null, edits: readonly StructureEdit[], options: { lockTimeoutMs: number; safer: boolean }): PlanState {
  const [state, setState] = useState<PlanState>({ plan: null, error: null });
  const { lockTimeoutMs, safer } = options;
  const input = useMemo(() => (base ? { connectionId, from: base, edits: [...edits], options: { lockTimeoutMs, safer } } : null), [connectionId, base, edits, lockTimeoutMs, safer]);
  useEffect(() => {
    if (!input) return undefined;
    const abort = new AbortController();
    client.structure.plan(input, { signal: abort.signal }).then(
      (plan) => setState({ plan, error: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((now) => ({ ...now, error: errorData(error) }));
      },
    );
    return () => abort.abort();
  }, [input]);
  return state;
}
