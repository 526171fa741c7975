import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount } from '../../../shell/format';
import type { Cell, Column } from '../../../../src-preload/contract/queries';
import { content } from '../GridRowView';
import type { GridRow } from '../useGridRows';
import { PanelFrame } from './PanelFrame';
import classes from './Panels.module.css';

interface RowPanelProps {
  readonly columns: readonly Column[];
  /** Indexes of the columns, as they stand on the screen. */
  readonly order: readonly number[];
  /** One row, or a few side by side. */
  readonly rows: readonly number[];
  readonly row: (index: number) => GridRow | undefined;
  readonly focusColumn: number;
  readonly total: number;
  readonly onColumn: (place: number) => void;
  readonly onStep: (step: -1 | 1) => void;
  readonly onView: (place: number) => void;
  readonly onClose: () => void;
}

const textOf = (cell: Cell | undefined): string | null | undefined => (typeof cell === 'object' && cell !== null ? `${cell.text}${cell.cut}` : cell);
const MOST_LINES = 2000;

/** One row as a list of names and values, or some selected rows side by side, with the values that differ marked. */
export function RowPanel({ columns, order, rows, row, focusColumn, total, onColumn, onStep, onView, onClose }: RowPanelProps) {
  const [wanted, setWanted] = useState('');
  const needle = wanted.trim().toLowerCase();
  const places = order.flatMap((index, place) => (columns[index]?.name.toLowerCase().includes(needle) ? [place] : []));
  const cells = rows.map((index) => row(index));
  const first = rows[0] ?? 0;
  const title = rows.length > 1 ? `${rows.length} rows side by side` : `Row ${formatCount(first + 1)}`;
  const actions = (
    <>
      <Tooltip label="Previous row">
        <ActionIcon aria-label="Previous row" disabled={first === 0} onClick={() => onStep(-1)}>
          <IconChevronUp size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next row">
        <ActionIcon aria-label="Next row" disabled={first + 1 >= total} onClick={() => onStep(1)}>
          <IconChevronDown size={15} />
        </ActionIcon>
      </Tooltip>
    </>
  );
  return (
    <PanelFrame label="Row as a list" title={title} detail={`${formatCount(order.length)} columns`} actions={actions} onClose={onClose}>
      <div className={classes.tools}>
        <TextInput aria-label="Find a column of the row" placeholder="Find a column" leftSection={<IconSearch size={13} />} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} style={{ flex: 1 }} />
      </div>
      <div className={classes.scroll}>
        <table className={classes.row} aria-label={title}>
          {rows.length > 1 ? (
            <thead>
              <tr>
                <th scope="col">Column</th>
                {rows.map((index) => (
                  <th key={index} scope="col">
                    Row {formatCount(index + 1)}
                  </th>
                ))}
              </tr>
            </thead>
          ) : null}
          <tbody>
            {places.slice(0, MOST_LINES).map((place) => {
              const index = order[place] ?? 0;
              const values = cells.map((known) => known?.[index]);
              const differs = values.length > 1 && new Set(values.map(textOf)).size > 1;
              return (
                <tr key={index} data-focus={index === focusColumn || undefined} data-differs={differs || undefined} onClick={() => onColumn(place)} onDoubleClick={() => onView(place)}>
                  <th scope="row">
                    {columns[index]?.name}
                    <span>{columns[index]?.type}</span>
                  </th>
                  {values.map((value, at) => (
                    <td key={rows[at]} data-number={columns[index]?.family === 'number' || undefined}>
                      {cells[at] === undefined ? '…' : content(value ?? null)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
        {places.length > MOST_LINES ? <p className={classes.note}>{formatCount(places.length - MOST_LINES)} more columns: find them by name.</p> : null}
      </div>
    </PanelFrame>
  );
}
