import { Menu } from '@mantine/core';
import { IconArrowAutofitWidth, IconArrowDown, IconArrowUp, IconEyeOff, IconFilter, IconPin, IconPinnedOff, IconRestore, IconSum } from '@tabler/icons-react';
import type { Column, ViewSpec } from '../../../src-preload/contract/queries';
import type { HeaderActions } from './GridHeader';
import type { useGridColumns } from './useGridColumns';
import type { GridRow } from './useGridRows';
import classes from './ResultGrid.module.css';

export interface ColumnMenuPlace {
  /** Index in the result. */
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

interface ColumnMenuProps {
  readonly place: ColumnMenuPlace | null;
  readonly columns: readonly Column[];
  readonly grid: ReturnType<typeof useGridColumns>;
  readonly loaded: () => readonly GridRow[];
  readonly spec: ViewSpec;
  readonly setSpec: (spec: ViewSpec) => void;
  readonly actions: HeaderActions;
  readonly onStatistics: (column: number) => void;
  readonly onClose: () => void;
}

/** What can be done with a column; opened by a right click on its header. */
export function ColumnMenu({ place, columns, grid, loaded, spec, setSpec, actions, onStatistics, onClose }: ColumnMenuProps) {
  if (!place) return null;
  const { column } = place;
  const pinned = grid.order.indexOf(column) < grid.pinned;
  const sort = (direction: 'asc' | 'desc'): void => setSpec({ ...spec, sorts: [{ column, direction }] });
  return (
    <Menu opened onChange={(open) => open || onClose()} position="bottom-start" offset={0} returnFocus={false} width={240}>
      <Menu.Target>
        <span className={classes.menuAnchor} style={{ left: place.x, top: place.y }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.menuName}>{columns[column]?.name}</Menu.Label>
        <Menu.Item leftSection={<IconArrowUp size={14} />} onClick={() => sort('asc')}>
          Sort ascending
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={14} />} onClick={() => sort('desc')}>
          Sort descending
        </Menu.Item>
        <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => actions.openFilter(column)}>
          Filter…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={pinned ? <IconPinnedOff size={14} /> : <IconPin size={14} />} onClick={() => grid.pin(column, !pinned)}>
          {pinned ? 'Do not pin' : 'Pin at the left'}
        </Menu.Item>
        <Menu.Item leftSection={<IconEyeOff size={14} />} disabled={grid.order.length < 2} onClick={() => grid.show([column], false)}>
          Hide
        </Menu.Item>
        <Menu.Item leftSection={<IconSum size={14} />} onClick={() => onStatistics(column)}>
          Statistics over all rows
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowAutofitWidth size={14} />} onClick={() => actions.fit(column)}>
          Fit the width to the values
        </Menu.Item>
        <Menu.Item leftSection={<IconRestore size={14} />} onClick={() => grid.reset(loaded())}>
          Reset all columns
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
