import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import { writeFileAtomic } from '../../atomicFile';
import { AppError, toAppError } from '../../errors';
import type { UrlDefaults } from '../serverUrl';
import { dataGripLocalFile } from './datagrip';
import type { FoundConnection, FoundConnections } from './foreign';
import { readConnections, writeConnections } from './readConnections';

/** A file of connections is a few kilobytes; what is larger is another file. */
const LARGEST = 20_000_000;

export interface TransferOptions {
  readonly defaults: UrlDefaults;
  readonly list: () => Promise<ConnectionProfile[]>;
  /** Saves all or none, each with its password; a name that is taken gets a number. */
  readonly add: (found: readonly Pick<FoundConnection, 'profile' | 'password'>[]) => Promise<ConnectionProfile[]>;
}

/** Connections from and to files. */
export interface Transfer {
  /** What is in a file; nothing is saved. Rejects with `bad_input` for a file that is none of those it knows. */
  read(file: string): Promise<FoundConnections>;
  /** Saves some of what is in a file, by their places, all or none; a name that is taken gets a number. Passwords only when asked for. */
  take(file: string, picks: readonly number[], passwords: boolean): Promise<ConnectionProfile[]>;
  /** Writes all saved connections but the demo, without their secrets; returns how many. */
  write(file: string): Promise<number>;
}

async function readText(file: string): Promise<string> {
  if ((await stat(file)).size > LARGEST) throw new AppError('bad_input', `${path.basename(file)} is too large for a file of connections.`);
  return readFile(file, 'utf8');
}

export function createTransfer({ defaults, list, add }: TransferOptions, isDemo: (id: string) => boolean): Transfer {
  const read = async (file: string): Promise<FoundConnections> => {
    try {
      const text = await readText(file);
      const local = text.trimStart().startsWith('<') ? await readText(path.join(path.dirname(file), dataGripLocalFile)).catch(() => undefined) : undefined;
      return readConnections(file, text, defaults, local);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('bad_input', `${file} cannot be read: ${toAppError(thrown).message}`, { hint: 'Check the path, and who may read it.' }, { cause: thrown });
    }
  };
  return {
    read,
    take: async (file, picks, passwords) => {
      const { found } = await read(file);
      const picked = picks.map((pick) => {
        const one = found[pick];
        if (!one) throw new AppError('bad_input', 'The file has changed since it was read.', { hint: 'Choose it again.' });
        return { profile: one.profile, password: passwords ? one.password : null };
      });
      return add(picked);
    },
    write: async (file) => {
      const profiles = (await list()).filter(({ id }) => !isDemo(id));
      await writeFileAtomic(file, writeConnections(profiles));
      return profiles.length;
    },
  };
}
