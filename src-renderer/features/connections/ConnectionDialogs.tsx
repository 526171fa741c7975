import { Button, Code, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { addressOf } from './ConnectionList';
import { askToRemove, passwordAnswered, useConnections } from './store';

function PasswordQuestion() {
  const question = useConnections((state) => state.question);
  const [password, setPassword] = useState('');
  const answer = (given: string | null): void => {
    setPassword('');
    passwordAnswered(given);
  };
  return (
    <Modal opened={question !== null} onClose={() => answer(null)} title={`Password of ${question?.connection.name ?? ''}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer(password);
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            For <Code>{question ? addressOf(question.connection) : ''}</Code>. It is kept for this run only.
          </Text>
          {question?.error ? <ErrorPanel error={question.error} /> : null}
          <PasswordInput data-autofocus aria-label="Password" autoComplete="off" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => answer(null)}>
              Cancel
            </Button>
            <Button type="submit">Connect</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function RemoveQuestion() {
  const removing = useConnections((state) => state.removing);
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    if (!removing) return;
    setBusy(true);
    try {
      await client.connections.remove({ id: removing.id });
      showDone(`${removing.name} was removed`);
      askToRemove(null);
    } catch (error) {
      showError(`${removing.name} could not be removed`, error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={removing !== null} onClose={() => askToRemove(null)} title={`Remove ${removing?.name ?? ''}?`}>
      <Stack gap="sm">
        <Text size="sm">
          The saved connection <b>{removing?.name}</b> (<Code>{removing ? addressOf(removing) : ''}</Code>, {removing?.environment}) and its stored password are removed from this workspace. Nothing changes on
          the server.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" data-autofocus onClick={() => askToRemove(null)}>
            Keep it
          </Button>
          <Button color="red" loading={busy} onClick={() => void remove()}>
            Remove {removing?.name}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The questions about connections: a password, and whether to remove one. */
export function ConnectionDialogs() {
  return (
    <>
      <PasswordQuestion />
      <RemoveQuestion />
    </>
  );
}
