import { Button, Loader, Text } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ChartSpec, ResultView } from '../../../src-preload/contract/charts';
import { autoSpec } from '../../components/chart/autoSpec';
import { BigNumber } from '../../components/chart/BigNumber';
import { ChartDrawing } from '../../components/chart/ChartDrawing';
import { ChartView } from '../../components/chart/ChartView';
import { useChartData } from '../../components/chart/useChartData';
import { useSuggestion } from '../../components/chart/useSuggestion';
import { ErrorPanel } from '../../shell/ErrorPanel';
import type { SqlPart } from './SqlCard';
import styles from './Assistant.module.css';

interface AnswerChartProps {
  readonly part: SqlPart & { readonly resultId: string };
  /** What the person chose instead of the suggestion. */
  readonly chosen: ChartSpec | null;
  readonly onChoose: (spec: ChartSpec) => void;
}

function Plain({ resultId, spec }: { readonly resultId: string; readonly spec: ChartSpec }) {
  return <ChartDrawing state={useChartData(resultId, null, spec)} />;
}

function Picture({ part, spec, view, choosing, onChoose }: Pick<AnswerChartProps, 'part' | 'onChoose'> & { readonly spec: ChartSpec | null; readonly view: ResultView; readonly choosing: boolean }) {
  const { resultId, columns } = part;
  if (spec) {
    return (
      <div className={styles.drawing} data-choosing={choosing || undefined}>
        {choosing ? <ChartView resultId={resultId} viewId={null} columns={columns} spec={spec} onSpec={onChoose} name={part.title || 'chart'} /> : <Plain resultId={resultId} spec={spec} />}
      </div>
    );
  }
  return view.kind === 'number' ? (
    <div className={styles.number}>
      <BigNumber resultId={resultId} columns={columns} column={view.column} />
    </div>
  ) : null;
}

/** The rows of an answer as a picture: what Claude proposed where it fits them, else what the rules suggest; the person may choose another. */
export function AnswerChart({ part, chosen, onChoose }: AnswerChartProps) {
  const { suggestion, error } = useSuggestion(part.resultId, true, part.view);
  const [choosing, setChoosing] = useState(false);
  const figure = useRef<HTMLElement>(null);
  useEffect(() => {
    if (suggestion) figure.current?.scrollIntoView({ block: 'nearest' });
  }, [suggestion]);
  if (error) return <ErrorPanel error={error} title="No chart could be suggested" />;
  if (!suggestion) return <Loader size="xs" m="sm" aria-label="Choosing a chart" />;
  const { view, reason, proposed } = suggestion;
  const spec = chosen ?? (view.kind === 'chart' ? view.chart : null);
  return (
    <figure ref={figure} className={styles.figure} aria-label={`Chart of ${part.title || 'the rows'}`}>
      <Picture part={part} spec={spec} view={view} choosing={choosing} onChoose={onChoose} />
      <figcaption className={styles.caption}>
        <Text span size="xs" c="dimmed" flex={1}>
          {chosen ? 'Drawn as you chose.' : proposed ? 'Drawn as Claude proposed; it fits the columns.' : reason}
        </Text>
        {spec ? (
          <Button size="compact-xs" variant="subtle" color="gray" aria-pressed={choosing} leftSection={<IconAdjustmentsHorizontal size={13} />} onClick={() => setChoosing(!choosing)}>
            {choosing ? 'Hide the choices' : 'Change the chart'}
          </Button>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => onChoose(autoSpec(part.columns))}>
            Draw it anyway
          </Button>
        )}
      </figcaption>
    </figure>
  );
}
