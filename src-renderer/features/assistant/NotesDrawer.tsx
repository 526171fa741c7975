import { Button, Drawer, Group, Skeleton, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Notes } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';

const example = 'Such as:\n- amounts are in cents\n- orders with status 9 are tests\n- for revenue use shop.payments, not shop.orders';

function Editor({ connectionId, onClose }: { readonly connectionId: string; readonly onClose: () => void }) {
  const [notes, setNotes] = useState<Notes | null>(null);
  const [draft, setDraft] = useState('');
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    client.assistant.notes({ connectionId }).then(
      (read) => {
        setNotes(read);
        setDraft(read.text);
        setFailure(null);
      },
      (error: unknown) => setFailure(errorData(error)),
    );
  }, [connectionId, turn]);
  if (!notes) return failure ? <ErrorPanel error={failure} title="The notes could not be read" onRetry={() => setTurn(turn + 1)} /> : <Skeleton height={240} />;
  const save = async (): Promise<void> => {
    try {
      await client.assistant.saveNotes({ connectionId, text: draft, before: notes.text });
      showDone('The notes are saved');
      onClose();
    } catch (error) {
      setFailure(errorData(error));
    }
  };
  return (
    <>
      <Textarea aria-label="Notes" autosize minRows={12} maxRows={28} placeholder={example} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }} data-autofocus />
      {failure ? <ErrorPanel error={failure} title="The notes were not saved" onRetry={() => setTurn(turn + 1)} retryLabel="Read them again" /> : null}
      <Group justify="space-between" mt="sm" wrap="nowrap">
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {notes.file}
        </Text>
        <Button disabled={draft === notes.text} onClick={() => void save()}>
          Save
        </Button>
      </Group>
    </>
  );
}

/** What a person notes about a connection's data, in Markdown. */
export function NotesDrawer({ opened, connectionId, onClose }: { readonly opened: boolean; readonly connectionId: string | null; readonly onClose: () => void }) {
  return (
    <Drawer opened={opened && connectionId !== null} onClose={onClose} size={640} title="Notes for Claude">
      <Text size="sm" c="dimmed" mb="sm">
        What the schema does not tell. It goes along with every question on this connection, whatever else is shared. Claude may propose changes; you decide.
      </Text>
      {connectionId === null ? null : <Editor key={connectionId} connectionId={connectionId} onClose={onClose} />}
    </Drawer>
  );
}
