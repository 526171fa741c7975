/** How long the new window must have been left alone, and how long it is waited for at most. */
const QUIET_MS = 400;
const PATIENCE_MS = 3_000;

async function settle(): Promise<void> {
  let lastTouched = performance.now();
  const touched = (): void => {
    lastTouched = performance.now();
  };
  window.addEventListener('keydown', touched, true);
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = Math.min(lastTouched + QUIET_MS, end) - performance.now();
    if (left <= 0) break;
    await new Promise((resolve) => setTimeout(resolve, left));
  }
  window.removeEventListener('keydown', touched, true);
}

let settling: Promise<void> | null = null;

/**
 * Resolves once in the window's life, soon after its start: when no key has been pressed for a moment, and after some seconds in any
 * case. It is for what nobody has asked for yet, so that the first statement of a person in a hurry is answered first.
 */
export function settled(): Promise<void> {
  settling ??= settle();
  return settling;
}

/** Does what nobody waits for once the window has settled. Returns the function that calls it off. */
export function whenSettled(work: () => void): () => void {
  let off = false;
  void settled().then(() => {
    if (!off) work();
  });
  return () => {
    off = true;
  };
}
