import { randomBytes } from 'node:crypto';
import { access, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';
import { foldDashboard, invertEdit } from '../../src-preload/contract/dashboardFold';
import { dashboard as dashboardSchema, type Dashboard, type DashboardEdit, type DashboardFace, type DashboardState, type Tile } from '../../src-preload/contract/dashboards';
import type { Workspace, WorkspaceFile } from '../workspace/service';

const folderName = 'dashboards';
/** Steps that can be taken back. */
const MOST_STEPS = 200;

type Edits = readonly DashboardEdit[];
type File = WorkspaceFile<typeof dashboardSchema>;

interface OpenFile {
  readonly file: File;
  /** What leads back and forth, the next step last. Inverse edits rather than earlier states, so that what was changed outside meanwhile stays. */
  readonly steps: Record<'undo' | 'redo', Edits[]>;
  readonly stop: () => void;
}

/** The files of the dashboards, with what was done to them in this run. Errors as told in `DashboardsService`. */
export class DashboardFiles {
  private readonly folder: string;
  private readonly open = new Map<string, OpenFile>();
  private readonly removed = new Map<string, string>();
  private readonly listeners = new Set<(id: string) => void>();

  constructor(private readonly workspace: Workspace) {
    this.folder = path.join(workspace.folder, folderName);
  }

  onChange(listener: (id: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async list(): Promise<{ dashboards: DashboardFace[]; problems: string[] }> {
    const dashboards: DashboardFace[] = [];
    const problems: string[] = [];
    for (const id of await this.ids()) {
      try {
        const { name, tiles } = await this.workspace.file(`${folderName}/${id}.yaml`, dashboardSchema).read();
        dashboards.push({ id, name, tiles: tiles.length });
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { dashboards: dashboards.sort((a, b) => a.name.localeCompare(b.name)), problems };
  }

  async read(id: string): Promise<DashboardState> {
    return this.state(id, await (await this.known(id)).file.read());
  }

  async tile(id: string, tileId: string): Promise<Tile> {
    const { tiles } = await (await this.known(id)).file.read();
    const found = tiles.find((tile) => tile.id === tileId);
    if (!found) throw new AppError('not_found', 'This tile is no longer on the dashboard.');
    return found;
  }

  async create(dashboard: Dashboard): Promise<DashboardState> {
    const id = newId(dashboard.name);
    const checked = dashboardSchema.parse(foldDashboard(dashboard, []));
    const { stringify } = await import('yaml');
    // A new file has nothing to be merged into.
    await writeFileAtomic(this.pathOf(id), stringify(checked, { lineWidth: 0 }));
    this.told(id);
    return this.state(id, checked);
  }

  async edit(id: string, edits: Edits): Promise<DashboardState> {
    const { steps } = await this.known(id);
    const { now, back } = await this.apply(id, edits);
    steps.undo.push(back);
    steps.undo.splice(0, steps.undo.length - MOST_STEPS);
    steps.redo.length = 0;
    return this.state(id, now);
  }

  async takeBack(id: string, which: 'undo' | 'redo'): Promise<DashboardState> {
    const { steps } = await this.known(id);
    const edits = steps[which].pop();
    if (!edits) throw new AppError('bad_input', which === 'undo' ? 'There is nothing to take back.' : 'There is nothing to do again.');
    try {
      const { now, back } = await this.apply(id, edits);
      steps[which === 'undo' ? 'redo' : 'undo'].push(back);
      return this.state(id, now);
    } catch (error) {
      steps[which].push(edits);
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await this.known(id);
    this.removed.set(id, await readFile(this.pathOf(id), 'utf8'));
    this.open.get(id)?.stop();
    this.open.delete(id);
    await rm(this.pathOf(id));
    this.told(id);
  }

  async restore(id: string): Promise<DashboardState> {
    const text = this.removed.get(id);
    if (text === undefined) throw new AppError('not_found', 'This dashboard cannot be brought back any more.');
    await writeFileAtomic(this.pathOf(id), text);
    this.removed.delete(id);
    this.told(id);
    return this.read(id);
  }

  async exportYaml(id: string, file: string): Promise<void> {
    await this.known(id);
    await writeFileAtomic(file, await readFile(this.pathOf(id), 'utf8'));
  }

  /** Applies edits to the file as it stands; `back` takes them back. */
  private async apply(id: string, edits: Edits): Promise<{ now: Dashboard; back: Edits }> {
    const { file } = await this.known(id);
    let back: DashboardEdit[] = [];
    const now = await file.update((current) => {
      back = [];
      let folded = foldDashboard(current, []);
      for (const edit of edits) {
        back.unshift(...invertEdit(folded, edit));
        folded = foldDashboard(folded, [edit]);
      }
      return folded;
    });
    return { now, back };
  }

  private state(id: string, stored: Dashboard): DashboardState {
    const steps = this.open.get(id)?.steps;
    return { id, dashboard: foldDashboard(stored, []), undo: (steps?.undo.length ?? 0) > 0, redo: (steps?.redo.length ?? 0) > 0 };
  }

  private async known(id: string): Promise<OpenFile> {
    const found = this.open.get(id);
    const there = /^[\w-]{1,120}$/.test(id) && (await access(this.pathOf(id)).then(() => true, () => false));
    if (!there) throw new AppError('not_found', 'This dashboard is no longer there.', { hint: 'Close its tab. Its file may have been moved or deleted.' });
    if (found) return found;
    const file = this.workspace.file(`${folderName}/${id}.yaml`, dashboardSchema);
    const made: OpenFile = { file, steps: { undo: [], redo: [] }, stop: file.onChange(() => this.told(id)) };
    this.open.set(id, made);
    return made;
  }

  private async ids(): Promise<string[]> {
    try {
      return (await readdir(this.folder)).flatMap((name) => /^([\w-]{1,120})\.yaml$/.exec(name)?.[1] ?? []).sort();
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  private pathOf(id: string): string {
    return path.join(this.folder, `${id}.yaml`);
  }

  private told(id: string): void {
    for (const listener of [...this.listeners]) listener(id);
  }
}

/** `Shop at a glance` is `shop-at-a-glance-1a2b`; it stays when the dashboard gets another name. */
function newId(name: string): string {
  const words = name.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 60);
  return `${words === '' ? 'dashboard' : words}-${randomBytes(3).toString('hex')}`;
}
