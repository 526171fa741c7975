import { ActionIcon, Button, Table, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import classes from './Structure.module.css';

export interface EditableRow {
  readonly key: string;
  readonly state: 'as is' | 'new' | 'changed';
  readonly cells: readonly ReactNode[];
  readonly name: string;
  readonly onDrop: () => void;
}

interface EditableTableProps {
  readonly title: string;
  readonly heads: readonly (readonly [text: string, width: number | string])[];
  readonly rows: readonly EditableRow[];
  readonly adding: ReactNode;
  readonly empty: string;
}

/** A part of a structure as rows that can be edited in place; what is pending is marked at the left. */
export function EditableTable({ title, heads, rows, adding, empty }: EditableTableProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2>
        {title}{' '}
        <Text span size="xs" c="dimmed">
          {rows.length}
        </Text>
        <span className={classes.adding}>{adding}</span>
      </h2>
      {rows.length === 0 ? (
        <Text size="xs" c="dimmed">
          {empty}
        </Text>
      ) : (
        <Table withTableBorder verticalSpacing={2} horizontalSpacing={6} fz={12.5} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              {heads.map(([text, width]) => (
                <Table.Th key={text} w={width} fz={11.5} c="dimmed" fw={600}>
                  {text}
                </Table.Th>
              ))}
              <Table.Th w={30} aria-label="Drop" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.key} data-state={row.state} className={classes.row} aria-label={row.state === 'as is' ? undefined : `${row.name}, ${row.state}`}>
                {row.cells.map((cell, index) => (
                  <Table.Td key={index}>{cell}</Table.Td>
                ))}
                <Table.Td>
                  <Tooltip label={`Drop ${row.name}`}>
                    <ActionIcon aria-label={`Drop ${row.name}`} onClick={row.onDrop}>
                      <IconTrash size={13} />
                    </ActionIcon>
                  </Tooltip>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

export function AddButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />} onClick={onClick}>
      {label}
    </Button>
  );
}

interface TextCellProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly disabled?: boolean;
  /** Id of a datalist with proposals. */
  readonly list?: string;
  readonly onCommit: (value: string) => void;
}

/** A text that counts when it is left or Enter is pressed; Esc takes it back. */
export function TextCell({ label, value, placeholder, mono, disabled, list, onCommit }: TextCellProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    if (typed !== null && typed !== value) onCommit(typed);
    setTyped(null);
  };
  return (
    <input
      className={classes.input}
      data-mono={mono || undefined}
      aria-label={label}
      title={value}
      value={typed ?? value}
      placeholder={placeholder}
      disabled={disabled}
      list={list}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key !== 'Escape' || typed === null) return;
        event.stopPropagation();
        setTyped(null);
      }}
    />
  );
}
