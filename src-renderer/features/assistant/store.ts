import { create } from 'zustand';
import type { AssistantSettings } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { withSecrets } from '../secrets/store';

type Model = Awaited<ReturnType<typeof client.assistant.models>>[number];

interface AssistantState {
  readonly settings: AssistantSettings | null;
  readonly settingsError: AppErrorData | null;
  /** The endpoint's own list; null until it was read. */
  readonly models: readonly Model[] | null;
  readonly modelsError: AppErrorData | null;
}

/** Which model answers, and whether there is a key for it. */
export const useAssistant = create<AssistantState>(() => ({ settings: null, settingsError: null, models: null, modelsError: null }));

/** Reads the settings; with a key, the list of models too. */
export async function loadAssistant(): Promise<void> {
  try {
    const settings = await client.assistant.settings(undefined);
    useAssistant.setState({ settings, settingsError: null });
    if (settings.hasKey && useAssistant.getState().models === null) await loadModels();
  } catch (error) {
    useAssistant.setState({ settingsError: errorData(error) });
  }
}

/** Reads which models the endpoint offers. */
export async function loadModels(): Promise<void> {
  try {
    useAssistant.setState({ models: await client.assistant.models(undefined), modelsError: null });
  } catch (error) {
    useAssistant.setState({ modelsError: errorData(error) });
  }
}

/** Tries what the model at the saved address can do; rejects with main's error. */
export async function probeEndpoint(): Promise<void> {
  useAssistant.setState({ settings: await client.assistant.probeEndpoint(undefined) });
}

type Change = Parameters<typeof client.assistant.saveSettings>[0];

/** Stores a change; asks for a place for secrets first when a key comes and there is none. Rejects with main's error. */
export async function saveAssistant(change: Change): Promise<void> {
  const settings = await withSecrets('to keep the API key', () => client.assistant.saveSettings(change));
  useAssistant.setState({ settings });
  if (change.apiKey === undefined && change.baseUrl === undefined) return;
  useAssistant.setState({ models: null, modelsError: null });
  if (settings.hasKey) await loadModels();
}
