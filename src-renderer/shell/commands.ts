import type { ComponentType } from 'react';
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { showError } from './errors';

/** Sections of the palette and of the list of keys, in this order. */
export const commandGroups = ['Query', 'Files', 'Tabs', 'Go to', 'Connections', 'Assistant', 'Results', 'View', 'Help'] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** One thing that a person can do, described once for the palette, the keys, the menu and the buttons. */
export interface Command {
  /** Stable, such as `query.run`; the menu sends it. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** Key chords such as `Mod+Enter`; `Mod` is Ctrl, or Cmd on a Mac. The first one is shown. */
  readonly keys?: readonly string[];
  readonly icon?: ComponentType<{ size?: number | string; stroke?: number | string }>;
  /** More words by which the palette finds it. */
  readonly keywords?: string;
  /** One of a series, such as the second of nine tabs: works by its key, but is not listed. */
  readonly unlisted?: boolean;
  /** Shown and run only when true; absent is always. */
  readonly enabled?: () => boolean;
  readonly run: () => void | Promise<void>;
}

interface Registry {
  /** A later registration of the same id hides the earlier one until it is taken back. */
  readonly stack: readonly Command[];
  /** Keys that the person gave to commands, by their ids. */
  readonly keys: PersonsKeys;
  /** Every command that was ever there, as it was registered last: the list of keys shows those of tabs that are closed too. */
  readonly known: ReadonlyMap<string, Command>;
}

type PersonsKeys = Readonly<Record<string, readonly string[]>>;

const useRegistry = create<Registry>(() => ({ stack: [], keys: {}, known: new Map() }));

/** The commands that count, given all registrations in their order: the newest of each id with the person's keys, sorted by group and title. */
export function effectiveCommands(stack: readonly Command[], keys: PersonsKeys = {}): Command[] {
  const byId = new Map(stack.map((command) => [command.id, Object.hasOwn(keys, command.id) ? { ...command, keys: keys[command.id] ?? [] } : command]));
  return [...byId.values()].sort((a, b) => commandGroups.indexOf(a.group) - commandGroups.indexOf(b.group) || a.title.localeCompare(b.title));
}

/** Adds commands until the returned function is called. */
export function registerCommands(commands: readonly Command[]): () => void {
  useRegistry.setState(({ stack, known }) => ({ stack: [...stack, ...commands], known: new Map([...known, ...commands.map((command): [string, Command] => [command.id, command])]) }));
  return () => useRegistry.setState(({ stack }) => ({ stack: stack.filter((command) => !commands.includes(command)) }));
}

/** All commands right now, for code outside of React. */
export function allCommands(): Command[] {
  const { stack, keys } = useRegistry.getState();
  return effectiveCommands(stack, keys);
}

/** Gives commands the keys that the person chose instead of their own; an empty list is none. */
export function setPersonsKeys(keys: PersonsKeys): void {
  useRegistry.setState({ keys });
}

/** Whether a key belongs to a command by the person's choice, so that it comes before what the focused part would do with it. */
export function isPersonsChoice(id: string): boolean {
  return Object.hasOwn(useRegistry.getState().keys, id);
}

/** The keys of a command as they are now, given those that it has by itself; kept up to date. */
export function useKeysOf(id: string, own: readonly string[]): readonly string[] {
  return useRegistry((state) => state.keys[id]) ?? own;
}

/** Every command that was ever there, with the keys that it has by itself; in the palette's order. */
export function useKnownCommands(): Command[] {
  return effectiveCommands([...useRegistry((state) => state.known).values()]);
}

/** All commands, kept up to date. */
export function useCommands(): Command[] {
  const keys = useRegistry((state) => state.keys);
  return effectiveCommands(
    useRegistry((state) => state.stack),
    keys,
  );
}

/** Registers a command while the calling component is mounted and `active`; `run` and `enabled` may close over fresh state. */
export function useCommand(command: Command, active = true): void {
  const latest = useRef(command);
  useEffect(() => {
    latest.current = command;
  });
  const { id, title, group, icon, keywords } = command;
  const keys = command.keys?.join(' ');
  useEffect(() => {
    if (!active) return undefined;
    return registerCommands([
      { id, title, group, icon, keywords, keys: keys?.split(' '), enabled: () => latest.current.enabled?.() ?? true, run: () => latest.current.run() },
    ]);
  }, [active, id, title, group, icon, keywords, keys]);
}

/** Runs a command by its id and shows what went wrong; false when there is none or it is not enabled. */
export function runCommand(id: string): boolean {
  const command = allCommands().find((candidate) => candidate.id === id);
  if (!command || !(command.enabled?.() ?? true)) return false;
  void Promise.resolve()
    .then(() => command.run())
    .catch((error: unknown) => showError(`${command.title} failed`, error));
  return true;
}
