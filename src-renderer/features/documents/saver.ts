/** A queue of writes, one a key, that never loses the newest value and never writes two values of one key out of order. */
export interface Saver<T> {
  /** Writes `value` after the delay; a newer value of the same key replaces it. */
  readonly schedule: (key: string, value: T, delayMs: number) => void;
  /** Writes what is waiting at once; resolves when everything handed over so far is durable or has failed. */
  readonly flush: () => Promise<void>;
  /** Drops what waits for the key, lets a write under way end, then runs `last`; later schedules of the key come after it. */
  readonly finish: (key: string, last: () => Promise<void>) => Promise<void>;
  /** Whether anything has not been confirmed as durable. */
  readonly pending: () => boolean;
}

interface Entry<T> {
  waiting: { value: T } | null;
  timer: ReturnType<typeof setTimeout> | null;
  running: Promise<void>;
  busy: boolean;
}

export interface SaverEvents {
  readonly onSaved: (key: string) => void;
  readonly onFailed: (key: string, error: unknown) => void;
}

const RETRY_MS = 2_000;

/**
 * `write` is called with one value of a key at a time. A write that failed is tried again every two seconds until it or a newer
 * value of the same key succeeds, so that a full disk that was emptied costs nothing.
 */
export function createSaver<T>(write: (value: T) => Promise<void>, events: SaverEvents): Saver<T> {
  const entries = new Map<string, Entry<T>>();

  const entryOf = (key: string): Entry<T> => {
    const known = entries.get(key);
    if (known) return known;
    const made: Entry<T> = { waiting: null, timer: null, running: Promise.resolve(), busy: false };
    entries.set(key, made);
    return made;
  };

  const stopTimer = (entry: Entry<T>): void => {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
  };

  const drain = (key: string, entry: Entry<T>): Promise<void> => {
    stopTimer(entry);
    if (entry.busy) return entry.running;
    entry.busy = true;
    entry.running = (async () => {
      while (entry.waiting) {
        const { value } = entry.waiting;
        entry.waiting = null;
        try {
          await write(value);
          events.onSaved(key);
        } catch (error) {
          entry.waiting ??= { value };
          events.onFailed(key, error);
          stopTimer(entry);
          entry.timer = setTimeout(() => void drain(key, entry), RETRY_MS);
          break;
        }
      }
      entry.busy = false;
    })();
    return entry.running;
  };

  return {
    schedule(key, value, delayMs) {
      const entry = entryOf(key);
      const first = entry.waiting === null;
      entry.waiting = { value };
      if (delayMs <= 0) {
        void drain(key, entry);
      } else if (first || entry.timer === null) {
        // The timer is not restarted by each key press: someone who types without a pause is saved too.
        stopTimer(entry);
        entry.timer = setTimeout(() => void drain(key, entry), delayMs);
      }
    },
    async flush() {
      await Promise.all([...entries].map(([key, entry]) => drain(key, entry)));
    },
    async finish(key, last) {
      const entry = entryOf(key);
      stopTimer(entry);
      entry.waiting = null;
      await entry.running;
      if (entry.waiting === null) entries.delete(key);
      await last();
    },
    pending: () => [...entries.values()].some((entry) => entry.waiting !== null || entry.busy),
  };
}
