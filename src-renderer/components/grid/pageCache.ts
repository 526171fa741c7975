/** Rows [offset, offset + rows.length) as they came from the store, and how many there are by now. */
export interface PageReply<T> {
  readonly rows: readonly T[];
}

export interface PageCacheOptions<T> {
  readonly pageSize: number;
  /** How many pages are kept; the ones used longest ago go first. */
  readonly maxPages: number;
  /** How many requests run at once. */
  readonly parallel: number;
  readonly fetch: (offset: number, limit: number, signal: AbortSignal) => Promise<PageReply<T>>;
  /** Rows came in, or a request failed. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

interface Page<T> {
  rows: readonly T[];
  usedAt: number;
}

/**
 * Keeps the pages of rows around what is looked at. Pages that are no longer wanted when their turn comes are not asked for, so
 * that a flick over a million rows costs a handful of requests.
 */
export class PageCache<T> {
  private readonly pages = new Map<number, Page<T>>();
  private readonly running = new Map<number, AbortController>();
  private wanted: number[] = [];
  private clock = 0;
  private total = 0;
  private closed = false;
  private failed = false;
  private readonly options: PageCacheOptions<T>;

  constructor(options: PageCacheOptions<T>) {
    this.options = options;
  }

  /** The row if it is here; undefined while it is not. */
  row(index: number): T | undefined {
    const page = this.pages.get(Math.floor(index / this.options.pageSize));
    return page?.rows[index % this.options.pageSize];
  }

  /** Says which rows are looked at, of how many, and which way the person scrolls: pages ahead are fetched too. */
  want(first: number, end: number, total: number, direction: -1 | 0 | 1): void {
    this.total = total;
    this.failed = false;
    const { pageSize } = this.options;
    const lastPage = Math.ceil(total / pageSize) - 1;
    const from = Math.floor(first / pageSize);
    const to = Math.max(from, Math.floor((end - 1) / pageSize));
    const seen = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const ahead = direction < 0 ? [from - 1] : direction > 0 ? [to + 1] : [to + 1, from - 1];
    this.wanted = [...seen, ...ahead].filter((page) => page >= 0 && page <= lastPage);
    this.clock += 1;
    for (const page of this.wanted) {
      const known = this.pages.get(page);
      if (known) known.usedAt = this.clock;
    }
    for (const [page, controller] of this.running) if (!this.wanted.includes(page)) controller.abort();
    this.pump();
  }

  /** Stops everything; later answers are dropped. */
  close(): void {
    this.closed = true;
    for (const controller of this.running.values()) controller.abort();
  }

  private missing(page: number): boolean {
    const known = this.pages.get(page);
    const length = Math.min(this.options.pageSize, this.total - page * this.options.pageSize);
    // A page of a growing result is asked for again when it can be longer.
    return !this.running.has(page) && (known === undefined || known.rows.length < length);
  }

  private pump(): void {
    if (this.closed || this.failed) return;
    for (const page of this.wanted) {
      if (this.running.size >= this.options.parallel) return;
      if (this.missing(page)) void this.load(page);
    }
  }

  private async load(page: number): Promise<void> {
    const controller = new AbortController();
    this.running.set(page, controller);
    try {
      const { rows } = await this.options.fetch(page * this.options.pageSize, this.options.pageSize, controller.signal);
      if (this.closed) return;
      const known = this.pages.get(page);
      const short = rows.length < Math.min(this.options.pageSize, this.total - page * this.options.pageSize);
      // Fewer rows than promised and none gained: asking on would never end.
      if (short && known && known.rows.length >= rows.length) this.failed = true;
      this.pages.set(page, { rows, usedAt: (this.clock += 1) });
      this.evict();
    } catch (error) {
      if (!this.closed && !controller.signal.aborted) {
        this.failed = true;
        this.options.onError(error);
      }
    } finally {
      this.running.delete(page);
    }
    if (this.closed) return;
    this.options.onChange();
    this.pump();
  }

  private evict(): void {
    if (this.pages.size <= this.options.maxPages) return;
    const oldest = [...this.pages].filter(([page]) => !this.wanted.includes(page)).sort((a, b) => a[1].usedAt - b[1].usedAt);
    for (const [page] of oldest.slice(0, this.pages.size - this.options.maxPages)) this.pages.delete(page);
  }
}
