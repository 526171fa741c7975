import { Text } from '@mantine/core';
import { BigNumber } from '../../components/chart/BigNumber';
import { ChartDrawing } from '../../components/chart/ChartDrawing';
import { useChartData } from '../../components/chart/useChartData';
import { ResultGrid } from '../../components/ResultGrid';
import type { ChartSpec } from '../../../src-preload/contract/charts';
import type { TileRows } from '../../../src-preload/contract/dashboards';
import styles from './Dashboards.module.css';

function TileChart({ resultId, spec }: { readonly resultId: string; readonly spec: ChartSpec }) {
  const state = useChartData(resultId, null, spec);
  return (
    <div className={styles.chart}>
      <ChartDrawing state={state} plain />
    </div>
  );
}

/** A tile's rows as its view shows them. */
export function TileBody({ rows, title }: { readonly rows: TileRows; readonly title: string }) {
  const { view, resultId, columns } = rows;
  if (rows.rows === 0) {
    return (
      <Text size="sm" c="dimmed" className={styles.empty}>
        The query gave no rows.
      </Text>
    );
  }
  switch (view.kind) {
    case 'number':
      return <BigNumber resultId={resultId} columns={columns} column={view.column} />;
    case 'chart':
      return <TileChart resultId={resultId} spec={view.chart} />;
    case 'table':
      return <ResultGrid resultId={resultId} columns={columns} totalRows={rows.rows} complete label={`Rows of ${title}`} exportName={title} />;
  }
}
