import { Badge, Checkbox, MultiSelect, SegmentedControl, Select, Skeleton, Table, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { GrantChange, GrantEntry, ObjectGrants } from '../../../src-preload/contract/roles';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { openConnection } from '../connections/store';
import { StatementPanel } from '../queries/StatementPanel';
import classes from './Roles.module.css';

interface Reading {
  readonly grants: ObjectGrants | null;
  readonly roles: readonly string[];
  readonly error: AppErrorData | null;
}

function useGrants(connectionId: string, object: ObjectRef): Reading & { readonly refresh: () => void } {
  const [state, setState] = useState<Reading>({ grants: null, roles: [], error: null });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify(object);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    openConnection(connectionId)
      .then(async () => {
        const grants = await client.roles.grants({ connectionId, object: JSON.parse(key) as ObjectRef }, { signal });
        const { roles } = await client.roles.list({ connectionId }, { signal });
        return { grants, roles: roles.map(({ name }) => name) };
      })
      .then(
        (read) => setState({ ...read, error: null }),
        (error: unknown) => {
          if (!signal.aborted) setState((now) => ({ ...now, error: errorData(error) }));
        },
      );
    return () => abort.abort();
  }, [connectionId, key, turn]);
  return { ...state, refresh: () => setTurn((now) => now + 1) };
}

/** One line for each that was granted something, by column where it is one. */
function byGrantee(grants: readonly GrantEntry[]): { key: string; grantee: string; column: string | null; grantor: string; implicit: boolean; privileges: GrantEntry[] }[] {
  const lines = new Map<string, GrantEntry[]>();
  for (const grant of grants) {
    const key = JSON.stringify([grant.grantee, grant.column, grant.grantor]);
    lines.set(key, [...(lines.get(key) ?? []), grant]);
  }
  return [...lines].flatMap(([key, privileges]) => {
    const [first] = privileges;
    return first ? [{ key, grantee: first.grantee, column: first.column, grantor: first.grantor, implicit: first.implicit, privileges }] : [];
  });
}

function Policies({ grants }: { readonly grants: ObjectGrants }) {
  const { enabled, forced, policies } = grants.rowSecurity;
  if (!enabled && policies.length === 0) return null;
  return (
    <section aria-label="Row policies">
      <h2>Row policies</h2>
      <Text size="sm" mb={4}>
        {enabled ? `Row security is on${forced ? ', for the owner too' : '; the owner and superusers see all rows'}.` : 'Row security is off: the policies below do nothing.'} {enabled && policies.length === 0 ? 'There is no policy, so that others see no row at all.' : ''}
      </Text>
      {policies.map((policy) => (
        <Text key={policy.name} size="sm">
          <b>{policy.name}</b>: {policy.command} for {policy.roles.join(', ')}
          {policy.permissive ? '' : ' (restrictive)'} {policy.using === null ? null : <code className={classes.code}>USING {policy.using}</code>} {policy.check === null ? null : <code className={classes.code}>WITH CHECK {policy.check}</code>}
        </Text>
      ))}
    </section>
  );
}

function Tables({ grants }: { readonly grants: ObjectGrants }) {
  return (
    <>
      <section aria-label="Granted">
        <h2>Granted</h2>
        <Table withTableBorder verticalSpacing={3} fz={12.5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>To</Table.Th>
              <Table.Th>Rights</Table.Th>
              <Table.Th>By</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {byGrantee(grants.grants).map((line) => (
              <Table.Tr key={line.key}>
                <Table.Td>
                  {line.grantee === 'PUBLIC' ? <Badge color="orange">everybody (PUBLIC)</Badge> : line.grantee} {line.grantee === grants.owner ? <Badge>owner</Badge> : null}
                </Table.Td>
                <Table.Td>
                  {line.column === null ? '' : `column ${line.column}: `}
                  {line.privileges.map(({ privilege, grantable }) => `${privilege}${grantable && line.grantee !== grants.owner ? ' (may give it on)' : ''}`).join(', ')}
                </Table.Td>
                <Table.Td c="dimmed">{line.implicit ? 'by nature: nothing was granted yet' : line.grantor}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Policies grants={grants} />
      <section aria-label="What each role can do">
        <h2>What each role can do in the end</h2>
        <Text size="xs" c="dimmed" mb={4}>
          Groups, PUBLIC and superusers counted in; row policies apply on top.
        </Text>
        <Table withTableBorder verticalSpacing={3} fz={12.5}>
          <Table.Tbody>
            {grants.effective.map(({ role, privileges }) => (
              <Table.Tr key={role}>
                <Table.Td w="35%">{role}</Table.Td>
                <Table.Td c={privileges.length === 0 ? 'dimmed' : undefined}>{privileges.length === 0 ? 'nothing' : privileges.length === grants.privileges.length ? 'everything' : privileges.join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {grants.defaults.length > 0 ? (
        <section aria-label="Default privileges">
          <h2>New objects here get</h2>
          {grants.defaults.map((one, index) => (
            <Text key={index} size="sm">
              those of {one.owner}
              {one.schema === null ? '' : ` in ${one.schema}`}: {one.privileges.join(', ')} for {one.grantee}
            </Text>
          ))}
        </section>
      ) : null}
    </>
  );
}

/** Who may do what on an object, and GRANT and REVOKE with their SQL first. */
export function GrantsView({ connectionId, object, columns }: { readonly connectionId: string; readonly object: ObjectRef; readonly columns: readonly string[] }) {
  const { grants, roles, error, refresh } = useGrants(connectionId, object);
  const [change, setChange] = useState<Omit<GrantChange, 'object' | 'grantee'> & { grantee: string | null }>({ action: 'grant', privileges: [], grantee: null, withGrantOption: false, columns: [] });
  const [script, setScript] = useState('');
  const key = JSON.stringify(object);
  useEffect(() => {
    const abort = new AbortController();
    const { grantee } = change;
    const wanted = grantee === null || change.privileges.length === 0 ? Promise.resolve({ script: '' }) : client.roles.planGrant({ connectionId, change: { ...change, grantee, object: JSON.parse(key) as ObjectRef } }, { signal: abort.signal });
    wanted.then(
      (plan) => setScript(plan.script),
      (failure: unknown) => showError('The statement could not be written', failure),
    );
    return () => abort.abort();
  }, [connectionId, key, change]);
  if (error) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} title="The grants cannot be shown" onRetry={refresh} />
      </div>
    );
  }
  if (!grants) return <Skeleton height={12} m={16} width="60%" aria-label="Reading the grants" />;
  return (
    <div className={classes.columns}>
      <div className={classes.detail} tabIndex={0} role="region" aria-label="Grants">
        <Tables grants={grants} />
      </div>
      <aside className={classes.side}>
        <StatementPanel
          connectionId={connectionId}
          text={script}
          title={change.action === 'grant' ? 'Grant' : 'Revoke'}
          applyLabel={change.action === 'grant' ? 'Grant' : 'Revoke'}
          empty="Choose a role and rights: the statement appears here."
          onDone={() => {
            showDone(change.action === 'grant' ? 'Granted' : 'Revoked');
            setChange((now) => ({ ...now, privileges: [] }));
            refresh();
          }}
        >
          <SegmentedControl data={[{ value: 'grant', label: 'Grant' }, { value: 'revoke', label: 'Revoke' }]} value={change.action} onChange={(action) => setChange({ ...change, action })} />
          <Select label={change.action === 'grant' ? 'To' : 'From'} data={['PUBLIC', ...roles]} value={change.grantee} searchable onChange={(grantee) => setChange({ ...change, grantee })} />
          <MultiSelect size="xs" label="Rights" data={grants.privileges} value={change.privileges} onChange={(privileges) => setChange({ ...change, privileges })} />
          {columns.length > 0 ? <MultiSelect size="xs" label="On columns only" data={[...columns]} value={change.columns} onChange={(chosen) => setChange({ ...change, columns: chosen })} searchable /> : null}
          {change.action === 'grant' && change.grantee !== 'PUBLIC' ? <Checkbox size="xs" label="It may give them on (WITH GRANT OPTION)" checked={change.withGrantOption} onChange={(event) => setChange({ ...change, withGrantOption: event.currentTarget.checked })} /> : null}
          {grants.grants.every(({ implicit }) => implicit) && script !== '' ? (
            <Text size="xs" c="dimmed">
              Nothing was granted on it so far.
            </Text>
          ) : null}
        </StatementPanel>
      </aside>
    </div>
  );
}
