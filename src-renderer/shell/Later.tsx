import { Suspense, useState, type ReactNode } from 'react';

/** Mounts its children when `when` is true for the first time and keeps them from then on: what is closed at the start costs it nothing. */
export function Later({ when, children }: { readonly when: boolean; readonly children: ReactNode }) {
  const [mounted, setMounted] = useState(when);
  if (when && !mounted) setMounted(true);
  return mounted ? <Suspense fallback={null}>{children}</Suspense> : null;
}
