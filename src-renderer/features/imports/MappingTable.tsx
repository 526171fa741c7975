import { Checkbox, Select, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { ColumnGuess } from '../../../src-preload/contract/imports';
import { formatCount } from '../../shell/format';
import type { Mapped } from './mapping';
import type { ImportModel } from './useImport';
import styles from './Imports.module.css';

const rowHeight = 34;
const orders = [{ value: 'dmy', label: 'Day first' }, { value: 'mdy', label: 'Month first' }];

interface CellProps {
  /** The column's name in the file. */
  readonly name: string;
  readonly column: Mapped;
  /** Absent until all of the file was read. */
  readonly guess: ColumnGuess | undefined;
  readonly model: ImportModel;
  readonly onChange: (patch: Partial<Mapped>) => void;
}

function TargetCell({ name, column, model: { target, columnsOf }, targets, onChange }: CellProps & { readonly targets: string[] }) {
  if (target.kind === 'new') return <TextInput size="xs" aria-label={`Name of ${name}`} value={column.name} spellCheck={false} onChange={(event) => onChange({ name: event.currentTarget.value })} />;
  const choose = (value: string | null): void => onChange({ name: value ?? '', use: value !== null, type: columnsOf?.find((candidate) => candidate.name === value)?.type ?? '' });
  return <Select size="xs" aria-label={`Target of ${name}`} data={targets} value={column.name || null} placeholder="skipped" searchable clearable onChange={choose} />;
}

/** The type of a column of dates whose order was said; without an order they stay text. */
function dateType({ longest }: ColumnGuess, order: string | null): string {
  if (order === null) return 'text';
  return longest > 10 ? 'timestamp' : 'date';
}

function DatesCell({ name, column, guess, model, onChange }: CellProps) {
  if (!guess?.dateOrder) return null;
  const asks = guess.dateOrder === 'ask';
  const setsType = asks && model.target.kind === 'new';
  const choose = (order: string | null): void => onChange({ dateOrder: order as Mapped['dateOrder'], ...(setsType ? { type: dateType(guess, order) } : {}) });
  return <Select size="xs" aria-label={`Order of the dates of ${name}`} data={orders} value={column.dateOrder} placeholder="Which first?" clearable={asks} onChange={choose} />;
}

interface RowProps extends CellProps {
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly targets: string[];
  readonly withDates: boolean;
}

function MappingRow({ start, targets, withDates, ...cell }: RowProps) {
  const { name, column, guess, model, onChange } = cell;
  return (
    <div className={styles.mapRow} role="row" style={{ transform: `translateY(${start}px)` }} data-off={!column.use || undefined}>
      <span role="cell"><Checkbox size="xs" aria-label={`Import ${name}`} checked={column.use} onChange={(event) => onChange({ use: event.currentTarget.checked })} /></span>
      <span role="cell" className={styles.cut} title={name}>{name}</span>
      <span role="cell"><TargetCell {...cell} targets={targets} /></span>
      <span role="cell" className={styles.cut} title={column.type}>
        {model.target.kind === 'new' ? <TextInput size="xs" aria-label={`Type of ${name}`} value={column.type} spellCheck={false} onChange={(event) => onChange({ type: event.currentTarget.value })} /> : column.type}
      </span>
      {withDates ? <span role="cell"><DatesCell {...cell} /></span> : null}
      <span role="cell" className={styles.count}>{guess ? formatCount(guess.nulls) : ''}</span>
      <span role="cell" className={styles.count} title={guess?.longestValue}>{guess ? formatCount(guess.longest) : ''}</span>
      <span role="cell" className={styles.cut} title={guess?.reason} data-asks={guess?.dateOrder === 'ask' || undefined}>{guess?.reason ?? ''}</span>
    </div>
  );
}

/** Every column of the file: whether and where it goes, its type and why, what its values are like. */
export function MappingTable({ model }: { readonly model: ImportModel }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { mapped, setMapped, scan, columnsOf, preview } = model;
  const virtualizer = useVirtualizer({ count: mapped.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 });
  const change = (index: number, patch: Partial<Mapped>): void => setMapped(mapped.map((column, place) => (place === index ? { ...column, ...patch } : column)));
  const guesses = scan.result?.columns;
  const dates = guesses?.some(({ dateOrder }) => dateOrder !== null) ?? false;
  const targets = [...new Set((columnsOf ?? []).filter(({ generated }) => generated === null).map(({ name }) => name))];
  return (
    <div className={styles.mapping} role="table" aria-label="Columns" aria-rowcount={mapped.length} data-dates={dates || undefined}>
      <div className={styles.mapHead} role="row">
        {['', 'In the file', 'In the table', 'Type', ...(dates ? ['Dates'] : []), 'NULL', 'Longest', 'Why'].map((head) => (
          <span key={head} role="columnheader" className={head === 'NULL' || head === 'Longest' ? styles.count : undefined}>{head}</span>
        ))}
      </div>
      <div ref={scroller} className={styles.mapBody} role="rowgroup">
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const column = mapped[index];
            if (!column) return null;
            const guess = guesses?.[index];
            return (
              <MappingRow key={index} start={start} name={guess?.name ?? preview?.columns[index] ?? ''} column={column} guess={guess} model={model} targets={targets} withDates={dates} onChange={(patch) => change(index, patch)} />
            );
          })}
        </div>
      </div>
    </div>
  );
}
