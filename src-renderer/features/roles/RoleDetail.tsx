import { Badge, Button, Drawer, Group, PasswordInput, Skeleton, Table, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { RoleEntry } from '../../../src-preload/contract/roles';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { StatementPanel } from '../queries/StatementPanel';
import classes from './Roles.module.css';

type Holdings = Awaited<ReturnType<typeof client.roles.holdings>>;

function useHoldings(connectionId: string, role: string): { readonly holdings: Holdings | null; readonly error: AppErrorData | null } {
  const [state, setState] = useState<{ holdings: Holdings | null; error: AppErrorData | null }>({ holdings: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    client.roles.holdings({ connectionId, role }, { signal: abort.signal }).then(
      (holdings) => setState({ holdings, error: null }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ holdings: null, error: errorData(error) });
      },
    );
    return () => abort.abort();
  }, [connectionId, role]);
  return state;
}

function attributes(role: RoleEntry): string {
  return [
    role.login ? 'can log in' : 'cannot log in',
    role.superuser ? 'superuser' : '',
    role.createDatabase ? 'makes databases' : '',
    role.createRole ? 'makes roles' : '',
    role.replication ? 'replicates' : '',
    role.bypassRls ? 'bypasses row policies' : '',
    role.inherit ? '' : 'uses the rights of its groups only after SET ROLE',
    role.connectionLimit < 0 ? '' : `${role.connectionLimit} connections at most`,
    role.validUntil === null ? '' : `password valid until ${role.validUntil}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A new password as the verifier that the server keeps; the password itself stays in this form. */
function PasswordForm({ connectionId, role, onDone }: { readonly connectionId: string; readonly role: string; readonly onDone: () => void }) {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [script, setScript] = useState('');
  const same = password !== '' && password === again;
  useEffect(() => {
    const abort = new AbortController();
    const wanted = same ? client.roles.passwordStatement({ connectionId, role, password }, { signal: abort.signal }) : Promise.resolve({ script: '' });
    wanted.then(
      (plan) => setScript(plan.script),
      (error: unknown) => showError('The statement could not be written', error),
    );
    return () => abort.abort();
  }, [connectionId, role, password, same]);
  return (
    <StatementPanel connectionId={connectionId} text={script} title={`Password of ${role}`} applyLabel="Set the password" empty="Type the password twice: its statement appears here." onDone={() => (showDone(`The password of ${role} is set`), onDone())}>
      <PasswordInput label="New password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoFocus />
      <PasswordInput label="Once more" value={again} onChange={(event) => setAgain(event.currentTarget.value)} error={again !== '' && !same ? 'They differ' : undefined} />
      <Text size="xs" c="dimmed">
        The server gets a SCRAM-SHA-256 verifier that is computed here. The password itself is not sent, logged or kept.
      </Text>
    </StatementPanel>
  );
}

function HoldingsList({ holdings, error }: ReturnType<typeof useHoldings>) {
  return (
    <>
      {error ? <ErrorPanel error={error} title="Its grants could not be read" /> : null}
      {holdings === null && !error ? <Skeleton height={12} width="60%" aria-label="Reading its grants" /> : null}
      {holdings?.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing of its own. It may still have rights through its groups and through PUBLIC; an object’s own Grants view counts those in.
        </Text>
      ) : null}
      {holdings && holdings.length > 0 ? (
        <Table withTableBorder verticalSpacing={3} fz={12.5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Object</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Rights</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {holdings.map((one) => (
              <Table.Tr key={`${one.kind} ${one.object}`}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{one.object}</Table.Td>
                <Table.Td>{one.kind}</Table.Td>
                <Table.Td>
                  {one.owner ? <Badge mr={6}>owner</Badge> : null}
                  {one.privileges.join(', ')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
    </>
  );
}

interface RoleDetailProps {
  readonly connectionId: string;
  readonly role: RoleEntry;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
}

/** A role: its attributes, its groups and members, and what it was granted or owns. */
export function RoleDetail({ connectionId, role, onEdit, onChanged }: RoleDetailProps) {
  const { holdings, error } = useHoldings(connectionId, role.name);
  const [panel, setPanel] = useState<'password' | 'drop' | null>(null);
  const [drop, setDrop] = useState('');
  const askDrop = (): void => {
    client.roles.dropStatement({ connectionId, role: role.name }).then(
      (plan) => (setDrop(plan.script), setPanel('drop')),
      (failure: unknown) => showError('The statement could not be written', failure),
    );
  };
  const owns = (holdings ?? []).filter(({ owner }) => owner).length;
  return (
    <div className={classes.detail} tabIndex={0} role="region" aria-label={`Role ${role.name}`}>
      <Group gap={8} mb={4}>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {role.name}
        </Text>
        <Group gap={4} ml="auto">
          <Button size="compact-xs" variant="default" disabled={role.system} onClick={onEdit}>
            Edit
          </Button>
          <Button size="compact-xs" variant="default" disabled={role.system} onClick={() => setPanel('password')}>
            Set password
          </Button>
          <Button size="compact-xs" variant="default" color="red" disabled={role.system} onClick={askDrop}>
            Drop
          </Button>
        </Group>
      </Group>
      <Text size="sm">{attributes(role)}</Text>
      {role.comment === null ? null : (
        <Text size="sm" c="dimmed">
          {role.comment}
        </Text>
      )}
      <Text size="sm" mt="xs">
        Member of: {role.memberOf.length === 0 ? 'no group' : role.memberOf.map((one) => `${one.role}${one.admin ? ' (may give it on)' : ''}`).join(', ')}
      </Text>
      <Text size="sm">Members: {role.members.length === 0 ? 'none' : role.members.join(', ')}</Text>
      <Text size="sm" fw={600} mt="md" mb={4}>
        Granted to it or owned by it, in this database
      </Text>
      <HoldingsList holdings={holdings} error={error} />
      <Drawer opened={panel !== null} onClose={() => setPanel(null)} title={panel === 'drop' ? 'Drop a role' : 'Set a password'} styles={{ body: { height: 'calc(100% - 60px)', padding: 0 } }}>
        {panel === 'password' ? <PasswordForm connectionId={connectionId} role={role.name} onDone={() => setPanel(null)} /> : null}
        {panel === 'drop' ? (
          <StatementPanel connectionId={connectionId} text={drop} title={`Drop ${role.name}`} applyLabel={`Drop ${role.name}`} danger empty="" onDone={() => (showDone(`${role.name} is dropped`), setPanel(null), onChanged())}>
            <Text size="sm">
              {owns > 0 ? `It owns ${owns} objects in this database: the server refuses to drop it before they go to another owner (REASSIGN OWNED) or are dropped.` : 'The server refuses to drop a role that owns or was granted something in any database of the server.'}
            </Text>
          </StatementPanel>
        ) : null}
      </Drawer>
    </div>
  );
}
