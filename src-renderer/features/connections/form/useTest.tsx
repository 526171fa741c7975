import { Alert, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { ServerInfo } from '../../../../src-preload/contract/connections';
import type { AppErrorData } from '../../../../src-preload/contract/error';
import { client, errorData, RequestError } from '../../../client';
import { ErrorPanel } from '../../../shell/ErrorPanel';
import { formatDuration } from '../../../shell/format';
import { withSecrets } from '../../secrets/store';
import { locksOf, targetOf, type FormValues } from '../formValues';
import { withAnswers } from '../store';
import type { Form } from './FormParts';

type TestState = { readonly kind: 'idle' } | { readonly kind: 'busy' } | { readonly kind: 'good'; readonly server: ServerInfo; readonly milliseconds: number } | { readonly kind: 'bad'; readonly error: AppErrorData };

/** How the test ended. */
export function TestOutcome({ state }: { readonly state: TestState }) {
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

const targetFields = ['host', 'port', 'database', 'user'];

/** Tries the form's values without saving them; what lies before the database may ask. */
export function useTest(form: Form, id: string) {
  const [state, setState] = useState<TestState>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  const test = (): void => {
    running.current?.abort();
    // The name has no part in it.
    const fields = [...targetFields, ...form.getValues().tunnel.flatMap((_, index) => ['host', 'port', 'user', 'file'].map((field) => `tunnel.${index}.${field}`))];
    if (fields.map((field) => form.validateField(field)).some(({ hasError }) => hasError)) return;
    const abort = new AbortController();
    running.current = abort;
    setState({ kind: 'busy' });
    const values = form.getValues();
    const attempt = async () => {
      const result = await client.connections.test({ id, target: targetOf(values), password: passwordOf(values), locks: locksOf(values) }, { signal: abort.signal });
      // A question is answered and the test run again, as for a connection that is opened.
      if (!result.ok && (result.error.question || result.error.code === 'secrets_locked')) throw new RequestError(result.error);
      return result;
    };
    withAnswers(() => withSecrets('to read the stored password', attempt)).then(
      (result) => setState(result.ok ? { kind: 'good', server: result.server, milliseconds: result.milliseconds } : { kind: 'bad', error: result.error }),
      (failure: unknown) => setState(errorData(failure).code === 'cancelled' ? { kind: 'idle' } : { kind: 'bad', error: errorData(failure) }),
    );
  };
  return { state, test, stop: () => running.current?.abort() };
}

/** What becomes of the password. */
export const passwordOf = (values: FormValues) => (values.passwordKind === 'set' ? ({ kind: 'set', password: values.password } as const) : ({ kind: values.passwordKind } as const));
