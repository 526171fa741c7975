import { z } from 'zod';
import type { AssistantSettings } from '../../src-preload/contract/assistant';
import { AppError } from '../errors';
import type { SecretsService } from '../secrets/service';
import type { Store } from '../store/service';
import type { Workspace } from '../workspace/service';
import type { Endpoints } from './endpoints';
import type { ModelEndpoint } from './modelClient';

const KEY_NAME = 'assistant:api-key';
const DEFAULT_MODEL = 'claude-opus-5-5';
const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/** `.ai-shell/assistant.yaml`. */
const assistantFile = z.object({
  model: z.string().min(1).default(DEFAULT_MODEL),
  baseUrl: z.string().min(1).default(DEFAULT_BASE_URL),
});

export interface SettingsChange {
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** null removes the stored key, absent leaves it. */
  readonly apiKey?: string | null | undefined;
}

/** Everything that a request to the model needs. */
export interface ActiveModel extends ModelEndpoint {
  readonly model: string;
  readonly keySource: 'environment' | 'secrets';
}

export interface SettingsDependencies {
  readonly workspace: Workspace;
  readonly secrets: SecretsService;
  readonly store: Store;
  /** The variables ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL come before what is stored. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface AssistantSettingsStore {
  read(): Promise<AssistantSettings>;
  save(change: SettingsChange): Promise<AssistantSettings>;
  /**
   * Rejects with `model_unavailable` when there is no key, and with `refused` when the workspace names an address that no person
   * has entered here: a workspace is shared, and whoever edits it must not be able to have the key and the rows sent elsewhere.
   */
  active(): Promise<ActiveModel>;
}

export function createAssistantSettings({ workspace, secrets, store, environment }: SettingsDependencies, endpoints: Pick<Endpoints, 'known'>): AssistantSettingsStore {
  const file = workspace.file('assistant.yaml', assistantFile);
  const variable = (name: string): string | null => environment[name]?.trim() || null;

  const key = async (): Promise<{ value: string; source: 'environment' | 'secrets' } | null> => {
    const fromEnvironment = variable('ANTHROPIC_API_KEY');
    if (fromEnvironment) {
      secrets.remember(fromEnvironment);
      return { value: fromEnvironment, source: 'environment' };
    }
    const stored = await secrets.get(KEY_NAME);
    return stored ? { value: stored, source: 'secrets' } : null;
  };
  const trusted = (url: string): boolean => {
    const { origin } = new URL(url);
    return origin === DEFAULT_BASE_URL || store.get('SELECT 1 AS found FROM assistant_origins WHERE origin = ?', origin) !== undefined;
  };

  const facts = (baseUrl: string, model: string): Pick<AssistantSettings, 'own' | 'abilities'> => {
    const own = baseUrl === DEFAULT_BASE_URL;
    return { own, abilities: own ? null : endpoints.known(baseUrl, model) };
  };

  const read = async (): Promise<AssistantSettings> => {
    const { model, baseUrl } = await file.read();
    const found = await key().catch((error: unknown) => {
      // Secrets that are locked hide the key; the settings page must open all the same, the status bar tells the rest.
      if (error instanceof AppError && error.code === 'secrets_locked') return null;
      throw error;
    });
    return { model, baseUrl: variable('ANTHROPIC_BASE_URL') ?? baseUrl, hasKey: found !== null, keySource: found?.source ?? 'none', ...facts(variable('ANTHROPIC_BASE_URL') ?? baseUrl, model) };
  };

  return {
    read,
    async save(change) {
      const current = await file.read();
      const baseUrl = change.baseUrl === undefined ? current.baseUrl : checkBaseUrl(change.baseUrl);
      if (typeof change.apiKey === 'string') await secrets.set(KEY_NAME, checkKey(change.apiKey));
      if (change.apiKey === null) await secrets.delete(KEY_NAME);
      if (change.baseUrl !== undefined) {
        store.run('INSERT INTO assistant_origins (origin, trusted_at) VALUES (?, ?) ON CONFLICT (origin) DO NOTHING', new URL(baseUrl).origin, new Date().toISOString());
      }
      await file.write({ model: change.model ?? current.model, baseUrl });
      return read();
    },
    async active() {
      const { model, baseUrl: fromFile } = await file.read();
      const fromEnvironment = variable('ANTHROPIC_BASE_URL');
      const baseUrl = checkBaseUrl(fromEnvironment ?? fromFile);
      if (!fromEnvironment && !trusted(baseUrl)) {
        throw new AppError('refused', `The workspace's assistant.yaml sends questions and the API key to ${new URL(baseUrl).host}, which nobody has confirmed on this machine.`, {
          hint: 'If that is right, save this address once in the settings of the assistant. If not, remove baseUrl from assistant.yaml.',
        });
      }
      const found = await key();
      if (!found) throw noKeyError();
      return { model, baseUrl, apiKey: found.value, keySource: found.source };
    },
  };
}

/** An address as the SDK wants it: without a trailing slash and without `/v1`, which it adds itself. */
export function checkBaseUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '').replace(/\/v1$/, '');
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new AppError('bad_input', `${text} is not an address of a model service.`, { hint: `It begins with https:// or http://, such as ${DEFAULT_BASE_URL} or http://localhost:11434.` });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new AppError('bad_input', 'The address must not carry a user, a password, a query or a fragment.', { hint: 'Enter the key in its own field.' });
  }
  return trimmed;
}

function checkKey(text: string): string {
  const key = text.trim();
  if (key === '' || !/^[\x21-\x7e]+$/.test(key)) throw new AppError('bad_input', 'This is not an API key.', { hint: 'A key is one word of plain letters, digits and signs. Copy it again from the console.' });
  return key;
}

function noKeyError(): AppError {
  return new AppError('model_unavailable', 'No API key for Claude is set.', {
    hint: 'Enter a key in the settings of the assistant, or start the program with ANTHROPIC_API_KEY set. Then ask again: your question is kept.',
  });
}
