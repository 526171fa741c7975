import { Button, Divider, Drawer, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { lockOfKey } from '../../../src-preload/contract/locks';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';
import { withSecrets } from '../secrets/store';
import { IdentityFields } from './form/IdentityFields';
import { EncryptionFields, PasswordFields, ServerFields, UrlPaste } from './form/ServerFields';
import { TunnelFields } from './form/TunnelFields';
import { passwordOf, TestOutcome, useTest } from './form/useTest';
import { fieldErrors, folderOf, hopErrors, locksOf, newValues, targetOf, valuesOf, type FormValues, type HopValues } from './formValues';
import styles from './Connections.module.css';
import { closeForm, selectConnection, useConnection, useConnections, type Connection } from './store';

function FormBody({ id, connection }: { readonly id: string; readonly connection: Connection | null }) {
  const form = useForm<FormValues>({ mode: 'controlled', initialValues: connection ? valuesOf(connection) : newValues, validate: { ...fieldErrors, tunnel: hopErrors } });
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const { state, test, stop } = useTest(form, id);
  const known = connection?.knownLocks ?? [];
  const isStored = (hop: HopValues): boolean => locksOf({ ...newValues, tunnel: [{ ...hop, secretKind: 'ask' }] }).some(({ lock }) => known.includes(lock));
  const save = async (values: FormValues): Promise<void> => {
    setSaving(true);
    setFailure(null);
    const { name, environment, color, readOnly, commitMode, sharing, privateColumns } = values;
    const folder = folderOf(values.folder);
    try {
      const saved = await withSecrets(`to keep the password of ${name}`, () =>
        client.connections.save({ profile: { id, name: name.trim(), environment, color, readOnly, target: targetOf(values), ...(folder === undefined ? {} : { folder }), ...(commitMode === 'auto' ? {} : { commitMode }), ...(sharing === 'results' ? {} : { sharing }), ...(privateColumns.length === 0 ? {} : { privateColumns: [...privateColumns] }) }, password: passwordOf(values), locks: locksOf(values) }),
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
        <IdentityFields form={form} first={id !== ''} />
        <Divider />
        <ServerFields form={form} />
        <PasswordFields form={form} stored={connection?.hasPassword ?? false} />
        <Divider />
        <TunnelFields form={form} storedHops={isStored} />
        <Divider />
        <EncryptionFields form={form} keyStored={known.includes(lockOfKey(form.getValues().key.trim()).lock)} />
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
