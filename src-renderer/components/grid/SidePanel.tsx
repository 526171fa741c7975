import { lazy, Suspense } from 'react';
import type { Column } from '../../../src-preload/contract/queries';
import { CellViewer } from '../CellViewer';
import type { ChartQuery } from '../chart/ChartPanel';
import { isSingle } from './selection';
import type { useGridModel } from './useGridModel';

const ColumnsPanel = lazy(() => import('./panels/ColumnsPanel').then((module) => ({ default: module.ColumnsPanel })));
const RowPanel = lazy(() => import('./panels/RowPanel').then((module) => ({ default: module.RowPanel })));
const StatisticsPanel = lazy(() => import('./panels/StatisticsPanel').then((module) => ({ default: module.StatisticsPanel })));
const ChartPanel = lazy(() => import('../chart/ChartPanel').then((module) => ({ default: module.ChartPanel })));

/** What stands beside the rows. */
export type GridPanel = { readonly kind: 'value' | 'row' | 'columns' | 'chart' } | { readonly kind: 'statistics'; readonly column: number };

export interface SidePanelProps {
  readonly panel: GridPanel;
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly model: ReturnType<typeof useGridModel>;
  readonly filtered: boolean;
  readonly complete: boolean;
  readonly query: ChartQuery | undefined;
  readonly onPanel: (panel: GridPanel) => void;
  readonly onClose: () => void;
}

/** Selected rows that are shown side by side. */
const MOST_COMPARED = 5;

function Shown({ panel, resultId, columns, model, filtered, complete, query, onPanel, onClose }: SidePanelProps) {
  const { selection, block, grid, view, shown, rows, select } = model;
  const { row, column: place } = selection.focus;
  const index = grid.order[place] ?? 0;
  const column = columns[panel.kind === 'statistics' ? panel.column : index];
  const goTo = (to: { row: number; column: number }): void => select({ anchor: to, focus: to });
  switch (panel.kind) {
    case 'value':
      return column ? <CellViewer cell={{ resultId, viewId: view.viewId, row, column: index }} column={column} onClose={onClose} /> : null;
    case 'statistics':
      return column ? <StatisticsPanel resultId={resultId} viewId={view.viewId} index={panel.column} column={column} filtered={filtered} onClose={onClose} /> : null;
    case 'columns':
      return <ColumnsPanel columns={columns} grid={grid} onReset={() => grid.reset(model.loaded())} onGoTo={(to) => goTo({ row, column: to })} onClose={onClose} />;
    case 'row': {
      const several = !isSingle(block) && block.bottom - block.top < MOST_COMPARED && block.bottom > block.top;
      const compared = several ? Array.from({ length: block.bottom - block.top + 1 }, (_, at) => block.top + at) : [row];
      return (
        <RowPanel
          columns={columns}
          order={grid.order}
          rows={compared}
          row={rows.row}
          focusColumn={index}
          total={shown}
          onColumn={(to) => goTo({ row, column: to })}
          onStep={(step) => goTo({ row: row + step, column: place })}
          onView={(to) => {
            goTo({ row, column: to });
            onPanel({ kind: 'value' });
          }}
          onClose={onClose}
        />
      );
    }
    case 'chart':
      return <ChartPanel resultId={resultId} viewId={view.viewId} columns={columns} complete={complete} query={query} onClose={onClose} />;
  }
}

/** The panel beside the rows; what is not shown is not loaded either. */
export function SidePanel(props: SidePanelProps) {
  return (
    <Suspense fallback={null}>
      <Shown {...props} />
    </Suspense>
  );
}
