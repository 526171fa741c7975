import { ActionIcon, Button, NumberInput, Popover, Tooltip } from '@mantine/core';
import { IconChartBar, IconColumns3, IconCornerDownRight, IconDownload, IconLayoutSidebarRight, IconListDetails, IconSearch, IconSum } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { formatCount, formatDuration } from '../../shell/format';
import { PinToDashboard, type Pinned } from '../../features/dashboards/PinToDashboard';
import type { GridPanel } from './SidePanel';
import type { GridView } from './useGridView';
import classes from './ResultGrid.module.css';

interface GridFooterProps {
  readonly totalRows: number;
  readonly complete: boolean;
  readonly shown: number;
  readonly view: GridView;
  readonly milliseconds: number | null | undefined;
  /** The selection in words. */
  readonly where: string;
  readonly panel: GridPanel['kind'] | null;
  /** Columns that are not shown. */
  readonly hidden: number;
  readonly findOpen: boolean;
  readonly goToOpen: boolean;
  readonly onGoTo: (open: boolean) => void;
  readonly goToRow: (row: number) => void;
  readonly onPanel: (kind: GridPanel['kind']) => void;
  readonly onFind: () => void;
  readonly onExport: () => void;
  /** Null where it is not known what the rows came from. */
  readonly pinned: Pinned | null;
}

function GoToRow({ shown, goToOpen, onGoTo, goToRow }: Pick<GridFooterProps, 'shown' | 'goToOpen' | 'onGoTo' | 'goToRow'>) {
  const [wanted, setWanted] = useState<number | string>('');
  return (
    <Popover opened={goToOpen} onChange={onGoTo} position="top-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Go to row (Ctrl+G)">
          <ActionIcon aria-label="Go to row" onClick={() => onGoTo(!goToOpen)}>
            <IconCornerDownRight size={15} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typeof wanted === 'number') goToRow(wanted - 1);
            onGoTo(false);
          }}
        >
          <NumberInput data-autofocus label={`Row, 1 to ${formatCount(shown)}`} value={wanted} onChange={setWanted} min={1} max={shown} allowDecimal={false} thousandSeparator="," hideControls w={190} />
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function rowsText({ view, shown, totalRows, complete }: Pick<GridFooterProps, 'view' | 'shown' | 'totalRows' | 'complete'>) {
  const unit = totalRows === 1 ? 'row' : 'rows';
  return (
    <>
      {view.total === null || view.total === totalRows ? null : (
        <>
          <b>{formatCount(shown)}</b> of{' '}
        </>
      )}
      <b>{formatCount(totalRows)}</b> {unit}
      {complete ? '' : ', still coming'}
    </>
  );
}

const panelButtons = [
  { kind: 'value', label: 'Whole value of the cell (Enter)', name: 'Show the whole value', icon: IconLayoutSidebarRight },
  { kind: 'row', label: 'The row as a list (Ctrl+I)', name: 'Show the row as a list', icon: IconListDetails },
  { kind: 'columns', label: 'Columns: show, hide, pin, order', name: 'Choose columns', icon: IconColumns3 },
  { kind: 'statistics', label: 'Statistics of the column over all rows', name: 'Statistics of the column', icon: IconSum },
] as const;

function PanelButtons({ panel, findOpen, onPanel, onFind }: Pick<GridFooterProps, 'panel' | 'findOpen' | 'onPanel' | 'onFind'>) {
  return (
    <>
      <Tooltip label="Find in all rows (Ctrl+F)">
        <ActionIcon aria-label="Find in all rows" aria-pressed={findOpen} variant={findOpen ? 'light' : 'subtle'} onClick={onFind}>
          <IconSearch size={15} />
        </ActionIcon>
      </Tooltip>
      {panelButtons.map(({ kind, label, name, icon: Icon }) => (
        <Tooltip key={kind} label={label}>
          <ActionIcon aria-label={name} aria-pressed={panel === kind} variant={panel === kind ? 'light' : 'subtle'} onClick={() => onPanel(kind)}>
            <Icon size={15} />
          </ActionIcon>
        </Tooltip>
      ))}
      <Button size="compact-xs" variant={panel === 'chart' ? 'light' : 'subtle'} color={panel === 'chart' ? 'indigo' : 'gray'} aria-pressed={panel === 'chart'} title="Chart of all rows" leftSection={<IconChartBar size={14} />} onClick={() => onPanel('chart')}>
        Chart
      </Button>
    </>
  );
}

/** How many rows there are, how many are shown, how long it took, and what can be done with all of them. */
export const GridFooter = memo(function GridFooter(props: GridFooterProps) {
  const { milliseconds, where, hidden, onPanel, onExport, complete, pinned } = props;
  return (
    <div className={classes.footer}>
      <span role="status">{rowsText(props)}</span>
      {typeof milliseconds !== 'number' ? null : <span>{formatDuration(milliseconds)}</span>}
      {props.view.building ? <span>ordering all rows…</span> : null}
      {hidden > 0 ? (
        <button type="button" className={classes.hiddenNote} onClick={() => onPanel('columns')}>
          {formatCount(hidden)} {hidden === 1 ? 'column' : 'columns'} hidden
        </button>
      ) : null}
      <span className={classes.spring} />
      <span className={classes.footerWide}>{where}</span>
      <GoToRow {...props} />
      <PanelButtons {...props} />
      {pinned && complete ? <PinToDashboard pinned={pinned} /> : null}
      <Button size="compact-xs" variant="subtle" color="gray" title="Export all rows" leftSection={<IconDownload size={14} />} disabled={!complete} onClick={onExport}>
        Export
      </Button>
    </div>
  );
});
