/** Below this many keys insertion sort is quicker than counting or merging. */
const tinyGroup = 16;
/** From this many on, two passes of counting are quicker than comparing. */
const countingGroup = 20_000;

/**
 * Keys of rows with their rows' offsets, sorted in memory within a fixed budget. Sorting goes four bytes of the keys at a time over
 * groups whose earlier bytes are equal, so that its cost grows with the bytes that tell keys apart.
 */
export class KeyRun {
  private readonly arena: Buffer;
  private readonly starts: Uint32Array;
  private readonly offsets: Float64Array;
  private used = 0;
  private rows = 0;

  constructor(budgetBytes: number) {
    this.arena = Buffer.allocUnsafeSlow(budgetBytes);
    const maxRows = Math.max(16, Math.floor(budgetBytes / 24));
    this.starts = new Uint32Array(maxRows + 1);
    this.offsets = new Float64Array(maxRows);
  }

  get count(): number {
    return this.rows;
  }

  /** False, and nothing kept, when the run is full. A key must fit into an empty run. */
  add(key: Buffer, length: number, offset: number): boolean {
    if (this.rows === this.offsets.length || this.used + length > this.arena.length) return false;
    key.copy(this.arena, this.used, 0, length);
    this.offsets[this.rows] = offset;
    this.used += length;
    this.rows += 1;
    this.starts[this.rows] = this.used;
    return true;
  }

  clear(): void {
    this.used = 0;
    this.rows = 0;
  }

  /** Calls `visit` for every row in the order of the keys, rows with equal keys in the order in which they were added. */
  forEachSorted(visit: (offset: number, arena: Buffer, from: number, to: number) => void): void {
    const order = this.sorted();
    for (let index = 0; index < this.rows; index++) {
      const id = order[index] ?? 0;
      visit(this.offsets[id] ?? 0, this.arena, this.starts[id] ?? 0, this.starts[id + 1] ?? 0);
    }
  }

  private sorted(): Uint32Array {
    const order = new Uint32Array(this.rows).map((_, index) => index);
    const digits = new Uint32Array(this.rows);
    const scratch = new Uint32Array(this.rows);
    /** Groups that agree in the first `depth` bytes: from, to, depth. */
    const groups: number[] = [0, this.rows, 0];
    while (groups.length > 0) {
      const depth = groups.pop() ?? 0;
      const to = groups.pop() ?? 0;
      const from = groups.pop() ?? 0;
      if (to - from <= tinyGroup) this.insertionSort(order, from, to, depth);
      else if (!this.exhausted(order[from] ?? 0, depth)) {
        this.sortGroup(order, digits, scratch, from, to, depth);
        pushEqualGroups(groups, order, digits, from, to, depth + 4);
      }
    }
    return order;
  }

  /** No key is the beginning of another: when one of a group ends here, all of the group are equal. */
  private exhausted(id: number, depth: number): boolean {
    return (this.starts[id + 1] ?? 0) - (this.starts[id] ?? 0) <= depth;
  }

  private sortGroup(order: Uint32Array, digits: Uint32Array, scratch: Uint32Array, from: number, to: number, depth: number): void {
    for (let index = from; index < to; index++) {
      const id = order[index] ?? 0;
      digits[id] = this.fourBytes(id, depth);
    }
    if (to - from >= countingGroup) {
      countingPass(order, scratch, digits, from, to, 0);
      countingPass(scratch, order, digits, from, to, 16);
    } else {
      order.subarray(from, to).sort((a, b) => (digits[a] ?? 0) - (digits[b] ?? 0) || a - b);
    }
  }

  private fourBytes(id: number, depth: number): number {
    const at = (this.starts[id] ?? 0) + depth;
    const left = (this.starts[id + 1] ?? 0) - at;
    if (left >= 4) return this.arena.readUInt32BE(at);
    return left <= 0 ? 0 : this.arena.readUIntBE(at, left) * 2 ** (8 * (4 - left));
  }

  private insertionSort(order: Uint32Array, from: number, to: number, depth: number): void {
    for (let index = from + 1; index < to; index++) {
      const id = order[index] ?? 0;
      let at = index;
      for (; at > from && this.isBehind(order[at - 1] ?? 0, id, depth); at--) order[at] = order[at - 1] ?? 0;
      order[at] = id;
    }
  }

  private isBehind(a: number, b: number, depth: number): boolean {
    const difference = compareBytes(this.arena, (this.starts[a] ?? 0) + depth, this.starts[a + 1] ?? 0, this.arena, (this.starts[b] ?? 0) + depth, this.starts[b + 1] ?? 0);
    return difference > 0 || (difference === 0 && a > b);
  }
}

/** Compares bytes [aFrom, aTo) of `a` with [bFrom, bTo) of `b` as memcmp does; the shorter one is smaller. */
export function compareBytes(a: Buffer, aFrom: number, aTo: number, b: Buffer, bFrom: number, bTo: number): number {
  const length = Math.min(aTo - aFrom, bTo - bFrom);
  for (let index = 0; index < length; index++) {
    const difference = (a[aFrom + index] ?? 0) - (b[bFrom + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return aTo - aFrom - (bTo - bFrom);
}

/** One stable pass of a radix sort over 16 bits of the digits. */
function countingPass(source: Uint32Array, target: Uint32Array, digits: Uint32Array, from: number, to: number, shift: number): void {
  const counts = new Uint32Array(65_537);
  for (let index = from; index < to; index++) {
    const bucket = (((digits[source[index] ?? 0] ?? 0) >>> shift) & 0xffff) + 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  for (let bucket = 1; bucket < counts.length; bucket++) counts[bucket] = (counts[bucket] ?? 0) + (counts[bucket - 1] ?? 0);
  for (let index = from; index < to; index++) {
    const id = source[index] ?? 0;
    const bucket = ((digits[id] ?? 0) >>> shift) & 0xffff;
    target[from + (counts[bucket] ?? 0)] = id;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
}

function pushEqualGroups(groups: number[], order: Uint32Array, digits: Uint32Array, from: number, to: number, depth: number): void {
  let start = from;
  for (let index = from + 1; index <= to; index++) {
    if (index < to && digits[order[index] ?? 0] === digits[order[start] ?? 0]) continue;
    if (index - start > 1) groups.push(start, index, depth);
    start = index;
  }
}
