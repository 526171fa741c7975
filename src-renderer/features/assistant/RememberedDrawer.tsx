import { Button, Drawer, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconSearch, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { RememberedAnswer } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showError } from '../../shell/errors';
import { RelativeTime } from '../../shell/RelativeTime';

function useRemembered(connectionId: string, search: string) {
  const [{ answers, error }, setState] = useState<{ readonly answers: readonly RememberedAnswer[] | null; readonly error: AppErrorData | null }>({ answers: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    client.assistant.remembered({ connectionId, search }).then(
      (read) => setState({ answers: read, error: null }),
      (thrown: unknown) => setState({ answers: null, error: errorData(thrown) }),
    );
  }, [connectionId, search, turn]);
  const again = (): void => setTurn((now) => now + 1);
  const forget = (id: number | null): void => {
    client.assistant.forget({ connectionId, id }).then(again, (thrown: unknown) => showError('It was not forgotten', thrown));
  };
  return { answers, error, again, forget };
}

function Remembered({ connectionId }: { readonly connectionId: string }) {
  const [search, setSearch] = useState('');
  const { answers, error, again, forget } = useRemembered(connectionId, search);
  if (error) return <ErrorPanel error={error} title="The remembered answers could not be read" onRetry={again} />;
  const forgetAll = (): void => {
    modals.openConfirmModal({
      title: 'Forget all remembered answers',
      children: <Text size="sm">Every remembered answer of this connection is deleted, also those that the search does not show.</Text>,
      labels: { confirm: 'Forget all', cancel: 'Keep them' },
      confirmProps: { color: 'red' },
      onConfirm: () => forget(null),
    });
  };
  return (
    <>
      <Group gap="xs" mb="sm">
        <TextInput flex={1} aria-label="Search the remembered answers" placeholder="Search" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Button variant="default" leftSection={<IconTrash size={14} />} disabled={!answers?.length} onClick={forgetAll}>
          Forget all…
        </Button>
      </Group>
      {answers === null ? <Skeleton height={120} /> : null}
      {answers?.length === 0 ? <Text c="dimmed">{search === '' ? 'Nothing yet. “Remember” under a query keeps it with its question.' : 'Nothing has this text.'}</Text> : null}
      <Stack gap="sm" role="list" aria-label="Remembered answers">
        {(answers ?? []).map(({ id, at, question, sql }) => (
          <div key={id} role="listitem" style={{ border: '1px solid var(--app-line)', borderRadius: 6, overflow: 'hidden' }}>
            <Group gap="xs" px="sm" py={6} wrap="nowrap" justify="space-between">
              <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                {question}
              </Text>
              <Group gap={6} wrap="nowrap">
                <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                  <RelativeTime iso={at} />
                </Text>
                <Button size="compact-xs" variant="subtle" color="gray" onClick={() => forget(id)}>
                  Forget
                </Button>
              </Group>
            </Group>
            <SqlText text={sql} maxLines={10} />
          </div>
        ))}
      </Stack>
    </>
  );
}

/** The answers of a connection that a person confirmed; they go along with questions like theirs. */
export function RememberedDrawer({ opened, connectionId, onClose }: { readonly opened: boolean; readonly connectionId: string | null; readonly onClose: () => void }) {
  return (
    <Drawer opened={opened && connectionId !== null} onClose={onClose} size={720} title="Remembered answers">
      <Text size="sm" c="dimmed" mb="sm">
        Up to three of them go along with a question that is like theirs, with their SQL and the values in it. They are kept on this computer only.
      </Text>
      {connectionId === null ? null : <Remembered connectionId={connectionId} />}
    </Drawer>
  );
}
