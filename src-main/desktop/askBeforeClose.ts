import { dialog, type BrowserWindow } from 'electron';
import type { Program } from './program';

/** Closing the window ends every session: a person who has open transactions is asked first. */
export function askBeforeClose(window: BrowserWindow, starting: Promise<Program>): void {
  let program: Program | null = null;
  let sure = false;
  let asking = false;
  starting.then(
    (started) => (program = started),
    // How it failed is told where the program starts.
    () => undefined,
  );
  window.on('close', (event) => {
    const open = program?.services.queries.openTransactions() ?? [];
    if (sure || open.length === 0) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const list = open.map(({ connectionName, statements, since }) => `${connectionName}: ${statements} ${statements === 1 ? 'statement' : 'statements'} since ${new Date(since).toLocaleTimeString()}`);
    void dialog
      .showMessageBox(window, {
        type: 'warning',
        message: open.length === 1 ? 'A transaction is open.' : `${open.length} transactions are open.`,
        detail: `Closing rolls back what was not committed.\n\n${list.join('\n')}`,
        buttons: ['Stay', 'Roll back and close'],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        asking = false;
        sure = response === 1;
        if (sure) window.close();
      });
  });
}
