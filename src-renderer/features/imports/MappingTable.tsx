import { Checkbox, Select, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { formatCount } from '../../shell/format';
import type { Mapped } from './mapping';
import type { ImportModel } from './useImport';
import styles from './Imports.module.css';

const rowHeight = 34;
const orders = [{ value: 'dmy', label: 'Day first' }, { value: 'mdy', label: 'Month first' }];

/** Every column of the file: whether and where it goes, its type and why, what its values are like. */
export function MappingTable({ model }: { readonly model: ImportModel }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { mapped, setMapped, scan, target, columnsOf, preview } = model;
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
            const name = guess?.name ?? preview?.columns[index] ?? '';
            const asks = guess?.dateOrder === 'ask';
            return (
              <div key={index} className={styles.mapRow} role="row" style={{ transform: `translateY(${start}px)` }} data-off={!column.use || undefined}>
                <span role="cell"><Checkbox size="xs" aria-label={`Import ${name}`} checked={column.use} onChange={(event) => change(index, { use: event.currentTarget.checked })} /></span>
                <span role="cell" className={styles.cut} title={name}>{name}</span>
                <span role="cell">
                  {target.kind === 'new' ? (
                    <TextInput size="xs" aria-label={`Name of ${name}`} value={column.name} spellCheck={false} onChange={(event) => change(index, { name: event.currentTarget.value })} />
                  ) : (
                    <Select size="xs" aria-label={`Target of ${name}`} data={targets} value={column.name || null} placeholder="skipped" searchable clearable onChange={(value) => change(index, { name: value ?? '', use: value !== null, type: columnsOf?.find((candidate) => candidate.name === value)?.type ?? '' })} />
                  )}
                </span>
                <span role="cell" className={styles.cut} title={column.type}>
                  {target.kind === 'new' ? <TextInput size="xs" aria-label={`Type of ${name}`} value={column.type} spellCheck={false} onChange={(event) => change(index, { type: event.currentTarget.value })} /> : column.type}
                </span>
                {dates ? (
                  <span role="cell">
                  {guess?.dateOrder ? (
                    <Select size="xs" aria-label={`Order of the dates of ${name}`} data={orders} value={column.dateOrder} placeholder="Which first?" clearable={asks} onChange={(value) => change(index, { dateOrder: value as Mapped['dateOrder'], ...(asks && target.kind === 'new' ? { type: value === null ? 'text' : guess.longest > 10 ? 'timestamp' : 'date' } : {}) })} />
                  ) : null}
                </span>
                ) : null}
                <span role="cell" className={styles.count}>{guess ? formatCount(guess.nulls) : ''}</span>
                <span role="cell" className={styles.count} title={guess?.longestValue}>{guess ? formatCount(guess.longest) : ''}</span>
                <span role="cell" className={styles.cut} title={guess?.reason} data-asks={asks || undefined}>{guess?.reason ?? ''}</span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
