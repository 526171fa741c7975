import { Autocomplete, ColorSwatch, Group, Input, SegmentedControl, Select, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { connectionColors, connectionHex, environments } from '../../../shell/connectionLook';
import { useSettings } from '../../settings/store';
import { usualColor } from '../formValues';
import { useConnections } from '../store';
import type { Form } from './FormParts';

const sharings = [
  { value: 'schema', label: 'Names and types only' },
  { value: 'values', label: 'Also how values are spelled' },
  { value: 'results', label: 'Also rows of the queries it runs' },
];
const commitModes = [
  { value: 'auto', label: 'Auto: each statement commits by itself' },
  { value: 'manual', label: 'Manual: what changes something waits for your commit' },
];

/** What the person sees of the connection everywhere: its name, place, environment and colour. */
export function IdentityFields({ form, first }: { readonly form: Form; readonly first: boolean }) {
  const { color, environment, readOnly, privateColumns } = form.getValues();
  const connections = useConnections((state) => state.connections);
  const folders = [...new Set(connections.flatMap(({ folder }) => folder ?? []))].sort((a, b) => a.localeCompare(b));
  return (
    <>
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <TextInput label="Name" flex={3} data-autofocus={first || undefined} placeholder="such as: shop production" {...form.getInputProps('name')} />
        <Autocomplete label="Folder" flex={2} placeholder="top of the list" data={folders} {...form.getInputProps('folder')} />
      </Group>
      <Stack gap={4}>
        <Input.Label size="xs" labelElement="div">Environment</Input.Label>
        <SegmentedControl
          aria-label="Environment"
          data={environments.map((value) => ({ value, label: value }))}
          value={environment}
          onChange={(next) => {
            // A colour that the person chose themself stays.
            const follow = color === usualColor[environment];
            const careful = !first && next === 'production' && useSettings.getState().settings.safety.productionReadOnly;
            form.setValues({ environment: next, ...(follow ? { color: usualColor[next] } : {}), ...(careful ? { readOnly: true } : {}) });
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
      {readOnly ? null : <Select label="Transactions of query tabs" data={commitModes} allowDeselect={false} {...form.getInputProps('commitMode')} />}
      <Select label="What Claude may see of the data" data={sharings} allowDeselect={false} {...form.getInputProps('sharing')} />
      <TagsInput
        label="Columns kept private from Claude"
        description="It is not told of them, and its queries cannot read them. * stands for all, as in *.*.email."
        placeholder={privateColumns.length === 0 ? 'schema.table.column' : ''}
        splitChars={[',', ' ', '\n']}
        maxTags={1000}
        {...form.getInputProps('privateColumns')}
      />
    </>
  );
}
