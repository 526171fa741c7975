import type { Handlers } from '../../src-preload/contract/core';
import type { secretsContract } from '../../src-preload/contract/secrets';
import type { SecretsService } from './service';

/** What the window may ask of the secrets: where they are kept, never what they are. */
export function secretsHandlers(secrets: SecretsService): Handlers<typeof secretsContract> {
  return {
    status: () => secrets.status(),
    choose: ({ place, passphrase }) => secrets.choose(place, passphrase),
    unlock: ({ passphrase }) => secrets.unlock(passphrase),
  };
}
