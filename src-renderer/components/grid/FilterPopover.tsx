import { ActionIcon, Button, Group, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconFilter, IconFilterFilled } from '@tabler/icons-react';
import { useState } from 'react';
import type { Column, Filter } from '../../../src-preload/contract/queries';
import { needsValue, operatorLabels, operatorsFor, type Operator } from './filters';

interface FilterPopoverProps {
  readonly column: Column;
  readonly index: number;
  readonly filter: Filter | null;
  readonly opened: boolean;
  readonly operators: readonly Operator[] | null;
  readonly onOpen: (opened: boolean) => void;
  readonly onChange: (filter: Filter | null) => void;
}

function FilterForm({ column, index, filter, operators, onOpen, onChange }: Omit<FilterPopoverProps, 'opened'>) {
  const offered = operatorsFor(column).filter((operator) => operators === null || operators.includes(operator));
  const [operator, setOperator] = useState<Operator>(filter?.op ?? offered[0] ?? 'eq');
  const [value, setValue] = useState(filter?.value ?? '');
  const apply = (): void => {
    onChange({ column: index, op: operator, value: needsValue(operator) ? value : '' });
    onOpen(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Stack gap="xs">
        <Text size="xs" fw={600}>
          Rows where {column.name}
        </Text>
        <Select
          aria-label="Comparison"
          data={offered.map((name) => ({ value: name, label: operatorLabels[name] }))}
          value={operator}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(chosen) => chosen && setOperator(chosen)}
        />
        {needsValue(operator) ? <TextInput data-autofocus autoFocus aria-label="Value" placeholder={column.type} value={value} onChange={(event) => setValue(event.currentTarget.value)} /> : null}
        <Group justify="space-between">
          <Button
            variant="subtle"
            color="gray"
            disabled={filter === null}
            onClick={() => {
              onChange(null);
              onOpen(false);
            }}
          >
            Clear
          </Button>
          <Button type="submit">Apply</Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The filter of one column, behind a button in its header. */
export function FilterPopover(props: FilterPopoverProps) {
  const { column, filter, opened, onOpen } = props;
  return (
    <Popover opened={opened} onChange={onOpen} position="bottom-end" width={240} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          size="xs"
          tabIndex={-1}
          color={filter ? 'indigo' : 'gray'}
          aria-label={filter ? `Change the filter of ${column.name}` : `Filter ${column.name}`}
          data-active={filter ? true : undefined}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(!opened);
          }}
        >
          {filter ? <IconFilterFilled size={12} /> : <IconFilter size={12} />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
        <FilterForm {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}
