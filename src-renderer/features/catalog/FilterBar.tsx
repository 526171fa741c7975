import { ActionIcon, Button, CloseButton, Select, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconFilterPlus, IconSortAscending } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { DataFilter } from '../../../src-preload/contract/catalog';
import type { DataSort } from './useTableData';
import styles from './Catalog.module.css';

const operators: { value: DataFilter['op']; label: string }[] = [
  { value: 'eq', label: '=' },
  { value: 'ne', label: '≠' },
  { value: 'lt', label: '<' },
  { value: 'le', label: '≤' },
  { value: 'gt', label: '>' },
  { value: 'ge', label: '≥' },
  { value: 'contains', label: 'contains' },
  { value: 'startsWith', label: 'starts with' },
  { value: 'isNull', label: 'is NULL' },
  { value: 'isNotNull', label: 'is not NULL' },
];

export const wantsValue = (op: DataFilter['op']): boolean => op !== 'isNull' && op !== 'isNotNull';

interface FilterRowProps {
  readonly columns: readonly string[];
  readonly filter: DataFilter;
  readonly onChange: (filter: DataFilter) => void;
  readonly onRemove: () => void;
  readonly onApply: () => void;
}

function FilterRow({ columns, filter, onChange, onRemove, onApply }: FilterRowProps) {
  return (
    <div style={{ display: 'inline-flex', alignItems: 'center', gap: 2 }} role="group" aria-label={`Filter on ${filter.column}`}>
      <Select w={150} searchable allowDeselect={false} aria-label="Column" data={columns} value={filter.column} onChange={(column) => onChange({ ...filter, column: column ?? filter.column })} />
      <Select w={108} allowDeselect={false} aria-label="Comparison" data={operators} value={filter.op} onChange={(op) => onChange({ ...filter, op: op ?? filter.op })} />
      {wantsValue(filter.op) ? (
        <TextInput
          w={150}
          aria-label="Value"
          placeholder="value"
          data-autofocus
          value={filter.value}
          onChange={(event) => onChange({ ...filter, value: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onApply();
          }}
        />
      ) : null}
      <CloseButton size="sm" aria-label={`Remove the filter on ${filter.column}`} onClick={onRemove} />
    </div>
  );
}

interface SortRowProps {
  readonly columns: readonly string[];
  readonly sort: DataSort;
  readonly onChange: (sort: DataSort) => void;
  readonly onRemove: () => void;
}

function SortRow({ columns, sort, onChange, onRemove }: SortRowProps) {
  const down = sort.direction === 'desc';
  return (
    <div style={{ display: 'inline-flex', alignItems: 'center', gap: 2 }} role="group" aria-label={`Sorted by ${sort.column}`}>
      <Select w={150} searchable allowDeselect={false} aria-label="Sort by" data={columns} value={sort.column} onChange={(column) => onChange({ ...sort, column: column ?? sort.column })} />
      <ActionIcon size={26} variant="default" aria-label={down ? 'Descending' : 'Ascending'} title={down ? 'Descending: click for ascending' : 'Ascending: click for descending'} onClick={() => onChange({ ...sort, direction: down ? 'asc' : 'desc' })}>
        {down ? <IconArrowDown size={14} /> : <IconArrowUp size={14} />}
      </ActionIcon>
      <CloseButton size="sm" aria-label={`Do not sort by ${sort.column}`} onClick={onRemove} />
    </div>
  );
}

interface FilterBarProps {
  readonly columns: readonly string[];
  readonly filters: readonly DataFilter[];
  readonly sorts: readonly DataSort[];
  readonly onApply: (filters: readonly DataFilter[], sorts: readonly DataSort[]) => void;
  /** More tools, at the right. */
  readonly tools?: ReactNode;
}

/** Builds the conditions and the order that the server applies. Values take effect with Enter or Apply, sorting at once. */
export function FilterBar({ columns, filters, sorts, onApply, tools }: FilterBarProps) {
  const [draft, setDraft] = useState<readonly DataFilter[]>(filters);
  const [known, setKnown] = useState(filters);
  if (known !== filters) {
    setKnown(filters);
    setDraft(filters);
  }
  const changed = JSON.stringify(draft) !== JSON.stringify(filters);
  const first = columns[0];
  const unsorted = columns.find((column) => !sorts.some((sort) => sort.column === column));
  return (
    <div className={styles.bar}>
      {draft.map((filter, index) => (
        <FilterRow
          key={index}
          columns={columns}
          filter={filter}
          onChange={(next) => setDraft(draft.with(index, next))}
          onRemove={() => {
            const rest = draft.toSpliced(index, 1);
            setDraft(rest);
            if (filters.includes(filter)) onApply(rest.filter((one) => filters.includes(one)), sorts);
          }}
          onApply={() => onApply(draft, sorts)}
        />
      ))}
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconFilterPlus size={14} />} disabled={first === undefined || draft.length >= 32} onClick={() => first !== undefined && setDraft([...draft, { column: first, op: 'eq', value: '' }])}>
        Filter
      </Button>
      {changed ? (
        <Button size="compact-xs" onClick={() => onApply(draft, sorts)}>
          Apply
        </Button>
      ) : null}
      <span style={{ width: 1, alignSelf: 'stretch', background: 'var(--app-line)' }} />
      {sorts.map((sort, index) => (
        <SortRow key={sort.column} columns={columns} sort={sort} onChange={(next) => onApply(filters, sorts.with(index, next))} onRemove={() => onApply(filters, sorts.toSpliced(index, 1))} />
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<IconSortAscending size={14} />}
        disabled={unsorted === undefined || sorts.length >= 8}
        onClick={() => unsorted !== undefined && onApply(filters, [...sorts, { column: unsorted, direction: 'asc' }])}
      >
        Sort
      </Button>
      {tools}
    </div>
  );
}
