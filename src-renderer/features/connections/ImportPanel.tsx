import { Badge, Button, Checkbox, Drawer, Group, Stack, Table, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';
import { withSecrets } from '../secrets/store';
import { showImport, useConnections } from './store';
import styles from './Connections.module.css';

type Preview = Awaited<ReturnType<typeof client.connections.readFile>>;

function Found({ preview, path }: { readonly preview: Preview; readonly path: string }) {
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set(preview.found.map((_, index) => index)));
  const [passwords, setPasswords] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const plain = preview.found.filter((one) => one.hasPassword).length;
  const toggle = (index: number): void => setPicked(new Set(picked.has(index) ? [...picked].filter((one) => one !== index) : [...picked, index]));
  const take = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const { saved } = await withSecrets('to keep the passwords of the file', () => client.connections.importFile({ path, picks: [...picked], passwords }));
      showImport(false);
      showDone(saved.length === 1 ? `${saved[0] ?? ''} was imported` : `${saved.length} connections were imported`);
    } catch (error) {
      setFailure(errorData(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        {preview.found.length} {preview.found.length === 1 ? 'connection' : 'connections'} in a file of {preview.tool}. A name that is taken already gets a number.
      </Text>
      {preview.found.length === 0 ? null : (
        <Table layout="fixed" aria-label="Connections of the file" withRowBorders highlightOnHover verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={34}>
                <Checkbox size="xs" aria-label="All" checked={picked.size === preview.found.length} indeterminate={picked.size > 0 && picked.size < preview.found.length} onChange={() => setPicked(new Set(picked.size === preview.found.length ? [] : preview.found.map((_, index) => index)))} />
              </Table.Th>
              <Table.Th>Connection</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.found.map((one, index) => (
              <Table.Tr key={`${one.name} ${one.address}`}>
                <Table.Td valign="top">
                  <Checkbox size="xs" mt={2} aria-label={one.name} checked={picked.has(index)} onChange={() => toggle(index)} />
                </Table.Td>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <Text size="sm" fw={600} className={styles.cut} title={one.name}>
                      {one.name}
                    </Text>
                    {one.folder ? (
                      <Badge variant="default" maw={150} title={one.folder}>
                        {one.folder}
                      </Badge>
                    ) : null}
                    {one.hasPassword ? <Badge color="yellow">password in plain</Badge> : null}
                  </Group>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {one.address}
                  </Text>
                  {one.notes.map((note) => (
                    <Text key={note} size="xs" c="orange">
                      {note}
                    </Text>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {preview.left.length > 0 ? (
        <Stack gap={2}>
          <Text size="xs" fw={600}>
            Left out
          </Text>
          {preview.left.map(({ name, reason }) => (
            <Text key={name} size="xs" c="dimmed">
              {name}: {reason}
            </Text>
          ))}
        </Stack>
      ) : null}
      {plain > 0 ? <Checkbox size="xs" label={`Take over ${plain === 1 ? 'the password that stands' : `the ${plain} passwords that stand`} there in plain`} checked={passwords} onChange={(event) => setPasswords(event.currentTarget.checked)} /> : null}
      {failure ? <ErrorPanel error={failure} title="Not everything was imported" /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => showImport(false)}>
          Cancel
        </Button>
        <Button loading={busy} disabled={picked.size === 0} onClick={() => void take()}>
          Import {picked.size}
        </Button>
      </Group>
    </Stack>
  );
}

function Choose() {
  const [chosen, setChosen] = useState<{ path: string; preview: Preview } | null>(null);
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const choose = async (): Promise<void> => {
    setFailure(null);
    try {
      const { path } = await client.application.chooseFile({ title: 'Import connections', extensions: [] });
      if (path !== null) setChosen({ path, preview: await client.connections.readFile({ path }) });
    } catch (error) {
      setFailure(errorData(error));
    }
  };
  return (
    <Stack gap="sm">
      {failure ? <ErrorPanel error={failure} title="The file cannot be read" /> : null}
      {chosen ? (
        <Found key={chosen.path} path={chosen.path} preview={chosen.preview} />
      ) : (
        <EmptyPanel icon={IconFileImport} title="Connections of another tool" actions={<Button onClick={() => void choose()}>Choose a file…</Button>}>
          DBeaver’s .dbeaver/data-sources.json, servers that pgAdmin exported as JSON, DataGrip’s .idea/dataSources.xml, libpq’s pg_service.conf, or an export of this program. You see what is in it before anything is saved.
        </EmptyPanel>
      )}
    </Stack>
  );
}

/** The panel at the right that shows what is in a file of connections, and saves what is ticked. */
export function ImportPanel() {
  const importing = useConnections((state) => state.importing);
  return (
    <Drawer opened={importing} onClose={() => showImport(false)} title="Import connections">
      {importing ? <Choose /> : null}
    </Drawer>
  );
}
