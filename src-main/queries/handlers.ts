import { AppError } from '../errors';
import type { Handlers } from '../../src-preload/contract/core';
import type { queriesContract } from '../../src-preload/contract/queries';
import type { ColumnLayouts, HistoryService, QueriesService } from './service';

/** `checkedPath` throws for a file that the window may not name. */
export function queriesHandlers({ queries, history, columnLayouts }: { queries: QueriesService; history: HistoryService; columnLayouts: ColumnLayouts }, checkedPath: (path: string) => string): Handlers<typeof queriesContract> {
  const { results, analysis } = queries;
  return {
    run: (input, context) => queries.run(input, (part) => context.emit(part), context.signal),
    split: async ({ connectionId, text }) => {
      const { statements, error } = await queries.split(connectionId, text);
      return { statements, error: error && new AppError('bad_input', error.message, { position: error.position }).data };
    },
    endTransaction: (input, { signal }) => queries.endTransaction(input, signal),
    places: ({ connectionId }, { signal }) => queries.places(connectionId, signal),
    sameMeaning: async ({ connectionId, before, after }) => ({ reason: await queries.difference(connectionId, before, after) }),
    closeSession: ({ connectionId, sessionKey }) => queries.closeSession(connectionId, sessionKey),
    window: ({ resultId, viewId, offset, limit, maxCellChars }) => results.window({ resultId, viewId }, offset, limit, maxCellChars),
    view: ({ resultId, spec }, { signal }) => results.view(resultId, spec, signal),
    cell: ({ resultId, viewId, row, column, offset, limit }) => results.cell({ resultId, viewId }, row, column, offset, limit),
    export: ({ resultId, viewId, spec, gzip, part, path }) => ({ jobId: queries.export({ resultId, viewId }, part, { spec, gzip, target: checkedPath(path) }).id }),
    exportTables: async (request) => ({ jobId: (await queries.exportTables({ ...request, folder: checkedPath(request.folder) })).id }),
    copyRows: (request, { signal }) => analysis.copy(request, signal),
    find: ({ columns, search, ...ref }, { signal, emit }) => analysis.find(ref, columns, search, { signal, onProgress: emit }),
    findNext: ({ findId, row, column, direction, order }) => analysis.findNext(findId, { row, column }, direction, order),
    findMarks: ({ findId, first, end }) => analysis.findMarks(findId, first, end),
    statistics: ({ column, ...ref }, { signal, emit }) => analysis.statistics(ref, column, { signal, onProgress: emit }),
    chart: ({ spec, ...ref }, { signal, emit }) => analysis.chart(ref, spec, { signal, onProgress: emit }),
    release: ({ resultIds }) => {
      analysis.release(resultIds);
      results.release(resultIds);
    },
    columnLayout: ({ columns }) => columnLayouts.read(columns),
    saveColumnLayout: ({ columns, layout }) => columnLayouts.save(columns, layout),
    history: (query) => history.list(query),
  };
}
