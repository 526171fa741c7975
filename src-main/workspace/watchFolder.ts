import { mkdirSync, watch, type FSWatcher } from 'node:fs';

/** Milliseconds of quiet after which a burst of events counts as one change; editors write a file in several steps. */
const QUIET = 80;

export interface FolderWatch {
  close(): void;
}

/**
 * Calls `changed` after the file `name` in `folder` was written, replaced or removed by anybody; it must not reject. The folder rather than the file is
 * watched, since editors replace files. It is created when absent. Does not keep the process alive.
 */
export function watchFolder(folder: string, name: string, changed: () => Promise<void>): FolderWatch {
  let timer: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;
  const soon = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      void changed();
    }, QUIET);
    timer.unref();
  };
  const start = (): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    watcher = watch(folder, { persistent: false }, (_event, file) => {
      if (file === null || file === name) soon();
    });
    watcher.on('error', () => {
      watcher?.close();
      watcher = null;
    });
  };
  start();
  return {
    close: () => {
      if (timer) clearTimeout(timer);
      watcher?.close();
      watcher = null;
    },
  };
}
