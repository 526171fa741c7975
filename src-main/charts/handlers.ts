import type { chartsContract } from '../../src-preload/contract/charts';
import type { Handlers } from '../../src-preload/contract/core';
import type { ChartsService } from './service';

/** `checkedPath` throws for a file that the window may not name. */
export function chartsHandlers(charts: ChartsService, checkedPath: (path: string) => string): Handlers<typeof chartsContract> {
  return {
    list: () => charts.list(),
    suggest: ({ resultId, proposed }) => charts.suggest(resultId, proposed),
    save: (chart) => charts.save(chart),
    remove: ({ name }) => charts.remove(name),
    writePicture: ({ path, format, content }) => charts.writePicture(checkedPath(path), format, content),
  };
}
