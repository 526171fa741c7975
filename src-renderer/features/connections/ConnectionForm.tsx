import { Alert, Button, Collapse, ColorSwatch, Divider, Drawer, Group, Input, NumberInput, PasswordInput, SegmentedControl, Select, SimpleGrid, Stack, Switch, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { IconCheck, IconFile, IconLink, IconPlugConnected } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { ServerInfo } from '../../../src-preload/contract/connections';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { connectionColors, connectionHex, environments } from '../../shell/connectionLook';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';
import { formatDuration } from '../../shell/format';
import { withSecrets } from '../secrets/store';
import { fieldErrors, newValues, targetOf, usualColor, valuesOf, withUrl, type FormValues } from './formValues';
import styles from './Connections.module.css';
import { closeForm, selectConnection, useConnection, useConnections, type Connection } from './store';

type Form = UseFormReturnType<FormValues>;

const tlsModes = [
  { value: 'disable', label: 'Never encrypt' },
  { value: 'prefer', label: 'Encrypt if the server can' },
  { value: 'require', label: 'Encrypt, do not check the certificate' },
  { value: 'verify-ca', label: 'Encrypt, check the certificate' },
  { value: 'verify-full', label: 'Encrypt, check the certificate and its name' },
];

function UrlPaste({ form, first }: { readonly form: Form; readonly first: boolean }) {
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
  );
}

function FileField({ form, field, label }: { readonly form: Form; readonly field: 'ca' | 'cert' | 'key'; readonly label: string }) {
  const choose = async (): Promise<void> => {
    const { path } = await client.application.chooseFile({ title: label, extensions: ['pem', 'crt', 'cer', 'key'] });
    if (path !== null) form.setFieldValue(field, path);
  };
  return (
    <TextInput
      label={label}
      placeholder="path of a PEM file"
      rightSectionWidth={30}
      rightSection={
        <UnstyledButton display="flex" aria-label={`Choose the file: ${label}`} title="Choose a file" onClick={() => void choose()}>
          <IconFile size={14} />
        </UnstyledButton>
      }
      {...form.getInputProps(field)}
    />
  );
}

function Server({ form }: { readonly form: Form }) {
  return (
    <>
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

function Password({ form, stored }: { readonly form: Form; readonly stored: boolean }) {
  const { passwordKind } = form.getValues();
  const choices = [...(stored ? [{ value: 'keep', label: 'Keep the stored one' }] : []), { value: 'set', label: stored ? 'Store another' : 'Store it' }, { value: 'ask', label: 'Ask each time' }];
  return (
    <Stack gap={4}>
      <Input.Label size="xs" labelElement="div">Password</Input.Label>
      <SegmentedControl aria-label="Password" data={choices} {...form.getInputProps('passwordKind')} />
      {passwordKind === 'set' ? <PasswordInput aria-label="New password" placeholder="leave empty when the server wants none" autoComplete="off" {...form.getInputProps('password')} /> : null}
      {passwordKind === 'ask' ? (
        <Text size="xs" c="dimmed">
          It is never stored: you are asked when the connection is opened, once in each run.
        </Text>
      ) : null}
    </Stack>
  );
}

function Encryption({ form }: { readonly form: Form }) {
  const { tlsMode } = form.getValues();
  const checked = tlsMode === 'verify-ca' || tlsMode === 'verify-full';
  return (
    <Stack gap="xs">
      <Select label="Encryption (TLS)" data={tlsModes} allowDeselect={false} {...form.getInputProps('tlsMode')} />
      <Collapse expanded={tlsMode !== 'disable'}>
        <Stack gap="xs">
          {checked ? <FileField form={form} field="ca" label="Certificate authority (empty: the system’s)" /> : null}
          <SimpleGrid cols={2} spacing="xs">
            <FileField form={form} field="cert" label="Client certificate" />
            <FileField form={form} field="key" label="Client key" />
          </SimpleGrid>
        </Stack>
      </Collapse>
    </Stack>
  );
}

function Identity({ form, first }: { readonly form: Form; readonly first: boolean }) {
  const { color, environment } = form.getValues();
  return (
    <>
      <TextInput label="Name" data-autofocus={first || undefined} placeholder="such as: shop production" {...form.getInputProps('name')} />
      <Stack gap={4}>
        <Input.Label size="xs" labelElement="div">Environment</Input.Label>
        <SegmentedControl
          aria-label="Environment"
          data={environments.map((value) => ({ value, label: value }))}
          value={environment}
          onChange={(next) => {
            // A colour that the person chose themself stays.
            const follow = color === usualColor[environment];
            form.setValues({ environment: next, ...(follow ? { color: usualColor[next] } : {}) });
          }}
        />
        {environment === 'production' ? (
          <Text size="xs" c="dimmed">
            Its colour frames the window, and every statement that writes wants your yes.
          </Text>
        ) : null}
      </Stack>
      <Stack gap={4}>
        <Input.Label size="xs" labelElement="div" id="colour-label">Colour</Input.Label>
        <Group gap={6} role="radiogroup" aria-labelledby="colour-label">
          {connectionColors.map((option) => (
            <ColorSwatch
              key={option}
              component="button"
              type="button"
              role="radio"
              aria-checked={option === color}
              aria-label={option}
              title={option}
              size={20}
              color={connectionHex({ color: option })}
              style={{ cursor: 'pointer', color: '#fff' }}
              onClick={() => form.setFieldValue('color', option)}
            >
              {option === color ? <IconCheck size={13} stroke={3} /> : null}
            </ColorSwatch>
          ))}
        </Group>
      </Stack>
      <Switch label="Read-only: only statements that read are sent" {...form.getInputProps('readOnly', { type: 'checkbox' })} />
    </>
  );
}

type TestState = { readonly kind: 'idle' } | { readonly kind: 'busy' } | { readonly kind: 'good'; readonly server: ServerInfo; readonly milliseconds: number } | { readonly kind: 'bad'; readonly error: AppErrorData };

function TestOutcome({ state }: { readonly state: TestState }) {
  if (state.kind === 'bad') return <ErrorPanel error={state.error} title="Could not connect" />;
  if (state.kind !== 'good') return null;
  const { server, milliseconds } = state;
  return (
    <Alert color="teal" p="xs" icon={<IconCheck size={16} />} role="status">
      <Text size="sm">
        Connected to {server.product} {server.version} in {formatDuration(milliseconds)} as {server.user}
        {server.superuser ? ' (superuser)' : ''}, {server.encrypted ? 'encrypted' : 'not encrypted'}.
      </Text>
    </Alert>
  );
}

const targetFields = ['host', 'port', 'database', 'user'] as const;

function useTest(form: Form, id: string) {
  const [state, setState] = useState<TestState>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  const test = (): void => {
    running.current?.abort();
    // The name has no part in it.
    if (targetFields.map((field) => form.validateField(field)).some(({ hasError }) => hasError)) return;
    const abort = new AbortController();
    running.current = abort;
    setState({ kind: 'busy' });
    const values = form.getValues();
    withSecrets('to read the stored password', () => client.connections.test({ id, target: targetOf(values), password: passwordOf(values) }, { signal: abort.signal })).then(
      (result) => setState(result.ok ? { kind: 'good', server: result.server, milliseconds: result.milliseconds } : { kind: 'bad', error: result.error }),
      (failure: unknown) => setState(errorData(failure).code === 'cancelled' ? { kind: 'idle' } : { kind: 'bad', error: errorData(failure) }),
    );
  };
  return { state, test, stop: () => running.current?.abort() };
}

const passwordOf = (values: FormValues) => (values.passwordKind === 'set' ? ({ kind: 'set', password: values.password } as const) : ({ kind: values.passwordKind } as const));

function FormBody({ id, connection }: { readonly id: string; readonly connection: Connection | null }) {
  const form = useForm<FormValues>({ mode: 'controlled', initialValues: connection ? valuesOf(connection) : newValues, validate: fieldErrors });
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const { state, test, stop } = useTest(form, id);
  const save = async (values: FormValues): Promise<void> => {
    setSaving(true);
    setFailure(null);
    const { name, environment, color, readOnly } = values;
    try {
      const saved = await withSecrets(`to keep the password of ${name}`, () =>
        client.connections.save({ profile: { id, name: name.trim(), environment, color, readOnly, target: targetOf(values) }, password: passwordOf(values) }),
      );
      stop();
      closeForm();
      selectConnection(saved.id);
      showDone(`${saved.name} is saved`);
    } catch (error) {
      setFailure(errorData(error));
    } finally {
      setSaving(false);
    }
  };
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))} aria-label={id === '' ? 'New connection' : 'Edit connection'}>
      <Stack gap="sm">
        <UrlPaste form={form} first={id === ''} />
        <Divider />
        <Identity form={form} first={id !== ''} />
        <Divider />
        <Server form={form} />
        <Password form={form} stored={connection?.hasPassword ?? false} />
        <Encryption form={form} />
        <div className={styles.formFoot}>
          <TestOutcome state={state} />
          {failure ? <ErrorPanel error={failure} title="Could not save" /> : null}
          <Group justify="space-between">
            {state.kind === 'busy' ? (
              <Button variant="default" onClick={stop} loading={false}>
                Stop the test
              </Button>
            ) : (
              <Button variant="default" leftSection={<IconPlugConnected size={14} />} onClick={test}>
                Test
              </Button>
            )}
            <Group gap="xs">
              <Button variant="default" onClick={closeForm}>
                Cancel
              </Button>
              <Button type="submit" loading={saving}>
                Save
              </Button>
            </Group>
          </Group>
        </div>
      </Stack>
    </form>
  );
}

/** The panel at the right that adds or edits a connection. */
export function ConnectionForm() {
  const id = useConnections((state) => state.form);
  const connection = useConnection(id);
  return (
    <Drawer opened={id !== null} onClose={closeForm} title={connection ? `Edit ${connection.name}` : 'New connection'}>
      {id === null ? null : <FormBody key={id} id={id} connection={connection} />}
    </Drawer>
  );
}
