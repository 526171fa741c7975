import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';

/** Where secrets are kept: the OS keychain, this run's memory only, or a file encrypted behind a passphrase. */
export const secretPlace = z.enum(['keychain', 'memory', 'file']);
export type SecretPlace = z.infer<typeof secretPlace>;

export const secretsStatus = z.object({
  /** null: no keychain was found and the person has not chosen yet. */
  place: secretPlace.nullable(),
  keychain: z.object({ available: z.boolean(), reason: z.string().nullable() }),
  /** The file exists but its passphrase has not been given in this run. */
  locked: z.boolean(),
});
export type SecretsStatus = z.infer<typeof secretsStatus>;

export const secretsContract = defineContract('secrets', {
  status: call(nothing, secretsStatus),
  /** Chooses a place; `file` needs a passphrase of at least 8 characters and unlocks or creates the file. */
  choose: call(z.object({ place: secretPlace, passphrase: z.string().optional() }), secretsStatus),
  unlock: call(z.object({ passphrase: z.string() }), secretsStatus),
  changed: event(secretsStatus),
});
