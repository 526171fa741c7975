import { ActionIcon, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { Column } from '../../../src-preload/contract/queries';
import { formatCount } from '../../shell/format';

/** One column in the order of the file. */
export interface ChosenColumn {
  readonly index: number;
  readonly chosen: boolean;
}

interface ColumnChoiceProps {
  readonly columns: readonly Column[];
  readonly order: readonly ChosenColumn[];
  readonly onChange: (order: readonly ChosenColumn[]) => void;
}

/** Which columns are written, and in which order. */
export function ColumnChoice({ columns, order, onChange }: ColumnChoiceProps) {
  const [open, setOpen] = useState(false);
  const chosen = order.filter((entry) => entry.chosen).length;
  const move = (position: number, step: number): void => {
    const next = [...order];
    const [entry] = next.splice(position, 1);
    if (entry) next.splice(position + step, 0, entry);
    onChange(next);
  };
  const tick = (position: number, on: boolean): void => onChange(order.map((entry, at) => (at === position ? { ...entry, chosen: on } : entry)));
  return (
    <Stack gap={6}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={500}>
          Columns <Text component="span" size="xs" c="dimmed">{chosen === columns.length ? `all ${formatCount(chosen)}` : `${formatCount(chosen)} of ${formatCount(columns.length)}`}</Text>
        </Text>
        <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Choose and order'}
        </Button>
      </Group>
      {open ? (
        <div style={{ border: '1px solid var(--app-line)', borderRadius: 4 }}>
          <Group gap="xs" px={8} py={4} style={{ borderBottom: '1px solid var(--app-line)' }}>
            <Checkbox size="xs" label="All columns" checked={chosen === columns.length} indeterminate={chosen > 0 && chosen < columns.length} onChange={(event) => onChange(order.map((entry) => ({ ...entry, chosen: event.currentTarget.checked })))} />
          </Group>
          <div style={{ maxHeight: 220, overflow: 'auto', padding: '4px 8px' }}>
            {order.map(({ index, chosen: on }, position) => (
              <Group key={index} gap={4} wrap="nowrap" py={1}>
                <Checkbox
                  size="xs"
                  flex={1}
                  miw={0}
                  styles={{ label: { overflowWrap: 'anywhere' } }}
                  label={
                    <>
                      {columns[index]?.name} <Text component="span" size="xs" c="dimmed">{columns[index]?.type}</Text>
                    </>
                  }
                  checked={on}
                  onChange={(event) => tick(position, event.currentTarget.checked)}
                />
                <ActionIcon aria-label={`Move ${columns[index]?.name ?? ''} up`} disabled={position === 0} onClick={() => move(position, -1)}>
                  <IconArrowUp size={13} />
                </ActionIcon>
                <ActionIcon aria-label={`Move ${columns[index]?.name ?? ''} down`} disabled={position === order.length - 1} onClick={() => move(position, 1)}>
                  <IconArrowDown size={13} />
                </ActionIcon>
              </Group>
            ))}
          </div>
        </div>
      ) : null}
    </Stack>
  );
}
