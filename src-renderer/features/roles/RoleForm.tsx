import { Button, Checkbox, MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { RoleChange, RoleEntry } from '../../../src-preload/contract/roles';
import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { StatementPanel } from '../queries/StatementPanel';
import classes from './Roles.module.css';

const attributes = [
  ['login', 'Can log in'],
  ['inherit', 'Uses the rights of its groups at once'],
  ['createDatabase', 'Makes databases'],
  ['createRole', 'Makes roles'],
  ['replication', 'Replicates'],
  ['bypassRls', 'Bypasses row policies'],
  ['superuser', 'Superuser: no check at all'],
] as const;

const fresh: RoleChange = { name: '', was: null, superuser: false, inherit: true, createRole: false, createDatabase: false, login: true, replication: false, bypassRls: false, connectionLimit: -1, validUntil: null, memberOf: [] };

function changeOf(role: RoleEntry): RoleChange {
  const { name, superuser, inherit, createRole, createDatabase, login, replication, bypassRls, connectionLimit, validUntil } = role;
  return { name, was: name, superuser, inherit, createRole, createDatabase, login, replication, bypassRls, connectionLimit, validUntil, memberOf: role.memberOf.map((one) => one.role) };
}

interface RoleFormProps {
  readonly connectionId: string;
  /** null for a new role. */
  readonly from: RoleEntry | null;
  readonly roles: readonly RoleEntry[];
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

/** Makes or changes a role; its statements stand beside the form. */
export function RoleForm({ connectionId, from, roles, onClose, onDone }: RoleFormProps) {
  const [to, setTo] = useState<RoleChange>(from ? changeOf(from) : fresh);
  const [script, setScript] = useState('');
  useEffect(() => {
    const abort = new AbortController();
    const wanted = to.name === '' ? Promise.resolve({ script: '' }) : client.roles.planRole({ connectionId, from, to }, { signal: abort.signal });
    wanted.then(
      (plan) => setScript(plan.script),
      (error: unknown) => showError('The statements could not be written', error),
    );
    return () => abort.abort();
  }, [connectionId, from, to]);
  return (
    <div className={classes.split}>
      <div className={classes.form}>
        <TextInput label="Name" value={to.name} onChange={(event) => setTo({ ...to, name: event.currentTarget.value })} autoFocus spellCheck={false} />
        <div className={classes.checks}>
          {attributes.map(([key, label]) => (
            <Checkbox key={key} size="xs" label={label} color={key === 'superuser' ? 'red' : undefined} checked={to[key]} onChange={(event) => setTo({ ...to, [key]: event.currentTarget.checked })} />
          ))}
        </div>
        <MultiSelect size="xs" label="Member of" data={roles.map(({ name }) => name).filter((name) => name !== from?.name)} value={to.memberOf} onChange={(memberOf) => setTo({ ...to, memberOf })} searchable />
        <NumberInput label="Connections at most" description="-1 is no limit" min={-1} value={to.connectionLimit} onChange={(value) => setTo({ ...to, connectionLimit: Math.trunc(Number(value)) })} />
        <TextInput label="Password valid until" placeholder="2027-01-01 00:00:00+00, empty is for ever" value={to.validUntil ?? ''} onChange={(event) => setTo({ ...to, validUntil: event.currentTarget.value === '' ? null : event.currentTarget.value })} />
        <Button variant="default" onClick={onClose} mt="xs">
          Cancel
        </Button>
      </div>
      <div className={classes.side}>
        <StatementPanel
          connectionId={connectionId}
          text={script}
          title={from ? 'SQL of the change' : 'SQL that makes the role'}
          applyLabel={from ? 'Apply' : 'Create'}
          empty={from ? 'No changes yet.' : 'Give it a name. A password is set afterwards.'}
          onDone={() => {
            showDone(from ? `${to.name} is changed` : `${to.name} is created`);
            onDone(to.name);
          }}
        />
      </div>
    </div>
  );
}
