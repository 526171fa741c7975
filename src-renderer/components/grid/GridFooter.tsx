import { ActionIcon, Button, NumberInput, Popover, Tooltip } from '@mantine/core';
import { IconCornerDownRight, IconDownload, IconLayoutSidebarRight } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount, formatDuration } from '../../shell/format';
import type { GridView } from './useGridView';
import classes from './ResultGrid.module.css';

interface GridFooterProps {
  readonly totalRows: number;
  readonly complete: boolean;
  readonly shown: number;
  readonly view: GridView;
  readonly milliseconds: number | null;
  /** The selection in words. */
  readonly where: string;
  readonly viewerOpen: boolean;
  readonly goToOpen: boolean;
  readonly onGoTo: (open: boolean) => void;
  readonly goToRow: (row: number) => void;
  readonly onViewer: () => void;
  readonly onExport: () => void;
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

/** How many rows there are, how many are shown, how long it took, and what can be done with all of them. */
export function GridFooter(props: GridFooterProps) {
  const { milliseconds, where, viewerOpen, onViewer, onExport, complete } = props;
  return (
    <div className={classes.footer}>
      <span role="status">{rowsText(props)}</span>
      {milliseconds === null ? null : <span>{formatDuration(milliseconds)}</span>}
      {props.view.building ? <span>ordering all rows…</span> : null}
      <span className={classes.spring} />
      <span className={classes.footerWide}>{where}</span>
      <GoToRow {...props} />
      <Tooltip label="Whole value of the cell (Enter)">
        <ActionIcon aria-label="Show the whole value" aria-pressed={viewerOpen} variant={viewerOpen ? 'light' : 'subtle'} onClick={onViewer}>
          <IconLayoutSidebarRight size={15} />
        </ActionIcon>
      </Tooltip>
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconDownload size={14} />} disabled={!complete} onClick={onExport}>
        Export
      </Button>
    </div>
  );
}
