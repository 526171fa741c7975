/** How well a name fits what was typed: higher is better, 0 is not at all. `typed` is in lower case. */
export function fitness(name: string, typed: string): number {
  if (typed === '') return 1;
  const lower = name.toLowerCase();
  if (lower === typed) return 1000;
  const at = lower.indexOf(typed);
  if (at === 0) return 800 - Math.min(200, lower.length);
  if (at > 0) return (/[a-z0-9]/.test(lower.charAt(at - 1)) ? 300 : 500) - Math.min(200, lower.length);
  return typed.length < 2 ? 0 : scattered(lower, typed);
}

/** The typed letters in order with gaps, the first one at the name's start: `ordit` finds order_items. */
function scattered(lower: string, typed: string): number {
  if (lower.charAt(0) !== typed.charAt(0)) return 0;
  let at = 0;
  for (let index = 1; index < typed.length; index += 1) {
    at = lower.indexOf(typed.charAt(index), at + 1);
    if (at < 0) return 0;
  }
  return Math.max(1, 100 - Math.min(99, lower.length));
}

interface Scored<T> {
  readonly item: T;
  readonly score: number;
  readonly order: number;
}

/** Keeps the best `limit` of any number of items; equals stay in the order in which they came. */
export class Best<T> {
  private items: Scored<T>[] = [];
  private order = 0;
  private floor = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** `make` is called only for what has a chance, so that 30,000 tables make no garbage. */
  offer(score: number, make: () => T): void {
    if (score <= this.floor) return;
    this.items.push({ item: make(), score, order: (this.order += 1) });
    if (this.items.length >= this.limit * 4) this.shrink();
  }

  private shrink(): void {
    this.items.sort((a, b) => b.score - a.score || a.order - b.order);
    this.items.length = Math.min(this.items.length, this.limit);
    if (this.items.length === this.limit) this.floor = this.items.at(-1)?.score ?? 0;
  }

  take(): T[] {
    this.shrink();
    return this.items.map((scored) => scored.item);
  }
}
