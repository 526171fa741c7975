import { useEffect } from 'react';
import { allCommands, isPersonsChoice, runCommand, type Command } from './commands';
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
    // Keys that a person chose come before what the editor or the grid would do with them.
    const onChosenKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || (event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"], [data-records-keys]'))) return;
      const command = commandOf(
        event,
        allCommands().filter(({ id }) => isPersonsChoice(id)),
      );
      if (!command) return;
      event.preventDefault();
      event.stopPropagation();
      runCommand(command.id);
    };
    window.addEventListener('keydown', onChosenKeyDown, true);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onChosenKeyDown, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
