import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';
import { savedChart, type ResultView, type SavedChart, type ViewSuggestion } from '../../src-preload/contract/charts';
import type { ResultStore } from '../queries/service';
import type { Workspace, WorkspaceFile } from '../workspace/service';
import { resultProfile } from './resultProfile';
import { suggestView } from './suggestView';

/** Charts that a person saved with their query, each a file of the workspace's folder `charts`. */
export interface ChartsService {
  /** By name; a file that cannot be used is told in `problems` and hides none of the others. */
  list(): Promise<{ charts: SavedChart[]; problems: string[] }>;
  /**
   * The view that suits a stored result, or the proposed one where it fits; looks at the first rows. Rejects with `not_found` for a result
   * that is gone.
   */
  suggest(resultId: string, proposed: ResultView | null): Promise<ViewSuggestion>;
  /** Creates, or replaces the chart of the same name. */
  save(chart: SavedChart): Promise<void>;
  /** Rejects with `not_found`. */
  remove(name: string): Promise<void>;
  /** Writes a picture as a whole. Rejects with `disk`. */
  writePicture(file: string, format: 'png' | 'svg', content: string): Promise<void>;
  onChange(listener: () => void): () => void;
}

const folderName = 'charts';
/** Rows that a suggestion looks at: enough to tell few categories from many. */
const SEEN_ROWS = 2_000;
const SEEN_CHARS = 200;

export function createChartsService({ workspace, results }: { workspace: Workspace; results: Pick<ResultStore, 'columns' | 'window'> }): ChartsService {
  const listeners = new Set<() => void>();
  const folder = path.join(workspace.folder, folderName);
  const tell = (): void => listeners.forEach((listener) => listener());
  const fileOf = (name: string): WorkspaceFile<typeof savedChart> => workspace.file(`${folderName}/${fileName(name)}`, savedChart);
  return {
    async list() {
      const charts: SavedChart[] = [];
      const problems: string[] = [];
      for (const file of await yamlFiles(folder)) {
        try {
          charts.push(await workspace.file(`${folderName}/${file}`, savedChart).read());
        } catch (error) {
          problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      return { charts: charts.sort((a, b) => a.name.localeCompare(b.name)), problems };
    },
    async suggest(resultId, proposed) {
      const { rows, total } = await results.window({ resultId, viewId: null }, 0, SEEN_ROWS, SEEN_CHARS);
      return suggestView(resultProfile(results.columns(resultId), rows, total), proposed);
    },
    async save(chart) {
      const file = path.join(folder, fileName(chart.name));
      // A new file has nothing to be merged into, and an empty one is no chart yet.
      const known = (await yamlFiles(folder)).includes(path.basename(file));
      if (known) await fileOf(chart.name).write(chart);
      else await writeFileAtomic(file, await asYaml(chart));
      tell();
    },
    async remove(name) {
      try {
        await rm(path.join(folder, fileName(name)));
      } catch (error) {
        if (isAbsent(error)) throw new AppError('not_found', `There is no chart ${name}.`);
        throw error;
      }
      tell();
    },
    writePicture: (file, format, content) => writeFileAtomic(file, format === 'png' ? Buffer.from(content, 'base64') : content),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `Sales by month` is `Sales-by-month-1a2b3c.yaml`: what a name loses as a file is kept apart by a piece of its hash. */
function fileName(name: string): string {
  if (/^[\w-]{1,80}$/.test(name)) return `${name}.yaml`;
  const plain = name.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 60) || 'chart';
  return `${plain}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}.yaml`;
}

async function yamlFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[\w-]+\.ya?ml$/.test(name)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function asYaml(chart: SavedChart): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(chart, { lineWidth: 0 });
}
