import { Badge, Button, Skeleton, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Document } from '../../../src-preload/contract/documents';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { RoleEntry } from '../../../src-preload/contract/roles';
import { client, errorData } from '../../client';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { openConnection } from '../connections/store';
import { RoleDetail } from './RoleDetail';
import { RoleForm } from './RoleForm';
import classes from './Roles.module.css';

interface Reading {
  readonly roles: readonly RoleEntry[] | null;
  readonly current: string;
  readonly limits: readonly string[];
  readonly error: AppErrorData | null;
}

function useRoles(connectionId: string): Reading & { readonly refresh: () => void } {
  const [state, setState] = useState<Reading>({ roles: null, current: '', limits: [], error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    openConnection(connectionId)
      .then(() => client.roles.list({ connectionId }, { signal: abort.signal }))
      .then(
        (list) => setState({ ...list, error: null }),
        (error: unknown) => {
          if (!abort.signal.aborted) setState((now) => ({ ...now, error: errorData(error) }));
        },
      );
    return () => abort.abort();
  }, [connectionId, turn]);
  return { ...state, refresh: () => setTurn((now) => now + 1) };
}

function marks(role: RoleEntry): string[] {
  // It may do everything: no need to list it.
  if (role.superuser) return ['superuser'];
  return [role.login ? '' : 'group', role.createRole ? 'makes roles' : '', role.replication ? 'replication' : '', role.bypassRls ? 'bypasses policies' : ''].filter(Boolean);
}

function Content({ connectionId }: { readonly connectionId: string }) {
  const { roles, current, limits, error, refresh } = useRoles(connectionId);
  const [search, setSearch] = useState('');
  const [system, setSystem] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  /** The role that is edited, 'new', or nothing. */
  const [form, setForm] = useState<RoleEntry | 'new' | null>(null);
  if (error && !roles) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} title="Users and grants cannot be shown" onRetry={refresh} />
      </div>
    );
  }
  const shown = (roles ?? []).filter((role) => (system || !role.system) && role.name.toLowerCase().includes(search.toLowerCase()));
  const chosen = roles?.find(({ name }) => name === (selected ?? current)) ?? null;
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <TextInput aria-label="Find a role" placeholder="Find a role" w={200} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Switch label="The server’s own" checked={system} onChange={(event) => setSystem(event.currentTarget.checked)} />
        <span style={{ flex: 1 }} />
        <Button size="compact-xs" leftSection={<IconPlus size={13} />} onClick={() => setForm('new')}>
          New role
        </Button>
      </div>
      {limits.map((limit) => (
        <Text key={limit} size="xs" className={classes.limit}>
          {limit}
        </Text>
      ))}
      <div className={classes.columns}>
        <ul className={classes.list} aria-label="Roles">
          {roles === null ? <Skeleton height={12} m={12} aria-label="Reading the roles" /> : null}
          {shown.map((role) => (
            <li key={role.name}>
              <button type="button" className={classes.role} aria-current={role.name === chosen?.name} onClick={() => (setSelected(role.name), setForm(null))}>
                <span className={classes.name} title={role.name}>
                  {role.name}
                </span>
                {role.name === current ? <Badge color="indigo">you</Badge> : null}
                {marks(role).map((mark) => (
                  <Badge key={mark} color={mark === 'superuser' ? 'red' : 'gray'}>
                    {mark}
                  </Badge>
                ))}
              </button>
            </li>
          ))}
          {roles !== null && shown.length === 0 ? (
            <Text size="sm" c="dimmed" p="sm">
              No role is called so.
            </Text>
          ) : null}
        </ul>
        <div className={classes.content}>
          {form !== null ? (
            <RoleForm
              key={form === 'new' ? '' : form.name}
              connectionId={connectionId}
              from={form === 'new' ? null : form}
              roles={roles ?? []}
              onClose={() => setForm(null)}
              onDone={(name) => {
                setForm(null);
                setSelected(name);
                refresh();
              }}
            />
          ) : chosen ? (
            <RoleDetail key={chosen.name} connectionId={connectionId} role={chosen} onEdit={() => setForm(chosen)} onChanged={refresh} />
          ) : null}
        </div>
      </div>
    </div>
  );
}

/** Who there is on the server, and what each may do. */
export function RolesTab({ document }: { readonly document: Document }) {
  if (document.connectionId === null) {
    return (
      <EmptyPanel icon={IconUsers} title="Choose a connection">
        Users and grants belong to a connection: open them from its menu.
      </EmptyPanel>
    );
  }
  return <Content connectionId={document.connectionId} />;
}
