import type { SecretPlace, SecretsStatus } from '../../src-preload/contract/secrets';

/** Passwords and keys. Values leave it only towards drivers and the model client: never to a log, the renderer or a prompt. */
export interface SecretsService {
  status(): Promise<SecretsStatus>;
  choose(place: SecretPlace, passphrase?: string): Promise<SecretsStatus>;
  unlock(passphrase: string): Promise<SecretsStatus>;
  /** `name` is like `connection:ID:password` or `assistant:api-key`. Rejects with `secrets_locked` when no place is open. */
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Makes `redact` cut a secret that did not come from here: typed, from an environment variable, from a URL. */
  remember(value: string): void;
  onChange(listener: (status: SecretsStatus) => void): () => void;
  /** Replaces every secret that was read or written in this run by `***`; for logs and error texts. */
  redact(text: string): string;
}
