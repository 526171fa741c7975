import { Anchor, Button, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { EndpointAbilities } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { loadAssistant, loadModels, probeEndpoint, saveAssistant, useAssistant } from './store';

const KEYS_PAGE = 'https://console.anthropic.com/settings/keys';

/** Where the key is made, through the one door for links. */
function KeysPageLink() {
  return (
    <Anchor component="button" type="button" fz="inherit" onClick={() => void client.application.openExternal({ url: KEYS_PAGE }).catch((error: unknown) => showError('The page could not be opened', error))}>
      console.anthropic.com
    </Anchor>
  );
}

/** Asks for the API key. */
export function KeyEntry() {
  const [apiKey, setApiKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppErrorData | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await saveAssistant({ apiKey: apiKey.trim() });
      setApiKey('');
      showDone('The key is kept');
    } catch (failure) {
      setError(errorData(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <PasswordInput flex={1} label="API key" placeholder="sk-ant-…" autoComplete="off" value={apiKey} onChange={(event) => setApiKey(event.currentTarget.value)} />
          <Button type="submit" loading={busy} disabled={apiKey.trim() === ''}>
            Keep key
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          Make one at <KeysPageLink />, under API keys. It is kept with your passwords, never in plain; requests go from this program to the endpoint and nowhere else.
        </Text>
        {error ? <ErrorPanel error={error} title="The key could not be kept" /> : null}
      </Stack>
    </form>
  );
}

/** Which model answers; the list is the endpoint's own. */
export function ModelPicker({ label, width }: { readonly label: boolean; readonly width?: number }) {
  const { settings, models } = useAssistant();
  if (!settings) return null;
  const listed = (models ?? []).map((model) => ({ value: model.id, label: model.name }));
  const data = listed.some(({ value }) => value === settings.model) ? listed : [{ value: settings.model, label: settings.model }, ...listed];
  return (
    <Select
      label={label ? 'Model' : undefined}
      aria-label="Model"
      w={width}
      allowDeselect={false}
      searchable={data.length > 8}
      data={data}
      value={settings.model}
      comboboxProps={{ width: 260, position: 'bottom-end' }}
      onChange={(model) => {
        if (model !== null) saveAssistant({ model }).catch((error: unknown) => showError('The model could not be changed', error));
      }}
    />
  );
}

function Endpoint({ baseUrl }: { readonly baseUrl: string }) {
  const [url, setUrl] = useState(baseUrl);
  return (
    <TextInput
      label="Endpoint"
      description="Another address for a proxy or a local model that speaks the same format."
      value={url}
      onChange={(event) => setUrl(event.currentTarget.value)}
      rightSectionWidth={64}
      rightSection={
        url.trim() === baseUrl ? null : (
          <Button size="compact-xs" variant="subtle" onClick={() => saveAssistant({ baseUrl: url.trim() }).catch((error: unknown) => showError('The endpoint could not be changed', error))}>
            Use it
          </Button>
        )
      }
    />
  );
}

const lost = [
  ['tools', 'It calls no tools, so that it cannot look at the schema or run anything: choose another model.'],
  ['thinking', 'How it thinks is not shown.'],
  ['caching', 'The schema is read anew with each step, which costs time.'],
] as const;

/** What a model at another address can do, as it showed when it was tried, and what is lost. */
function Abilities({ abilities }: { readonly abilities: EndpointAbilities | null }) {
  const [busy, setBusy] = useState(false);
  const missing = abilities ? lost.filter(([ability]) => !abilities[ability]) : [];
  const look = (): void => {
    setBusy(true);
    probeEndpoint()
      .catch((error: unknown) => showError('The model could not be tried', error))
      .finally(() => setBusy(false));
  };
  return (
    <div role="status" aria-label="What this model can do">
      <Text size="sm">{abilities === null ? 'Nobody has tried yet what this model can do here.' : missing.length === 0 ? 'Tried: it does all that is needed.' : 'Tried. What is lost with this model:'}</Text>
      {missing.map(([ability, words]) => (
        <Text key={ability} size="sm" c={ability === 'tools' ? 'var(--mantine-color-error)' : 'dimmed'}>
          {words}
        </Text>
      ))}
      <Button size="compact-xs" variant="default" mt={4} loading={busy} onClick={look}>
        {abilities === null ? 'Try it' : 'Try again'}
      </Button>
    </div>
  );
}

/** The assistant's part of the settings: key, model, endpoint. */
export function AssistantSettingsForm() {
  const { settings, settingsError, modelsError } = useAssistant();
  useEffect(() => void loadAssistant(), []);
  if (settingsError) return <ErrorPanel error={settingsError} onRetry={() => void loadAssistant()} />;
  if (!settings) return null;
  return (
    <Stack gap="sm">
      {settings.keySource === 'environment' ? (
        <Text size="sm" c="dimmed">
          The key comes from the environment variable ANTHROPIC_API_KEY.
        </Text>
      ) : null}
      {settings.keySource === 'secrets' ? (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            A key is kept.
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => saveAssistant({ apiKey: null }).catch((error: unknown) => showError('The key could not be removed', error))}>
            Remove key
          </Button>
        </Group>
      ) : null}
      {settings.hasKey ? null : <KeyEntry />}
      <ModelPicker label />
      {modelsError ? <ErrorPanel error={modelsError} title="The models could not be listed" onRetry={() => void loadModels()} /> : null}
      <Endpoint key={settings.baseUrl} baseUrl={settings.baseUrl} />
      {settings.own || !settings.hasKey ? null : <Abilities abilities={settings.abilities} />}
    </Stack>
  );
}
