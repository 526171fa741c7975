import { ActionIcon, Button, Checkbox, Select, Text, TextInput, Tooltip } from '@mantine/core';
import { IconPlayerPlayFilled, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ParameterSlot, ParameterType, ParameterValue } from '../../../src-preload/contract/queries';
import type { PendingParameters } from './sessions';
import classes from './ParametersBar.module.css';

interface ParametersBarProps {
  readonly asking: PendingParameters;
  readonly busy: boolean;
  readonly onRun: (values: readonly ParameterValue[]) => void;
  readonly onDismiss: () => void;
}

const types: readonly ParameterType[] = ['text', 'integer', 'bigint', 'numeric', 'boolean', 'date', 'timestamp', 'timestamptz', 'uuid', 'json', 'jsonb', 'text[]'];
const examples: Partial<Record<string, string>> = { integer: '42', bigint: '42', numeric: '12.50', boolean: 'true', date: '2024-12-31', timestamp: '2024-12-31 23:59', timestamptz: '2024-12-31 23:59+01', uuid: 'a0eebc99-…', json: '{"a": 1}', jsonb: '{"a": 1}', 'text[]': '{one,"two words"}' };

const choices = ({ inferred }: ParameterSlot) => [
  { value: 'inferred', label: inferred === null ? 'as the server infers' : `as inferred: ${inferred}` },
  { value: 'null', label: 'NULL' },
  ...types.map((type) => ({ value: type, label: type })),
];

interface FieldProps {
  readonly slot: ParameterSlot;
  readonly value: ParameterValue;
  readonly first: boolean;
  readonly onChange: (patch: Partial<ParameterValue>) => void;
}

function Field({ slot, value, first, onChange }: FieldProps) {
  const written = /^\d/.test(slot.name) ? `$${slot.name}` : `:${slot.name}`;
  const example = examples[value.type === 'inferred' ? (slot.inferred ?? '') : value.type];
  return (
    <div className={classes.field} role="group" aria-label={`Parameter ${written}`}>
      <Text className={classes.name} title={written}>
        {written}
      </Text>
      <TextInput
        className={classes.value}
        aria-label={`Value of ${written}`}
        type={value.secret ? 'password' : 'text'}
        value={value.type === 'null' ? '' : value.value}
        disabled={value.type === 'null'}
        placeholder={value.type === 'null' ? 'NULL' : example ? `such as ${example}` : 'empty text'}
        autoFocus={first}
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => onChange({ value: event.currentTarget.value })}
      />
      <Select
        w={190}
        aria-label={`Type of ${written}`}
        data={choices(slot)}
        value={value.type}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        onChange={(type) => type !== null && onChange({ type: type as ParameterType })}
      />
      <Tooltip label="A secret value is neither remembered nor written to the history">
        <Checkbox size="xs" label="secret" checked={value.secret} onChange={(event) => onChange({ secret: event.currentTarget.checked })} />
      </Tooltip>
    </div>
  );
}

/** Asks for the values of a text's parameters; they are sent beside the text, never in it. */
export function ParametersBar({ asking, busy, onRun, onDismiss }: ParametersBarProps) {
  const { slots } = asking;
  const [values, setValues] = useState<readonly ParameterValue[]>(() => slots.map(({ name, type, value, secret }) => ({ name, type, value, secret })));
  const set = (index: number, patch: Partial<ParameterValue>): void => setValues((now) => now.map((value, at) => (at === index ? { ...value, ...patch } : value)));
  return (
    <form
      className={classes.bar}
      aria-label="Parameters"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onRun(values);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || busy) return;
        event.stopPropagation();
        onDismiss();
      }}
    >
      <div className={classes.fields}>
        {slots.map((slot, index) => (
          <Field key={slot.name} slot={slot} value={values[index] ?? { name: slot.name, type: 'inferred', value: '', secret: false }} first={index === 0} onChange={(patch) => set(index, patch)} />
        ))}
      </div>
      <div className={classes.actions}>
        <Button type="submit" disabled={busy} leftSection={<IconPlayerPlayFilled size={12} />}>
          Run with {slots.length === 1 ? 'this value' : 'these values'}
        </Button>
        <ActionIcon aria-label="Close the parameters" onClick={onDismiss}>
          <IconX size={14} />
        </ActionIcon>
      </div>
    </form>
  );
}
