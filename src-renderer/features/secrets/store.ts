import { create } from 'zustand';
import type { SecretsStatus } from '../../../src-preload/contract/secrets';
import { client, errorData } from '../../client';
import { showError } from '../../shell/errors';
import { whenSettled } from '../../shell/settled';

interface SecretsState {
  readonly status: SecretsStatus | null;
  /** Why the question is being asked, such as `to keep the password of shop`; null while nobody asks. */
  readonly purpose: string | null;
}

/** Where secrets are kept, and whether the person is being asked about it. */
export const useSecrets = create<SecretsState>(() => ({ status: null, purpose: null }));

let waiting: ((answered: boolean) => void)[] = [];

async function readStatus(): Promise<void> {
  try {
    useSecrets.setState({ status: await client.secrets.status(undefined) });
  } catch (error) {
    showError('The place for secrets could not be read', error);
  }
}

/** Keeps the store in step with main; returns the function that stops it. */
export function followSecrets(): () => void {
  // Main starts a process to try the keychain, for which the start has no time.
  const callOff = whenSettled(() => void readStatus());
  const stop = client.secrets.on('changed', (status) => useSecrets.setState({ status }));
  return () => {
    callOff();
    stop();
  };
}

/** Asks the person to choose or unlock a place for secrets; false when they dismiss it. */
export async function askForSecrets(purpose: string): Promise<boolean> {
  if (useSecrets.getState().status === null) await readStatus();
  useSecrets.setState({ purpose });
  return new Promise((resolve) => waiting.push(resolve));
}

/** Ends the question. */
export function secretsAnswered(answered: boolean): void {
  useSecrets.setState({ purpose: null });
  const resolvers = waiting;
  waiting = [];
  for (const resolve of resolvers) resolve(answered);
}

/** Runs what needs a secret; when there is no place for secrets yet, asks for one and runs it once more. */
export async function withSecrets<T>(purpose: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (errorData(error).code !== 'secrets_locked' || !(await askForSecrets(purpose))) throw error;
    return action();
  }
}
