import { Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconEye, IconFilter, IconFilterOff, IconListDetails, IconSum } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CopyFormat } from '../../../src-preload/contract/resultAnalysis';
import { copyFormats } from './gridOutput';
import classes from './ResultGrid.module.css';

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

interface GridMenuProps {
  readonly place: MenuPlace | null;
  readonly columnName: string;
  /** The focused value, short, for 'only rows where ...'; null where it cannot be filtered by. */
  readonly value: string | null;
  readonly filtered: boolean;
  /** The owner's own items. */
  readonly more?: ReactNode;
  readonly onClose: () => void;
  readonly onCopy: (format: CopyFormat) => void;
  readonly onView: () => void;
  readonly onRow: () => void;
  readonly onStatistics: () => void;
  readonly onSort: (direction: 'asc' | 'desc') => void;
  readonly onFilter: (op: 'eq' | 'ne') => void;
  readonly onClearFilters: () => void;
}

/** What can be done with the selected cells; opened by a right click or the menu key. */
export function GridMenu({ place, columnName, value, filtered, more, onClose, onCopy, onView, onRow, onStatistics, onSort, onFilter, onClearFilters }: GridMenuProps) {
  return (
    <Menu opened={place !== null} onChange={(open) => open || onClose()} position="bottom-start" offset={0} returnFocus={false} width={260}>
      <Menu.Target>
        <span className={classes.menuAnchor} style={{ left: place?.x ?? 0, top: place?.y ?? 0 }} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={14} />} rightSection="Ctrl C" onClick={() => onCopy('tsv')}>
          Copy
        </Menu.Item>
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconCopy size={14} />}>Copy as</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            {copyFormats.map(({ format, label }) => (
              <Menu.Item key={format} rightSection={format === 'tsvWithNames' ? 'Ctrl Shift C' : null} onClick={() => onCopy(format)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Item leftSection={<IconEye size={14} />} rightSection="Enter" onClick={onView}>
          Show the whole value
        </Menu.Item>
        <Menu.Item leftSection={<IconListDetails size={14} />} rightSection="Ctrl I" onClick={onRow}>
          Show the row as a list
        </Menu.Item>
        <Menu.Item leftSection={<IconSum size={14} />} onClick={onStatistics}>
          Statistics of {columnName}
        </Menu.Item>
        {more ? (
          <>
            <Menu.Divider />
            {more}
          </>
        ) : null}
        <Menu.Divider />
        <Menu.Item leftSection={<IconArrowUp size={14} />} onClick={() => onSort('asc')}>
          Sort by {columnName}, ascending
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={14} />} onClick={() => onSort('desc')}>
          Sort by {columnName}, descending
        </Menu.Item>
        <Menu.Item leftSection={<IconFilter size={14} />} disabled={value === null} onClick={() => onFilter('eq')}>
          Only rows with this value
        </Menu.Item>
        <Menu.Item leftSection={<IconFilterOff size={14} />} disabled={value === null} onClick={() => onFilter('ne')}>
          Only rows with another value
        </Menu.Item>
        {filtered ? <Menu.Item onClick={onClearFilters}>Clear filters and order</Menu.Item> : null}
      </Menu.Dropdown>
    </Menu>
  );
}
