import { Button, Drawer, Group, List, PasswordInput, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { SecretPlace } from '../../../src-preload/contract/secrets';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { secretsAnswered, useSecrets } from './store';

/** What main demands of a passphrase. */
const SHORTEST = 8;

function useAnswer() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppErrorData | null>(null);
  const answer = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
      secretsAnswered(true);
    } catch (failure) {
      setError(errorData(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, answer };
}

function Unlock() {
  const [passphrase, setPassphrase] = useState('');
  const { busy, error, answer } = useAnswer();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void answer(() => client.secrets.unlock({ passphrase }));
      }}
    >
      <Stack gap="sm">
        <Text size="sm">Passwords and keys are in a file that is encrypted behind your passphrase. It is asked once in each run.</Text>
        <PasswordInput label="Passphrase" data-autofocus autoComplete="off" value={passphrase} onChange={(event) => setPassphrase(event.currentTarget.value)} />
        {error ? <ErrorPanel error={error} title="Still locked" /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => secretsAnswered(false)}>
            Not now
          </Button>
          <Button type="submit" loading={busy} disabled={passphrase === ''}>
            Unlock
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Why a passphrase cannot be used yet; null when it can. */
export function passphraseProblem(passphrase: string, repeated: string): string | null {
  if (passphrase.length < SHORTEST) return `At least ${SHORTEST} characters`;
  return passphrase === repeated ? null : 'The two are not the same';
}

function Choose({ keychain, reason }: { readonly keychain: boolean; readonly reason: string | null }) {
  const [place, setPlace] = useState<SecretPlace>(keychain ? 'keychain' : 'memory');
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const { busy, error, answer } = useAnswer();
  const problem = place === 'file' ? passphraseProblem(passphrase, repeated) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void answer(() => client.secrets.choose(place === 'file' ? { place, passphrase } : { place }));
      }}
    >
      <Stack gap="md">
        <Text size="sm">
          {keychain ? 'Where should passwords and keys be kept?' : 'No keychain of the system was found, so you choose where passwords and keys are kept. Nothing is ever written in plain.'}
        </Text>
        {reason ? (
          <Text size="xs" c="dimmed">
            {reason}
          </Text>
        ) : null}
        <Radio.Group value={place} onChange={(value) => setPlace(value)} aria-label="Place for secrets">
          <Stack gap="sm">
            {keychain ? <Radio value="keychain" label="The system’s keychain" description="Unlocked with your login. The usual choice." /> : null}
            <Radio value="memory" label="This run only" description="Kept in memory and forgotten when the program ends: you type them again next time." />
            <Radio value="file" label="A file behind a passphrase" description="Encrypted with a key made from your passphrase. You type the passphrase once in each run." />
          </Stack>
        </Radio.Group>
        {place === 'file' ? (
          <Stack gap="xs">
            <PasswordInput label="Passphrase" autoComplete="new-password" value={passphrase} onChange={(event) => setPassphrase(event.currentTarget.value)} error={passphrase === '' ? null : passphrase.length < SHORTEST ? problem : null} />
            <PasswordInput label="Once more" autoComplete="new-password" value={repeated} onChange={(event) => setRepeated(event.currentTarget.value)} error={repeated === '' || passphrase.length < SHORTEST ? null : problem} />
            <List size="xs" c="dimmed">
              <List.Item>Nobody can recover it: without it the passwords are entered anew.</List.Item>
              <List.Item>If such a file exists already, give the passphrase that it has.</List.Item>
            </List>
          </Stack>
        ) : null}
        {error ? <ErrorPanel error={error} title="That did not work" /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => secretsAnswered(false)}>
            Not now
          </Button>
          <Button type="submit" loading={busy} disabled={problem !== null}>
            {place === 'file' ? 'Use this file' : 'Continue'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Asks where secrets are kept, or for the passphrase, when something needs one; never before. */
export function SecretsDialog() {
  const { status, purpose } = useSecrets();
  const locked = status?.locked ?? false;
  return (
    <Drawer
      opened={purpose !== null}
      onClose={() => secretsAnswered(false)}
      title={locked ? `Unlock ${purpose ?? ''}` : 'A place for secrets'}
      size={420}
    >
      {locked ? <Unlock /> : <Choose keychain={status?.keychain.available ?? false} reason={status?.keychain.available ? null : (status?.keychain.reason ?? null)} />}
    </Drawer>
  );
}
