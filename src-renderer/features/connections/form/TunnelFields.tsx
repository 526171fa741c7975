import { ActionIcon, Button, Group, NumberInput, SegmentedControl, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconPlus, IconTrash } from '@tabler/icons-react';
import { hopsOf, newHop, type HopValues } from '../formValues';
import styles from '../Connections.module.css';
import { FileField, SecretField, type Form } from './FormParts';
import { useSshHosts } from './useSshHosts';

const ways = [
  { value: 'agent', label: 'SSH agent' },
  { value: 'key', label: 'Key file' },
  { value: 'password', label: 'Password' },
];

function Authentication({ form, hop, at, stored }: { readonly form: Form; readonly hop: HopValues; readonly at: string; readonly stored: boolean }) {
  const secret = { form, kindPath: `${at}.secretKind`, secretPath: `${at}.secret`, kind: hop.secretKind, stored };
  return (
    <Stack gap="xs">
      <SegmentedControl aria-label="How to log in" data={ways} {...form.getInputProps(`${at}.kind`)} />
      {hop.kind === 'agent' ? <TextInput label="Agent’s socket (empty: the session’s own)" placeholder="SSH_AUTH_SOCK" {...form.getInputProps(`${at}.socket`)} /> : null}
      {hop.kind === 'key' ? <FileField form={form} path={`${at}.file`} label="Private key" placeholder="~/.ssh/id_ed25519" /> : null}
      {hop.kind === 'key' ? <SecretField {...secret} label="Passphrase" whenAsked="You are asked when the key has one, once in each run." /> : null}
      {hop.kind === 'password' ? <SecretField {...secret} label="SSH password" whenAsked="It is never stored: you are asked once in each run." /> : null}
    </Stack>
  );
}

function Hop({ form, hop, index, count, stored }: { readonly form: Form; readonly hop: HopValues; readonly index: number; readonly count: number; readonly stored: boolean }) {
  const at = `tunnel.${index}`;
  const name = count === 1 ? 'SSH server' : index === count - 1 ? 'SSH server that reaches the database' : index === 0 ? 'First SSH server' : 'Then through';
  return (
    <section className={styles.hop} aria-label={`${name} ${index + 1}`}>
      <Group justify="space-between">
        <Text size="xs" fw={600}>
          {name}
        </Text>
        <ActionIcon size="sm" aria-label={`Remove SSH server ${index + 1}`} title="Remove" onClick={() => form.removeListItem('tunnel', index)}>
          <IconTrash size={13} />
        </ActionIcon>
      </Group>
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <TextInput label="SSH host" flex={1} {...form.getInputProps(`${at}.host`)} />
        <NumberInput label="SSH port" w={80} hideControls allowDecimal={false} {...form.getInputProps(`${at}.port`)} />
      </Group>
      <TextInput label="SSH user" autoComplete="off" {...form.getInputProps(`${at}.user`)} />
      <Authentication form={form} hop={hop} at={at} stored={stored} />
    </section>
  );
}

/** The SSH servers on the way to the database. */
export function TunnelFields({ form, storedHops }: { readonly form: Form; readonly storedHops: (hop: HopValues) => boolean }) {
  const { tunnel, host } = form.getValues();
  const aliases = useSshHosts();
  const through = tunnel.length > 0;
  return (
    <Stack gap="xs">
      <Switch label="Through an SSH tunnel" checked={through} onChange={(event) => form.setFieldValue('tunnel', event.currentTarget.checked ? [newHop] : [])} />
      {through && aliases.length > 0 ? (
        <Select
          label="From ~/.ssh/config"
          placeholder="take over a host"
          searchable
          clearable
          value={null}
          data={aliases.map(({ alias, summary }) => ({ value: alias, label: `${alias}: ${summary}` }))}
          onChange={(alias) => {
            const found = aliases.find((one) => one.alias === alias);
            if (found) form.setFieldValue('tunnel', hopsOf(found.hops));
          }}
        />
      ) : null}
      {tunnel.map((hop, index) => (
        <Hop key={index} form={form} hop={hop} index={index} count={tunnel.length} stored={storedHops(hop)} />
      ))}
      {through ? (
        <Group justify="space-between">
          <Text size="xs" c="dimmed" flex={1}>
            <IconArrowDown size={11} /> then {host || 'the database'}, as that server sees it. No port is opened on this machine.
          </Text>
          <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />} onClick={() => form.insertListItem('tunnel', newHop, 0)}>
            Jump host before
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}
