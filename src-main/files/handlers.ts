import type { Handlers } from '../../src-preload/contract/core';
import type { filesContract, OpenedFile } from '../../src-preload/contract/files';
import type { FilesService } from './service';

/** The system's dialogs; what they give, the window may name from then on. */
export interface FileDialogs {
  /** Empty when it was dismissed. */
  chooseOpen(): Promise<readonly string[]>;
  /** Null when it was dismissed. */
  chooseSave(defaultName: string): Promise<string | null>;
}

export function filesHandlers(files: FilesService, dialogs: FileDialogs): Handlers<typeof filesContract> {
  return {
    async open() {
      const opened: OpenedFile[] = [];
      for (const file of await dialogs.chooseOpen()) {
        files.choose(file);
        opened.push(await files.read(file));
      }
      return opened;
    },
    read: ({ path }) => files.read(path),
    save: ({ stamp, text, overwrite }) => files.save(stamp, text, overwrite),
    async saveAs({ defaultName, text, format }) {
      const file = await dialogs.chooseSave(defaultName);
      if (file === null) return null;
      files.choose(file);
      return files.saveNew(file, text, format);
    },
    check: ({ stamp }) => files.check(stamp),
    watch: ({ paths }) => files.watch(paths),
  };
}
