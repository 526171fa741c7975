import { create } from 'zustand';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import { showError } from '../../shell/errors';

// What the frame needs of this feature; the rest is read when it is shown.

/** The object that somebody wants to drop. */
export interface Dropping {
  readonly connectionId: string;
  readonly object: ObjectRef;
}

/** What the side panel for dropping shows; nothing while it is closed. */
export const useDropping = create<{ readonly dropping: Dropping | null }>(() => ({ dropping: null }));

/** Shows what dropping an object would do; it drops nothing. */
export function askToDrop(connectionId: string, object: ObjectRef): void {
  useDropping.setState({ dropping: { connectionId, object } });
}

export function closeDrop(): void {
  useDropping.setState({ dropping: null });
}

/** Opens the design of a new table. */
export function beginTable(connectionId: string, schema: string): void {
  import('./actions').then(
    ({ designTable }) => designTable(connectionId, schema),
    (error: unknown) => showError('The design could not be opened', error),
  );
}

/** Opens the design of a new view. */
export function beginView(connectionId: string, schema: string): void {
  import('./actions').then(
    ({ designView }) => designView(connectionId, schema),
    (error: unknown) => showError('The design could not be opened', error),
  );
}
