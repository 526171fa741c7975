import { Autocomplete, Button, Code, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { AppErrorData, ErrorQuestion } from '../../../src-preload/contract/error';
import { client } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { addressOf } from './ConnectionList';
import { folderOf } from './formValues';
import { askToMove, askToRemove, lineAnswered, moveConnection, passwordAnswered, useConnections } from './store';

/** Loaded when it is first wanted. */
const ImportPanel = lazy(() => import('./ImportPanel').then((module) => ({ default: module.ImportPanel })));

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

function HostKeyQuestion({ question }: { readonly question: Extract<ErrorQuestion, { kind: 'hostKey' }> }) {
  const { host, port, keyType, fingerprint } = question;
  const [busy, setBusy] = useState(false);
  const trust = async (): Promise<void> => {
    setBusy(true);
    try {
      await client.connections.trustHostKey({ host, port, fingerprint });
      lineAnswered(true);
    } catch (error) {
      showError('The key could not be remembered', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        <Code>{port === 22 ? host : `${host}:${port}`}</Code> is not known yet, and nothing secret was sent to it. It shows this {keyType} key:
      </Text>
      <Code block style={{ userSelect: 'all' }}>
        {fingerprint}
      </Code>
      <Text size="sm">
        Compare it with the fingerprint that its keeper gives you (there: <Code>ssh-keygen -lf /etc/ssh/ssh_host_{keyType.replace(/^ssh-|^rsa-.*$|-sha2-.*$/g, '')}_key.pub</Code>). A key that you trust is
        remembered; when the server ever shows another one, the connection is refused.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" data-autofocus onClick={() => lineAnswered(false)}>
          Do not connect
        </Button>
        <Button loading={busy} onClick={() => void trust()}>
          It is the same: trust it
        </Button>
      </Group>
    </Stack>
  );
}

function SecretQuestion({ question, error }: { readonly question: Extract<ErrorQuestion, { kind: 'secret' }>; readonly error: AppErrorData }) {
  const [secret, setSecret] = useState('');
  const answer = async (): Promise<void> => {
    try {
      await client.connections.supplySecret({ lock: question.lock, secret });
      lineAnswered(true);
    } catch (failure) {
      showError('It could not be taken', failure);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void answer();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          {error.message} What you enter is kept for this run only; the connection’s form can store it.
        </Text>
        <PasswordInput data-autofocus label={question.label.charAt(0).toUpperCase() + question.label.slice(1)} autoComplete="off" value={secret} onChange={(event) => setSecret(event.currentTarget.value)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => lineAnswered(false)}>
            Cancel
          </Button>
          <Button type="submit" disabled={secret === ''}>
            Go on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function LineQuestion() {
  const asked = useConnections((state) => state.lineQuestion);
  const title = asked?.question.kind === 'hostKey' ? 'Is this the right SSH server?' : 'Before the database';
  return (
    <Modal opened={asked !== null} onClose={() => lineAnswered(false)} title={title}>
      {asked?.question.kind === 'hostKey' ? <HostKeyQuestion question={asked.question} /> : null}
      {asked?.question.kind === 'secret' ? <SecretQuestion key={asked.error.message} question={asked.question} error={asked.error} /> : null}
    </Modal>
  );
}

function MoveQuestion() {
  const moving = useConnections((state) => state.moving);
  const connections = useConnections((state) => state.connections);
  const [folder, setFolder] = useState<string | null>(null);
  const folders = [...new Set(connections.flatMap((connection) => connection.folder ?? []))].sort((a, b) => a.localeCompare(b));
  const close = (): void => {
    setFolder(null);
    askToMove(null);
  };
  const move = async (): Promise<void> => {
    if (!moving) return;
    try {
      await moveConnection(moving, folderOf(folder ?? moving.folder ?? '') ?? '');
      close();
    } catch (error) {
      showError(`${moving.name} could not be moved`, error);
    }
  };
  return (
    <Modal opened={moving !== null} onClose={close} title={`Move ${moving?.name ?? ''}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void move();
        }}
      >
        <Stack gap="sm">
          <Autocomplete label="Folder" description="Names with / between; empty is the top of the list. A new one is made by naming it." data-autofocus data={folders} value={folder ?? moving?.folder ?? ''} onChange={setFolder} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit">Move</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The questions about connections: a password, what lies before the database, a folder, and whether to remove one. */
export function ConnectionDialogs() {
  const importing = useConnections((state) => state.importing);
  return (
    <>
      <PasswordQuestion />
      <LineQuestion />
      <MoveQuestion />
      {importing ? (
        <Suspense fallback={null}>
          <ImportPanel />
        </Suspense>
      ) : null}
      <RemoveQuestion />
    </>
  );
}
