import { ActionIcon, Button, Drawer, Group, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconCopy, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showError } from '../../shell/errors';
import type { Snippet } from '../../../src-preload/contract/snippets';
import { manageSnippets, saveSnippets, useSnippets } from './store';

interface Edited {
  /** Null for a new one. */
  readonly index: number | null;
  readonly value: Snippet;
}

const empty: Snippet = { prefix: '', description: '', text: '' };

function Form({ edited, onSave, onCancel }: { readonly edited: Edited; readonly onSave: (value: Snippet) => Promise<void>; readonly onCancel: () => void }) {
  const [value, setValue] = useState(edited.value);
  const [error, setError] = useState('');
  const save = (): void => {
    onSave(value).catch((thrown: unknown) => setError(errorData(thrown).message));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="xs">
        <TextInput label="Prefix" description="What you type before Tab or Enter takes it" value={value.prefix} onChange={(event) => setValue({ ...value, prefix: event.currentTarget.value })} data-autofocus />
        <TextInput label="Description" value={value.description} onChange={(event) => setValue({ ...value, description: event.currentTarget.value })} />
        <Textarea
          label="Text"
          description={'${name} is a place to fill in; Tab goes to the next one'}
          autosize
          minRows={5}
          maxRows={16}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={value.text}
          onChange={(event) => setValue({ ...value, text: event.currentTarget.value })}
        />
        {error === '' ? null : (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {error}
          </Text>
        )}
        <Group gap={6}>
          <Button type="submit">Save snippet</Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The person's own snippets and those that come with the program. */
export function SnippetsDrawer() {
  const { own, builtIn, error, opened } = useSnippets();
  const [edited, setEdited] = useState<Edited | null>(null);
  const save = async (value: Snippet): Promise<void> => {
    const place = edited?.index ?? null;
    await saveSnippets(place === null ? [...own, value] : own.map((old, index) => (index === place ? value : old)));
    setEdited(null);
  };
  const remove = (index: number): void => {
    saveSnippets(own.filter((_, at) => at !== index)).catch((thrown: unknown) => showError('The snippet could not be removed', thrown));
  };
  return (
    <Drawer opened={opened} onClose={() => manageSnippets(false)} title="Snippets">
      <Stack gap="md">
        {error ? <ErrorPanel error={error} title="The snippets could not be read" /> : null}
        {edited ? (
          <Form key={edited.index ?? 'new'} edited={edited} onSave={save} onCancel={() => setEdited(null)} />
        ) : (
          <Group gap={6}>
            <Button leftSection={<IconPlus size={14} />} onClick={() => setEdited({ index: null, value: empty })}>
              New snippet
            </Button>
            <Text size="xs" c="dimmed">
              Kept in .ai-shell/snippets.yaml
            </Text>
          </Group>
        )}
        <Stack gap={10} component="section" aria-label="Own snippets">
          {own.length === 0 ? (
            <Text size="sm" c="dimmed">
              None of your own yet. Those below are offered as you type their prefix; one of yours with the same prefix takes the place of it.
            </Text>
          ) : null}
          {own.map((one, index) => (
            <Entry key={one.prefix} one={one}>
              <Tooltip label="Edit">
                <ActionIcon aria-label={`Edit ${one.prefix}`} onClick={() => setEdited({ index, value: one })}>
                  <IconPencil size={14} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Remove">
                <ActionIcon aria-label={`Remove ${one.prefix}`} onClick={() => remove(index)}>
                  <IconTrash size={14} />
                </ActionIcon>
              </Tooltip>
            </Entry>
          ))}
        </Stack>
        <Stack gap={10} component="section" aria-label="Snippets of the program">
          <Text size="xs" fw={600} c="dimmed">
            With the program
          </Text>
          {builtIn.map((one) => (
            <Entry key={one.prefix} one={one}>
              <Tooltip label="Make one of your own from it">
                <ActionIcon aria-label={`Copy ${one.prefix}`} onClick={() => setEdited({ index: null, value: one })}>
                  <IconCopy size={14} />
                </ActionIcon>
              </Tooltip>
            </Entry>
          ))}
        </Stack>
      </Stack>
    </Drawer>
  );
}

function Entry({ one, children }: { readonly one: Snippet; readonly children: React.ReactNode }) {
  return (
    <div>
      <Group gap={8} wrap="nowrap">
        <Text fw={600} size="sm" ff="monospace">
          {one.prefix}
        </Text>
        <Text size="sm" c="dimmed" truncate style={{ flex: 1 }}>
          {one.description}
        </Text>
        {children}
      </Group>
      <SqlText text={one.text} maxLines={4} label={`Snippet ${one.prefix}`} />
    </div>
  );
}
