import type { ServerProcess } from '../../../src-preload/contract/processes';

export interface ProcessRow {
  readonly key: string;
  readonly process: ServerProcess;
  /** How deep it waits: 0 waits for nobody that is shown. */
  readonly level: number;
  /** How many wait for it directly. */
  readonly blocks: number;
}

/**
 * Processes as rows: below one that blocks others stand those that wait for it, so that the one to look at is on top. A process that
 * waits for several stands below each; a ring, which the server resolves as a deadlock, is cut. Who blocks or waits is always shown.
 */
export function blockingTree(processes: readonly ServerProcess[], shown: (process: ServerProcess) => boolean): ProcessRow[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const waiting = new Map<number, ServerProcess[]>();
  for (const process of processes) {
    for (const pid of new Set(process.blockedBy)) if (byPid.has(pid)) waiting.set(pid, [...(waiting.get(pid) ?? []), process]);
  }
  const rows: ProcessRow[] = [];
  const placed = new Set<number>();
  const place = (process: ServerProcess, level: number, path: readonly number[]): void => {
    const below = waiting.get(process.pid) ?? [];
    rows.push({ key: [...path, process.pid].join('/'), process, level, blocks: below.length });
    placed.add(process.pid);
    for (const next of below) if (!path.includes(next.pid) && next.pid !== process.pid) place(next, level + 1, [...path, process.pid]);
  };
  const isRoot = ({ blockedBy }: ServerProcess): boolean => !blockedBy.some((pid) => byPid.has(pid));
  const roots = processes.filter((process) => isRoot(process) && (waiting.has(process.pid) || shown(process)));
  for (const process of [...roots].sort((a, b) => Number(waiting.has(b.pid)) - Number(waiting.has(a.pid)))) place(process, 0, []);
  for (const process of processes) if (!placed.has(process.pid) && !isRoot(process)) place(process, 0, []);
  return rows;
}
