import { useEffect } from 'react';
import { allCommands, runCommand, type Command } from './commands';
import { matchesChord, type KeyPress } from './keys';

/** The command that a key event means; the newest registration wins. */
export function commandOf(press: KeyPress, commands: readonly Command[]): Command | undefined {
  return commands.find((command) => command.keys?.some((chord) => matchesChord(press, chord)) && (command.enabled?.() ?? true));
}

/** Runs commands by their keys, wherever the focus is, unless what has the focus took the key or a dialog is open. */
export function useKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]')) return;
      const command = commandOf(event, allCommands());
      if (!command) return;
      event.preventDefault();
      runCommand(command.id);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
