import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where the program keeps its three kinds of memory. Nothing is created by asking. */
export interface ProgramPaths {
  /** YAML definitions; what people share. */
  readonly workspace: string;
  /** Small settings of this person: the chosen place of secrets and the encrypted file. */
  readonly config: string;
  /** SQLite, spilled results, the demo database. */
  readonly state: string;
  readonly logFile: string;
  readonly database: string;
  readonly results: string;
  readonly demo: string;
}

export interface PathOptions {
  /** The workspace that was asked for; default `./.ai-shell` when it exists, else the person's own. */
  readonly workspace?: string | undefined;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
}

const PROGRAM = 'ai-shell-desktop';

/**
 * The folders of the window and of the command, which share them. Linux follows the XDG Base Directory Specification 0.8 (config
 * and state homes; a relative value is ignored, as it demands), macOS uses `~/Library/Application Support`, Windows `%APPDATA%` and
 * `%LOCALAPPDATA%`.
 */
export function programPaths(options: PathOptions): ProgramPaths {
  const { config, state } = homes(options);
  const local = path.join(options.cwd, '.ai-shell');
  const named = options.workspace === undefined ? null : path.resolve(options.cwd, options.workspace);
  return {
    workspace: named ?? (existsSync(local) ? local : path.join(config, 'workspace')),
    config,
    state,
    logFile: path.join(state, 'log', 'ai-shell.log'),
    database: path.join(state, 'state.db'),
    results: path.join(state, 'results'),
    demo: path.join(state, 'demo'),
  };
}

function homes({ environment, platform = process.platform, home = os.homedir() }: PathOptions): { config: string; state: string } {
  const folder = (name: string, otherwise: string): string => {
    const value = environment[name];
    return value !== undefined && path.isAbsolute(value) ? value : otherwise;
  };
  // One folder for everything, for portable installations and for trying things out.
  const own = environment.AI_SHELL_HOME;
  if (own !== undefined && path.isAbsolute(own)) return { config: path.join(own, 'config'), state: path.join(own, 'state') };
  if (platform === 'win32') {
    return {
      config: path.join(folder('APPDATA', path.join(home, 'AppData', 'Roaming')), PROGRAM),
      state: path.join(folder('LOCALAPPDATA', path.join(home, 'AppData', 'Local')), PROGRAM),
    };
  }
  if (platform === 'darwin') {
    const support = path.join(home, 'Library', 'Application Support', PROGRAM);
    return { config: support, state: path.join(support, 'state') };
  }
  return {
    config: path.join(folder('XDG_CONFIG_HOME', path.join(home, '.config')), PROGRAM),
    state: path.join(folder('XDG_STATE_HOME', path.join(home, '.local', 'state')), PROGRAM),
  };
}
