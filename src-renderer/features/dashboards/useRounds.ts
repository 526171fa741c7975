import { useCallback, useEffect, useRef, useState } from 'react';

/** Whether an element is drawn in a window that is seen. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [drawn, setDrawn] = useState(false);
  const [visible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const follow = (): void => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', follow);
    const observer = new IntersectionObserver((entries) => setDrawn(entries.at(-1)?.isIntersecting ?? false));
    if (element.current) observer.observe(element.current);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      observer.disconnect();
    };
  }, [element]);
  return drawn && visible;
}

/** Counts readings: by hand, and every so many seconds while the element is seen. What was hidden for longer is read as soon as it is seen. */
export function useRounds(element: React.RefObject<HTMLElement | null>, seconds: number): { readonly round: number; readonly next: () => void } {
  const seen = useSeen(element);
  const [round, setRound] = useState(0);
  const last = useRef(0);
  const next = useCallback((): void => {
    last.current = performance.now();
    setRound((now) => now + 1);
  }, []);
  useEffect(() => {
    if (last.current === 0) last.current = performance.now();
    if (!seen || seconds === 0) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const due = last.current + seconds * 1000 - performance.now();
      timer = setTimeout(() => {
        next();
        wait();
      }, Math.max(0, due));
    };
    wait();
    return () => clearTimeout(timer);
  }, [seen, seconds, next]);
  return { round, next };
}
