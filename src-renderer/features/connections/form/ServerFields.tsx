import { Collapse, Group, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconLink } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { AppErrorData } from '../../../../src-preload/contract/error';
import { client, errorData } from '../../../client';
import { showError } from '../../../shell/errors';
import { targetOf, withEngine, withUrl } from '../formValues';
import { FileField, SecretField, type Form } from './FormParts';

const servers = [
  { value: 'postgresql', label: 'PostgreSQL' },
  { value: 'mysql', label: 'MySQL or MariaDB' },
];

const tlsModes = [
  { value: 'disable', label: 'Never encrypt' },
  { value: 'prefer', label: 'Encrypt if the server can' },
  { value: 'require', label: 'Encrypt, do not check the certificate' },
  { value: 'verify-ca', label: 'Encrypt, check the certificate' },
  { value: 'verify-full', label: 'Encrypt, check the certificate and its name' },
];

/** Milliseconds without a key before the password file is asked about. */
const PAUSE_MS = 400;

function ServicePick({ form }: { readonly form: Form }) {
  const [services, setServices] = useState<readonly string[]>([]);
  useEffect(() => {
    client.connections.services(undefined).then(setServices, (error: unknown) => showError('pg_service.conf cannot be read', error));
  }, []);
  if (services.length === 0) return null;
  const take = (name: string | null): void => {
    if (name === null) return;
    client.connections.parseUrl({ url: `postgres:///?service=${encodeURIComponent(name)}` }).then(
      (parsed) => {
        const values = withUrl(form.getValues(), parsed);
        form.setValues({ ...values, name: form.getValues().name.trim() === '' ? name : values.name });
      },
      (error: unknown) => showError(`The service ${name} cannot be used`, error),
    );
  };
  return <Select label="From pg_service.conf" placeholder="take over a service" searchable clearable value={null} data={[...services]} onChange={take} />;
}

/** The field that takes a whole URL apart, and the services of pg_service.conf. */
export function UrlPaste({ form, first }: { readonly form: Form; readonly first: boolean }) {
  const [url, setUrl] = useState('');
  const [error, setError] = useState<AppErrorData | null>(null);
  const take = (text: string): void => {
    setUrl(text);
    setError(null);
    if (text.trim() === '') return;
    client.connections.parseUrl({ url: text.trim() }).then(
      (parsed) => {
        form.setValues(withUrl(form.getValues(), parsed));
        setUrl('');
      },
      (failure: unknown) => setError(errorData(failure)),
    );
  };
  return (
    <>
      <TextInput
        label="Paste a URL"
        data-autofocus={first || undefined}
        // A URL that was typed and left counts as well: a test of the old address would mislead.
        onBlur={() => take(url)}
        placeholder="postgres://user:password@host:5432/database?sslmode=require"
        leftSection={<IconLink size={14} />}
        value={url}
        error={error ? [error.message, error.hint].filter(Boolean).join(' ') : null}
        onChange={(event) => setUrl(event.currentTarget.value)}
        onPaste={(event) => {
          event.preventDefault();
          take(event.clipboardData.getData('text'));
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          take(url);
        }}
      />
      <ServicePick form={form} />
    </>
  );
}

/** Where the server is and who the person is there. */
export function ServerFields({ form }: { readonly form: Form }) {
  return (
    <>
      <Select
        label="Server"
        data={servers}
        allowDeselect={false}
        value={form.getValues().engine}
        onChange={(engine) => form.setValues(withEngine(form.getValues(), engine === 'mysql' ? 'mysql' : 'postgresql'))}
      />
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <TextInput label="Host" flex={1} {...form.getInputProps('host')} />
        <NumberInput label="Port" w={92} hideControls allowDecimal={false} {...form.getInputProps('port')} />
      </Group>
      <SimpleGrid cols={2} spacing="xs">
        <TextInput label="Database" {...form.getInputProps('database')} />
        <TextInput label="User" autoComplete="off" {...form.getInputProps('user')} />
      </SimpleGrid>
    </>
  );
}

/** Where a password would come from that is not typed, as a sentence; null when it would come from nowhere. */
function usePasswordSource(form: Form): string | null {
  const { host, port, database, user, tunnel } = form.getValues();
  const [settled] = useDebouncedValue(JSON.stringify([host, port, database, user, tunnel.length > 0]), PAUSE_MS);
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    client.connections.passwordSource({ target: targetOf(form.getValues()) }).then(
      ({ file, ignored }) => current && setSource(file === null ? null : ignored === null ? `The password comes from ${file}.` : `${file} is not used: ${ignored}.`),
      // Half-typed fields are no target yet.
      () => current && setSource(null),
    );
    return () => {
      current = false;
    };
    // The form's own object changes with every key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return source;
}

export function PasswordFields({ form, stored }: { readonly form: Form; readonly stored: boolean }) {
  const { passwordKind } = form.getValues();
  const source = usePasswordSource(form);
  return (
    <SecretField
      form={form}
      kindPath="passwordKind"
      secretPath="password"
      label="Password"
      kind={passwordKind}
      stored={stored}
      placeholder={source?.startsWith('The') ? 'leave empty: it is in the password file' : 'leave empty when the server wants none'}
      whenAsked={source ?? 'It is never stored: you are asked when the connection is opened, once in each run.'}
    />
  );
}

/** TLS, and the client's certificate. */
export function EncryptionFields({ form, keyStored }: { readonly form: Form; readonly keyStored: boolean }) {
  const { tlsMode, key, keySecret } = form.getValues();
  const checked = tlsMode === 'verify-ca' || tlsMode === 'verify-full';
  return (
    <Stack gap="xs">
      <Select label="Encryption (TLS)" data={tlsModes} allowDeselect={false} {...form.getInputProps('tlsMode')} />
      <Collapse expanded={tlsMode !== 'disable'}>
        <Stack gap="xs">
          {checked ? <FileField form={form} path="ca" label="Certificate authority (empty: the system’s)" /> : null}
          <SimpleGrid cols={2} spacing="xs">
            <FileField form={form} path="cert" label="Client certificate" />
            <FileField form={form} path="key" label="Client key" />
          </SimpleGrid>
          {key.trim() === '' ? null : (
            <SecretField form={form} kindPath="keySecret.secretKind" secretPath="keySecret.secret" label="Passphrase of the client key" kind={keySecret.secretKind} stored={keyStored} whenAsked="You are asked when the key has one, once in each run." />
          )}
        </Stack>
      </Collapse>
    </Stack>
  );
}
