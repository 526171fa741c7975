import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startModelServer, type ModelServer, type ModelServerOptions } from '../servers/model';
import type { ModelScript } from '../servers/model/script';
import type { AnswerPart, Message } from '../../src-preload/contract/assistant';
import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import { createChartsService } from '../../src-main/charts/service';
import { createSecretsService } from '../../src-main/secrets/secrets';
import type { SecretsService } from '../../src-main/secrets/service';
import { openStore, type Store } from '../../src-main/store/service';
import { openWorkspace } from '../../src-main/workspace/workspace';
import { createAssistantService, type AssistantDependencies } from '../../src-main/assistant/assistant';
import type { AssistantService } from '../../src-main/assistant/service';
import { fakeCatalog, fakeConnections, fakeGuard, fakeHistory, fakeResults, fakeServer, type FakeServer } from './fakes';
import { shopSnapshot } from './snapshot';

export const KEY = 'sk-ant-test-0123456789';

export interface KitOptions extends ModelServerOptions {
  readonly environment?: Record<string, string>;
  readonly timing?: AssistantDependencies['timing'];
  readonly snapshot?: CatalogSnapshot;
  /** Neighbours other than the fakes. */
  readonly neighbours?: (folder: string, secrets: SecretsService) => Promise<Partial<AssistantDependencies>> | Partial<AssistantDependencies>;
}

/** An assistant with a scripted model behind it; store, workspace and secrets are real and lie in a folder of their own. */
export interface Kit {
  readonly assistant: AssistantService;
  readonly model: ModelServer;
  readonly server: FakeServer;
  readonly results: ReturnType<typeof fakeResults>;
  readonly history: ReturnType<typeof fakeHistory>;
  readonly store: Store;
  readonly secrets: SecretsService;
  readonly folder: string;
  /** The same store and workspace opened by a program that starts anew. */
  again(): AssistantService;
  /** Asks in a new conversation, or in the given one. */
  ask(question: string, options?: { conversationId?: string; replaceFrom?: string; signal?: AbortSignal; onPart?: (part: AnswerPart) => void }): Promise<{ message: Message; parts: AnswerPart[]; conversationId: string }>;
  close(): Promise<void>;
}

export async function kit(script: ModelScript, options: KitOptions = {}): Promise<Kit> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-assistant-'));
  const model = await startModelServer(script, options);
  const server = fakeServer();
  const results = fakeResults();
  const history = fakeHistory();
  const store = openStore(path.join(folder, 'state.db'));
  const workspace = openWorkspace(path.join(folder, 'workspace'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  const dependencies: AssistantDependencies = {
    ...{ store, workspace, secrets, results, history },
    connections: fakeConnections(server),
    catalog: fakeCatalog(options.snapshot ?? shopSnapshot),
    charts: createChartsService({ workspace, results }),
    guard: fakeGuard(server),
    advise: () => Promise.resolve([]),
    environment: options.environment ?? { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: model.url },
    timing: { retryPauseMs: 1, ...options.timing },
    ...(await options.neighbours?.(folder, secrets)),
  };
  const assistant = createAssistantService(dependencies);
  return {
    ...{ assistant, model, server, results, history, store, secrets, folder },
    again: () => createAssistantService(dependencies),
    async ask(question, { conversationId, replaceFrom, signal, onPart } = {}) {
      const id = conversationId ?? (await assistant.create('c1')).id;
      const parts: AnswerPart[] = [];
      const emit = (part: AnswerPart): void => {
        parts.push(part);
        onPart?.(part);
      };
      const message = await assistant.ask({ conversationId: id, question, replaceFrom }, emit, signal ?? new AbortController().signal);
      return { message, parts, conversationId: id };
    },
    async close() {
      await assistant.close();
      await model.close();
      workspace.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const noKeychain = {
  probe: async () => ({ available: false, reason: 'none in tests' }),
  get: async () => null,
  set: async () => undefined,
  delete: async () => undefined,
};
