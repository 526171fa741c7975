import { ActionIcon, Button, Checkbox, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPin, IconPinFilled, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { formatCount } from '../../../shell/format';
import type { Column } from '../../../../src-preload/contract/queries';
import type { useGridColumns } from '../useGridColumns';
import { PanelFrame } from './PanelFrame';
import classes from './Panels.module.css';

interface ColumnsPanelProps {
  readonly columns: readonly Column[];
  readonly grid: ReturnType<typeof useGridColumns>;
  readonly onReset: () => void;
  readonly onGoTo: (place: number) => void;
  readonly onClose: () => void;
}

const LINE_PX = 28;

/** Every column of the result by name: which are shown, pinned, and in what order; for results of thousands of columns too. */
export function ColumnsPanel({ columns, grid, onReset, onGoTo, onClose }: ColumnsPanelProps) {
  const [wanted, setWanted] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const shown = new Set(grid.order);
  const all = [...grid.order, ...columns.map((_, index) => index).filter((index) => !shown.has(index))];
  const needle = wanted.trim().toLowerCase();
  const matching = needle === '' ? all : all.filter((index) => columns[index]?.name.toLowerCase().includes(needle));
  const virtualizer = useVirtualizer({ count: matching.length, getScrollElement: () => list.current, estimateSize: () => LINE_PX, overscan: 8 });
  const step = (index: number, by: -1 | 1): void => {
    const target = grid.order[grid.order.indexOf(index) + by];
    if (target !== undefined) grid.move(index, target, by > 0);
  };
  return (
    <PanelFrame label="Columns" title="Columns" detail={`${formatCount(shown.size)} of ${formatCount(columns.length)} shown`} onClose={onClose}>
      <div className={classes.tools}>
        <TextInput aria-label="Find a column" placeholder="Find a column" leftSection={<IconSearch size={13} />} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} style={{ flex: 1 }} />
        <Button variant="default" size="compact-xs" onClick={() => grid.show(matching, true)}>
          Show {needle === '' ? 'all' : 'these'}
        </Button>
        <Button variant="default" size="compact-xs" onClick={() => grid.show(matching, false)} disabled={grid.order.every((index) => matching.includes(index))}>
          Hide {needle === '' ? 'all' : 'these'}
        </Button>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={onReset}>
          Reset
        </Button>
      </div>
      <div ref={list} className={classes.scroll} role="list" aria-label="Columns of the result">
        {matching.length === 0 ? <p className={classes.note}>No column is called like “{wanted}”.</p> : null}
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map((item) => {
            const index = matching[item.index] ?? 0;
            const column = columns[index];
            const place = grid.order.indexOf(index);
            if (!column) return null;
            const pinned = place >= 0 && place < grid.pinned;
            return (
              <div key={index} role="listitem" className={classes.column} style={{ transform: `translateY(${item.start}px)` }}>
                <Checkbox size="xs" checked={place >= 0} aria-label={`Show ${column.name}`} disabled={place >= 0 && grid.order.length === 1} onChange={(event) => grid.show([index], event.currentTarget.checked)} />
                <button type="button" className={classes.columnName} title={`${column.name}: ${column.type}`} disabled={place < 0} onClick={() => onGoTo(place)}>
                  {column.name} <span>{column.type}</span>
                </button>
                <Tooltip label={pinned ? 'Do not pin' : 'Pin at the left'}>
                  <ActionIcon size="xs" aria-label={pinned ? `Do not pin ${column.name}` : `Pin ${column.name}`} aria-pressed={pinned} disabled={place < 0} onClick={() => grid.pin(index, !pinned)}>
                    {pinned ? <IconPinFilled size={12} /> : <IconPin size={12} />}
                  </ActionIcon>
                </Tooltip>
                <ActionIcon size="xs" aria-label={`Move ${column.name} to the left`} disabled={place <= 0} onClick={() => step(index, -1)}>
                  <IconArrowUp size={12} />
                </ActionIcon>
                <ActionIcon size="xs" aria-label={`Move ${column.name} to the right`} disabled={place < 0 || place === grid.order.length - 1} onClick={() => step(index, 1)}>
                  <IconArrowDown size={12} />
                </ActionIcon>
              </div>
            );
          })}
        </div>
      </div>
    </PanelFrame>
  );
}
