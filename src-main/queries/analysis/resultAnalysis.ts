import { AppError } from '../../errors';
import type { ChartData, ChartSpec } from '../../../src-preload/contract/charts';
import type { CopiedText, CopyRequest, FoundMatch, SearchSpec, Statistics } from '../../../src-preload/contract/resultAnalysis';
import { diskError } from '../results/diskError';
import type { ResultFiles, ResultRef, ResultStore } from '../results/resultStore';
import { runWorker } from '../workers/runWorker';
import type { ChartTask } from './chartPoints';
import type { CopyTask } from './copyRows';
import type { DistinctLimits } from './distinctCounter';
import { compileSearch, type FindTask, type FoundMatches } from './findMatches';
import type { ScanFiles } from './scanRange';
import type { StatisticsTask } from './statistics';

/** Work over all rows of a result or view, each piece in a worker of its own; the contract `resultAnalysis` says what it gives. */
export interface ResultAnalysis {
  copy(request: CopyRequest, signal: AbortSignal): Promise<CopiedText>;
  find(ref: ResultRef, columns: readonly number[], search: SearchSpec, work: ScanOptions): Promise<{ findId: string; matches: number; capped: boolean }>;
  /** Throws `not_found` for a search that was replaced by another one. `order` are the searched columns as they stand on the screen. */
  findNext(findId: string, from: { row: number; column: number }, direction: 1 | -1, order: readonly number[]): FoundMatch | null;
  findMarks(findId: string, first: number, end: number): { row: number; column: number }[];
  statistics(ref: ResultRef, column: number, work: ScanOptions): Promise<Statistics>;
  chart(ref: ResultRef, spec: ChartSpec, work: ScanOptions): Promise<ChartData>;
  /** Forgets the searches of results. */
  release(resultIds: readonly string[]): void;
}

export interface ScanOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { rows: number; total: number }) => void;
}

export interface AnalysisLimits {
  readonly distinct: DistinctLimits;
  /** Matches of one search that are kept: six bytes each. */
  readonly matches: number;
}

const defaultLimits: AnalysisLimits = { distinct: { values: 1_000_000, bytes: 64 * 1024 * 1024 }, matches: 2_000_000 };

interface Search extends FoundMatches {
  readonly findId: string;
}

export function createResultAnalysis(results: ResultStore, limits: AnalysisLimits = defaultLimits): ResultAnalysis {
  /** The last search of each result. */
  const searches = new Map<string, Search>();
  let nextFind = 1;

  const searchOf = (findId: string): Search => {
    const search = [...searches.values()].find((known) => known.findId === findId);
    if (!search) throw new AppError('not_found', 'This search was replaced by another one.', { hint: 'Search again.' });
    return search;
  };
  const scan = <R>(ref: ResultRef, first: number, makeTask: (files: ScanFiles, rows: number) => object, { signal, onProgress }: ScanOptions): Promise<R> =>
    results.withFiles(ref, signal, (files) =>
      runWorker<R>('resultAnalysis', makeTask(scanFiles(files, first), files.rows), {
        signal,
        onProgress: (rows) => onProgress({ rows: Math.round(rows), total: files.rows }),
        diskError: (thrown) => diskError('The stored rows could not be read', files.rowsFile, thrown),
      }),
    );

  return {
    copy: ({ resultId, viewId, top, bottom, ...rest }, signal) =>
      scan({ resultId, viewId }, top, (files, rows): CopyTask => ({ kind: 'copy', files, top, end: Math.min(bottom + 1, rows), ...rest }), { signal, onProgress: () => undefined }),
    async find(ref, columns, search, work) {
      compileSearch(search);
      const found = await scan<FoundMatches>(ref, 0, (files, rows): FindTask => ({ kind: 'find', files, rows, columns, search, most: limits.matches }), work);
      const findId = `f${nextFind++}`;
      searches.set(ref.resultId, { ...found, findId });
      return { findId, matches: found.count, capped: found.count > found.rows.length };
    },
    findNext: (findId, from, direction, order) => nextMatch(searchOf(findId), from, direction, order),
    findMarks(findId, first, end) {
      const { rows, columns } = searchOf(findId);
      const marks: { row: number; column: number }[] = [];
      for (let at = firstAtRow(rows, first); at < rows.length && (rows[at] ?? 0) < end; at += 1) marks.push({ row: rows[at] ?? 0, column: columns[at] ?? 0 });
      return marks;
    },
    statistics: (ref, column, work) => scan(ref, 0, (files, rows): StatisticsTask => ({ kind: 'statistics', files, rows, column, limits: limits.distinct }), work),
    chart: (ref, spec, work) => scan(ref, 0, (files, rows): ChartTask => ({ kind: 'chart', files, rows, spec }), work),
    release: (resultIds) => resultIds.forEach((id) => searches.delete(id)),
  };
}

function scanFiles({ columns, rowsFile, bytes, viewFile, near }: ResultFiles, first: number): ScanFiles {
  return { columns: columns.map(({ name, type, family }) => ({ name, type, family })), rowsFile, bytes, viewFile, near: near(first) };
}

/** The first match at or behind a row. */
function firstAtRow(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Matches of one row are kept by the column's index; a person walks through them as they stand on the screen. */
function nextMatch({ rows, columns }: FoundMatches, from: { row: number; column: number }, direction: 1 | -1, order: readonly number[]): FoundMatch | null {
  if (rows.length === 0) return null;
  const place = (column: number): number => order.indexOf(column);
  const inRow = (row: number): { ordinal: number; row: number; column: number }[] => {
    const start = firstAtRow(rows, row);
    const found: { row: number; column: number }[] = [];
    for (let at = start; at < rows.length && rows[at] === row; at += 1) found.push({ row, column: columns[at] ?? 0 });
    return found.sort((a, b) => place(a.column) - place(b.column)).map((match, index) => ({ ...match, ordinal: start + index }));
  };
  const here = inRow(from.row);
  const beside = direction > 0 ? here.find((match) => place(match.column) >= place(from.column)) : here.findLast((match) => place(match.column) < place(from.column));
  if (beside) return beside;
  const behind = firstAtRow(rows, direction > 0 ? from.row + 1 : from.row);
  const at = direction > 0 ? (behind < rows.length ? behind : 0) : behind > 0 ? behind - 1 : rows.length - 1;
  const row = inRow(rows[at] ?? 0);
  return (direction > 0 ? row[0] : row.at(-1)) ?? null;
}
