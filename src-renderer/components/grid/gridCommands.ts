import { IconArrowLeft, IconArrowRight, IconChartBar, IconColumns3, IconCopy, IconEyeOff, IconListDetails, IconPin, IconRestore, IconSearch, IconSum } from '@tabler/icons-react';
import { useEffect, useRef, type RefObject } from 'react';
import { registerCommands, type Command } from '../../shell/commands';
import type { CopyFormat } from '../../../src-preload/contract/resultAnalysis';
import { copyFormats } from './gridOutput';
import type { GridPanel } from './SidePanel';

/** What the palette can do with a grid; columns are the focused one. */
export interface GridTarget {
  readonly find: () => void;
  readonly panel: (kind: GridPanel['kind']) => void;
  readonly copy: (format: CopyFormat) => void;
  readonly pin: () => void;
  readonly hide: () => void;
  readonly move: (step: -1 | 1) => void;
  readonly resetColumns: () => void;
}

interface Registered {
  readonly target: () => GridTarget;
  readonly visible: () => boolean;
  used: number;
}

const grids = new Set<Registered>();
let clock = 0;
let stop: (() => void) | null = null;

/** The grid that is in sight; of several the one that had the focus last. */
function current(): GridTarget | null {
  const shown = [...grids].filter((grid) => grid.visible()).sort((a, b) => a.used - b.used);
  return shown.at(-1)?.target() ?? null;
}

const inSight = (): boolean => current() !== null;

const commands: readonly Command[] = [
  { id: 'results.find', title: 'Find in the whole result', group: 'Results', icon: IconSearch, keywords: 'search match regex', enabled: inSight, run: () => current()?.find() },
  { id: 'results.statistics', title: 'Statistics of the column over all rows', group: 'Results', icon: IconSum, keywords: 'sum average min max distinct histogram count', enabled: inSight, run: () => current()?.panel('statistics') },
  { id: 'results.chart', title: 'Chart of the result', group: 'Results', icon: IconChartBar, keywords: 'graph plot diagram line bar pie', enabled: inSight, run: () => current()?.panel('chart') },
  { id: 'results.row', title: 'Show the row as a list', group: 'Results', icon: IconListDetails, keywords: 'transpose record compare', enabled: inSight, run: () => current()?.panel('row') },
  { id: 'results.columns', title: 'Choose the columns that are shown', group: 'Results', icon: IconColumns3, keywords: 'hide show order pin', enabled: inSight, run: () => current()?.panel('columns') },
  { id: 'results.columnPin', title: 'Pin the column, or do not', group: 'Results', icon: IconPin, keywords: 'freeze', enabled: inSight, run: () => current()?.pin() },
  { id: 'results.columnHide', title: 'Hide the column', group: 'Results', icon: IconEyeOff, enabled: inSight, run: () => current()?.hide() },
  { id: 'results.columnLeft', title: 'Move the column to the left (Alt+Shift+← in the rows)', group: 'Results', icon: IconArrowLeft, enabled: inSight, run: () => current()?.move(-1) },
  { id: 'results.columnRight', title: 'Move the column to the right (Alt+Shift+→ in the rows)', group: 'Results', icon: IconArrowRight, enabled: inSight, run: () => current()?.move(1) },
  { id: 'results.columnsReset', title: 'Reset all columns', group: 'Results', icon: IconRestore, keywords: 'order width pin hide', enabled: inSight, run: () => current()?.resetColumns() },
  ...copyFormats.map(({ format, label }): Command => ({ id: `results.copyAs.${format}`, title: `Copy the selected cells as ${label}`, group: 'Results', icon: IconCopy, keywords: 'clipboard', enabled: inSight, run: () => current()?.copy(format) })),
];

/** Makes a grid reachable for the palette while it is mounted. */
export function useGridCommands(scroller: RefObject<HTMLElement | null>, target: GridTarget): void {
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  });
  useEffect(() => {
    const element = scroller.current;
    const grid: Registered = { target: () => latest.current, visible: () => Boolean(element?.offsetParent), used: (clock += 1) };
    const onFocus = (): void => void (grid.used = clock += 1);
    element?.addEventListener('focus', onFocus);
    grids.add(grid);
    stop ??= registerCommands(commands);
    return () => {
      element?.removeEventListener('focus', onFocus);
      grids.delete(grid);
      if (grids.size > 0) return;
      stop?.();
      stop = null;
    };
  }, [scroller]);
}
