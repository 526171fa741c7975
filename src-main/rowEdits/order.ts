import type { EditValue, RowChange } from '../../src-preload/contract/rowEditLog';
import type { EditTarget } from '../../src-preload/contract/rowEdits';

/** Values of some columns as one text; null when one of them is NULL or only the server knows it: such never collides. */
type Tuple = string | null;

function before(change: RowChange, columns: readonly string[]): Tuple {
  if (change.kind === 'insert') return null;
  const cells = columns.map((name) => change.original[name]);
  return cells.every((cell) => typeof cell === 'string') ? JSON.stringify(cells) : null;
}

const textOf = (value: EditValue): string | null => (value.kind === 'text' ? value.text : null);

function after(change: RowChange, columns: readonly string[]): Tuple {
  if (change.kind === 'delete') return null;
  const cells = columns.map((name) => {
    const value = change.values[name];
    if (value !== undefined) return textOf(value);
    return change.kind === 'update' ? (change.original[name] ?? null) : null;
  });
  return cells.every((cell) => typeof cell === 'string') ? JSON.stringify(cells) : null;
}

/** Which changes give a tuple up, or take it. */
function movers(changes: readonly RowChange[], columns: readonly string[]): { left: Map<string, number[]>; taken: Map<string, number[]> } {
  const left = new Map<string, number[]>();
  const taken = new Map<string, number[]>();
  const note = (map: Map<string, number[]>, tuple: Tuple, index: number): void => {
    if (tuple !== null) map.set(tuple, [...(map.get(tuple) ?? []), index]);
  };
  for (const [index, change] of changes.entries()) {
    const [old, now] = [before(change, columns), after(change, columns)];
    if (old === now) continue;
    note(left, old, index);
    note(taken, now, index);
  }
  return { left, taken };
}

type Edges = Map<number, Set<number>>;

/** Everything in `first` under a tuple runs before everything in `then` under the same. */
function connect(waitsFor: Edges, first: Map<string, number[]>, then: Map<string, number[]>): void {
  for (const [tuple, later] of then) {
    for (const index of later) {
      const earlier = waitsFor.get(index) ?? new Set<number>();
      for (const other of first.get(tuple) ?? []) if (other !== index) earlier.add(other);
      waitsFor.set(index, earlier);
    }
  }
}

const usual: Readonly<Record<RowChange['kind'], number>> = { delete: 0, update: 1, insert: 2 };

/**
 * The changes in an order that the table's keys allow: who frees a unique value goes before who takes it; a row that others of the table
 * refer to comes before them and goes after them. Otherwise deletes, updates, inserts. `circular` when no order can satisfy all, such as
 * two rows that exchange a unique value.
 */
export function orderChanges(target: Pick<EditTarget, 'object' | 'key' | 'uniques' | 'foreignKeys'>, changes: readonly RowChange[]): { ordered: RowChange[]; circular: boolean } {
  const waitsFor: Edges = new Map();
  for (const unique of [target.key, ...target.uniques].filter((columns) => columns.length > 0)) {
    const { left, taken } = movers(changes, unique);
    connect(waitsFor, left, taken);
  }
  for (const { columns, references } of target.foreignKeys) {
    if (references.schema !== target.object.schema || references.table !== target.object.name) continue;
    const [referring, referred] = [movers(changes, columns), movers(changes, references.columns)];
    connect(waitsFor, referred.taken, referring.taken);
    connect(waitsFor, referring.left, referred.left);
  }
  return sorted(changes, waitsFor);
}

function sorted(changes: readonly RowChange[], waitsFor: Edges): { ordered: RowChange[]; circular: boolean } {
  const left = [...changes.keys()].sort((a, b) => rank(changes[a]) - rank(changes[b]) || a - b);
  const done = new Set<number>();
  const ordered: RowChange[] = [];
  let circular = false;
  while (left.length > 0) {
    const ready = left.findIndex((index) => [...(waitsFor.get(index) ?? [])].every((other) => done.has(other)));
    if (ready < 0) circular = true;
    const [index = 0] = left.splice(Math.max(0, ready), 1);
    done.add(index);
    const change = changes[index];
    if (change !== undefined) ordered.push(change);
  }
  return { ordered, circular };
}

function rank(change: RowChange | undefined): number {
  return change === undefined ? 0 : usual[change.kind];
}
