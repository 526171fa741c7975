import { useSyncExternalStore } from 'react';
import { useSettings } from '../features/settings/store';
import { absoluteTime, relativeTime } from './format';

const TICK_MS = 30_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** A moment as `4 min ago`, with the exact time and its zone on hover; it keeps itself up to date. */
export function RelativeTime({ iso }: { readonly iso: string }) {
  const moment = useSyncExternalStore(subscribe, () => now);
  const zone = useSettings((state) => state.settings.appearance.times);
  return (
    <time dateTime={iso} title={absoluteTime(iso, zone)}>
      {relativeTime(iso, Math.max(moment, new Date(iso).getTime()))}
    </time>
  );
}
