import { expect, it } from 'vitest';
import type { ServerProcess } from '../../../src-preload/contract/processes';
import { blockingTree } from './blockingTree';

const process = (pid: number, blockedBy: number[] = []): ServerProcess => ({
  pid, startedAt: '', user: 'u', database: 'd', application: '', client: null, kind: 'client backend', state: 'active', stateSeconds: 1, querySeconds: 1, transactionSeconds: 1, waitType: null, waitEvent: null, query: '', blockedBy, own: false, signalable: true, superuser: false,
});
const shape = (processes: ServerProcess[], shown = (_: ServerProcess) => true) => blockingTree(processes, shown).map(({ process: { pid }, level, blocks }) => [pid, level, blocks]);

it('puts those who wait below the one that they wait for, blockers first', () => {
  expect(shape([process(1), process(3, [2]), process(2), process(4, [3])])).toEqual([[2, 0, 1], [3, 1, 1], [4, 2, 0], [1, 0, 0]]);
});

it('shows a hidden one that blocks, one that waits for several below each, and survives a ring', () => {
  expect(shape([process(1), process(2, [1])], () => false)).toEqual([[1, 0, 1], [2, 1, 0]]);
  expect(shape([process(1), process(2), process(3, [1, 2])])).toEqual([[1, 0, 1], [3, 1, 0], [2, 0, 1], [3, 1, 0]]);
  expect(shape([process(1, [2]), process(2, [1])])).toEqual([[1, 0, 1], [2, 1, 1]]);
  // Of another database, or gone meanwhile.
  expect(shape([process(1, [99])])).toEqual([[1, 0, 0]]);
});
