import { useLayoutEffect, useRef, useState } from 'react';

type Callbacks = Record<string, (...given: never[]) => unknown>;

/** Callbacks that stay the same object and do what the newest render says, so that memoised parts need not be drawn again. */
export function useStable<T extends { readonly [K in keyof T]: (...given: never[]) => unknown }>(callbacks: T): T {
  const latest = useRef<T>(callbacks);
  useLayoutEffect(() => {
    latest.current = callbacks;
  });
  const [stable] = useState(() => {
    const names = Object.keys(callbacks) as (keyof T & string)[];
    return Object.fromEntries(names.map((name) => [name, (...given: never[]) => (latest.current as unknown as Callbacks)[name]?.(...given)])) as unknown as T;
  });
  return stable;
}
