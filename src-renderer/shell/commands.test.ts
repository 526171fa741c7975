import { afterEach, describe, expect, it, vi } from 'vitest';
import { allCommands, effectiveCommands, isPersonsChoice, registerCommands, runCommand, setPersonsKeys, type Command } from './commands';
import { commandOf } from './useKeys';

const command = (id: string, patch: Partial<Command> = {}): Command => ({ id, title: id, group: 'View', run: () => undefined, ...patch });
const press = (key: string, patch: object = {}) => ({ key, code: `Key${key.toUpperCase()}`, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...patch });

let stops: (() => void)[] = [];
const register = (...commands: Command[]): (() => void) => {
  const stop = registerCommands(commands);
  stops.push(stop);
  return stop;
};
afterEach(() => {
  stops.forEach((stop) => stop());
  stops = [];
});

describe('the registry', () => {
  it('sorts by group, then by title', () => {
    const sorted = effectiveCommands([command('z', { group: 'Help' }), command('b', { group: 'Query' }), command('a', { group: 'Query' })]);
    expect(sorted.map(({ id }) => id)).toEqual(['a', 'b', 'z']);
  });
  it('lets the newest registration of an id count, until it is taken back', () => {
    register(command('stop', { title: 'old' }));
    const takeBack = register(command('stop', { title: 'new' }));
    expect(allCommands().map(({ title }) => title)).toEqual(['new']);
    takeBack();
    expect(allCommands().map(({ title }) => title)).toEqual(['old']);
  });
  it('gives commands the keys that the person chose, none included', () => {
    register(command('a', { keys: ['Mod+A'] }), command('b', { keys: ['Mod+B'] }), command('c', { keys: ['Mod+C'] }));
    setPersonsKeys({ a: ['F9'], b: [], constructor: ['F2'] });
    expect(allCommands().map(({ keys }) => keys)).toEqual([['F9'], [], ['Mod+C']]);
    expect([isPersonsChoice('a'), isPersonsChoice('c'), isPersonsChoice('toString')]).toEqual([true, false, false]);
    expect(commandOf(press('F9'), allCommands())?.id).toBe('a');
    setPersonsKeys({});
    expect(allCommands()[0]?.keys).toEqual(['Mod+A']);
  });
  it('runs what is enabled, and says when it did not', async () => {
    const run = vi.fn();
    register(command('go', { run }), command('never', { run, enabled: () => false }));
    expect(runCommand('never')).toBe(false);
    expect(runCommand('unknown')).toBe(false);
    expect(runCommand('go')).toBe(true);
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(1));
  });
});

describe('keys of commands', () => {
  const escape = { ...press('Escape'), code: 'Escape' };
  it('go to the first one that is enabled', () => {
    const commands = [command('a', { keys: ['Escape'], enabled: () => false }), command('b', { keys: ['Escape'] })];
    expect(commandOf(escape, commands)?.id).toBe('b');
  });
  it('want exactly their modifiers', () => {
    const commands = [command('a', { keys: ['Ctrl+K'] })];
    expect(commandOf(press('k', { ctrlKey: true }), commands)?.id).toBe('a');
    expect(commandOf(press('K', { ctrlKey: true, shiftKey: true }), commands)).toBeUndefined();
    expect(commandOf(press('k'), commands)).toBeUndefined();
  });
});
