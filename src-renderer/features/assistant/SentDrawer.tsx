import { Button, Drawer, Group, Select, Skeleton, Text } from '@mantine/core';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SentRequest } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { ReadOnlyText } from '../../components/cell/ReadOnlyText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { formatBytes } from '../../shell/format';

/** Whose requests are shown: an answer's, a conversation's, or all. */
export interface SentOwner {
  readonly conversationId: string | null;
  readonly messageId: string | null;
}

interface Read {
  readonly requests: readonly SentRequest[] | null;
  readonly error: AppErrorData | null;
}

const nameOf = ({ at, model, bytes, conversationId }: SentRequest, index: number, count: number): string =>
  `${index + 1} of ${count} · ${new Date(at).toLocaleTimeString()} · ${formatBytes(bytes)} · ${model}${conversationId === null ? ' · an explanation' : ''}`;

async function save(id: number): Promise<void> {
  try {
    const { path } = await client.application.chooseSavePath({ title: 'Save what was sent', defaultName: 'request.json', extension: 'json' });
    if (path === null) return;
    await client.assistant.saveSent({ id, path });
    showDone(`Wrote ${path}`);
  } catch (error) {
    showError('It was not saved', error);
  }
}

/** The text of one request, with what can be done with it. */
function Request({ id }: { readonly id: number }) {
  const [{ text, error }, setState] = useState<{ readonly text: string | null; readonly error: AppErrorData | null }>({ text: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    client.assistant.sentText({ id }).then(
      (read) => setState({ text: read.text, error: null }),
      (thrown: unknown) => setState({ text: null, error: errorData(thrown) }),
    );
  }, [id, turn]);
  if (error) return <ErrorPanel error={error} title="The request could not be read" onRetry={() => setTurn(turn + 1)} />;
  if (text === null) return <Skeleton height={200} />;
  const copy = (): void => {
    client.application.copyText({ text }).then(
      () => showDone('Copied'),
      (thrown: unknown) => showError('It was not copied', thrown),
    );
  };
  return (
    <>
      <Group gap="xs" mb="xs">
        <Button variant="default" leftSection={<IconCopy size={14} />} onClick={copy}>
          Copy
        </Button>
        <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => void save(id)}>
          Save as JSON…
        </Button>
      </Group>
      <div style={{ flex: 1, minHeight: 0, border: '1px solid var(--mantine-color-default-border)', borderRadius: 4 }}>
        <ReadOnlyText text={text} language="plain" wrap label="What was sent" />
      </div>
    </>
  );
}

function Requests({ owner }: { readonly owner: SentOwner }) {
  const [{ requests, error }, setState] = useState<Read>({ requests: null, error: null });
  const [chosen, setChosen] = useState<number | null>(null);
  const [turn, setTurn] = useState(0);
  const { conversationId, messageId } = owner;
  useEffect(() => {
    client.assistant.sent({ conversationId, messageId }).then(
      (read) => setState({ requests: read, error: null }),
      (thrown: unknown) => setState({ requests: null, error: errorData(thrown) }),
    );
  }, [conversationId, messageId, turn]);
  if (error) return <ErrorPanel error={error} title="What was sent could not be read" onRetry={() => setTurn(turn + 1)} />;
  if (!requests) return <Skeleton height={200} />;
  const last = requests.at(-1);
  if (!last) return <Text c="dimmed">Nothing is kept of it. The newest requests are, until their conversation is deleted.</Text>;
  const id = chosen ?? last.id;
  return (
    <>
      <Select
        mb="xs"
        aria-label="Request"
        allowDeselect={false}
        data={requests.map((request, index) => ({ value: String(request.id), label: nameOf(request, index, requests.length) }))}
        value={String(id)}
        onChange={(value) => setChosen(Number(value))}
      />
      <Request key={id} id={id} />
    </>
  );
}

/** Everything that went to the model for an answer, a conversation or at all, word for word; each call of the model was one request. */
export function SentDrawer({ owner, onClose }: { readonly owner: SentOwner | null; readonly onClose: () => void }) {
  return (
    <Drawer opened={owner !== null} onClose={onClose} size={860} title="What was sent" styles={{ content: { display: 'flex', flexDirection: 'column' }, body: { display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 } }}>
      <Text size="sm" c="dimmed" mb="xs">
        Each time Claude was called, the whole talk went along. Secrets of the run are cut out before it is sent. It is kept on this computer only.
      </Text>
      {owner ? <Requests owner={owner} /> : null}
    </Drawer>
  );
}
