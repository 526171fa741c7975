import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import { writeFileAtomic } from '../../atomicFile';
import { AppError, toAppError } from '../../errors';
import type { PasswordChange } from '../service';
import type { UrlDefaults } from '../serverUrl';
import type { FoundConnections } from './foreign';
import { readConnections, writeConnections } from './readConnections';

/** A file of connections is a few kilobytes; what is larger is another file. */
const LARGEST = 20_000_000;

export interface TransferOptions {
  readonly defaults: UrlDefaults;
  readonly list: () => Promise<ConnectionProfile[]>;
  readonly save: (profile: ConnectionProfile, password: PasswordChange) => Promise<ConnectionProfile>;
}

/** Connections from and to files. */
export interface Transfer {
  /** What is in a file; nothing is saved. Rejects with `bad_input` for a file that is none of those it knows. */
  read(file: string): Promise<FoundConnections>;
  /** Saves some of what is in a file, by their places; a name that is taken gets a number. Passwords only when asked for. */
  take(file: string, picks: readonly number[], passwords: boolean): Promise<ConnectionProfile[]>;
  /** Writes all saved connections but the demo, without their secrets; returns how many. */
  write(file: string): Promise<number>;
}

export function createTransfer({ defaults, list, save }: TransferOptions, isDemo: (id: string) => boolean): Transfer {
  const read = async (file: string): Promise<FoundConnections> => {
    try {
      if ((await stat(file)).size > LARGEST) throw new AppError('bad_input', `${path.basename(file)} is too large for a file of connections.`);
      return readConnections(file, await readFile(file, 'utf8'), defaults);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('bad_input', `${file} cannot be read: ${toAppError(thrown).message}`, { hint: 'Check the path, and who may read it.' }, { cause: thrown });
    }
  };
  return {
    read,
    take: async (file, picks, passwords) => {
      const { found } = await read(file);
      const saved: ConnectionProfile[] = [];
      for (const pick of picks) {
        const one = found[pick];
        if (!one) throw new AppError('bad_input', 'The file has changed since it was read.', { hint: 'Choose it again.' });
        const name = freeName(one.profile.name, (await list()).map((profile) => profile.name));
        saved.push(await save({ ...one.profile, id: '', name }, passwords && one.password !== null ? { kind: 'set', password: one.password } : { kind: 'ask' }));
      }
      return saved;
    },
    write: async (file) => {
      const profiles = (await list()).filter(({ id }) => !isDemo(id));
      await writeFileAtomic(file, writeConnections(profiles));
      return profiles.length;
    },
  };
}

/** The name, or with the first number that makes it another than those that are taken (compared without regard to case). */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((one) => one.trim().toLowerCase()));
  const numbered = (n: number): string => `${name.slice(0, 94)} (${n})`;
  if (!used.has(name.trim().toLowerCase())) return name;
  let n = 2;
  while (used.has(numbered(n).toLowerCase())) n += 1;
  return numbered(n);
}
