import { Group, Input, PasswordInput, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconFile } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { client } from '../../../client';
import type { FormValues } from '../formValues';

export type Form = UseFormReturnType<FormValues>;

/** A path, typed or chosen in the system's dialog. `path` is the field's place in the form, such as `tunnel.0.file`. */
export function FileField({ form, path, label, placeholder = 'path of a PEM file' }: { readonly form: Form; readonly path: string; readonly label: string; readonly placeholder?: string }) {
  const choose = async (): Promise<void> => {
    const chosen = await client.application.chooseFile({ title: label, extensions: [] });
    if (chosen.path !== null) form.setFieldValue(path, chosen.path);
  };
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      rightSectionWidth={30}
      rightSection={
        <UnstyledButton display="flex" aria-label={`Choose the file: ${label}`} title="Choose a file" onClick={() => void choose()}>
          <IconFile size={14} />
        </UnstyledButton>
      }
      {...form.getInputProps(path)}
    />
  );
}

interface SecretFieldProps {
  readonly form: Form;
  /** The fields' places in the form. */
  readonly kindPath: string;
  readonly secretPath: string;
  readonly label: string;
  readonly kind: 'keep' | 'set' | 'ask';
  readonly stored: boolean;
  readonly placeholder?: string;
  /** What stands below when nothing is stored. */
  readonly whenAsked: ReactNode;
}

/** A secret that is kept, stored anew, or asked for. */
export function SecretField({ form, kindPath, secretPath, label, kind, stored, placeholder, whenAsked }: SecretFieldProps) {
  const choices = [...(stored ? [{ value: 'keep', label: 'Keep the stored one' }] : []), { value: 'set', label: stored ? 'Store another' : 'Store it' }, { value: 'ask', label: 'Ask each time' }];
  return (
    <Stack gap={4}>
      <Input.Label size="xs" labelElement="div">
        {label}
      </Input.Label>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <SegmentedControl aria-label={label} data={choices} flex={1} {...form.getInputProps(kindPath)} />
      </Group>
      {kind === 'set' ? <PasswordInput aria-label={`New ${label.toLowerCase()}`} placeholder={placeholder ?? ''} autoComplete="off" {...form.getInputProps(secretPath)} /> : null}
      {kind === 'ask' ? (
        <Text size="xs" c="dimmed">
          {whenAsked}
        </Text>
      ) : null}
    </Stack>
  );
}
