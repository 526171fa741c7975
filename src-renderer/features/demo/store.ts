import { create } from 'zustand';
import type { DemoStatus } from '../../../src-preload/contract/demo';
import { client } from '../../client';
import { showError } from '../../shell/errors';

/** The embedded demo database; null until main has said how it stands. */
export const useDemo = create<{ readonly status: DemoStatus | null }>(() => ({ status: null }));

/** Keeps the store in step with main; returns the function that stops it. */
export function followDemo(): () => void {
  void client.demo
    .status(undefined)
    .then((status) => useDemo.setState({ status }))
    .catch((error: unknown) => showError('The state of the demo database could not be read', error));
  return client.demo.on('changed', (status) => useDemo.setState({ status }));
}

/** Sets the folder aside and builds the demo anew; progress comes as events. */
export function rebuildDemo(): void {
  client.demo.rebuild(undefined).catch((error: unknown) => showError('The demo database could not be rebuilt', error));
}
