import { app } from 'electron';
import { writeFileAtomic } from '../atomicFile';

/**
 * Writes the file that the option `--ready-file=PATH` names: JSON with the process and its version, there as soon as the window's
 * first frame is painted. For launchers and scripts that wait for the program; without the option nothing is written.
 */
export async function writeReadyFile(): Promise<void> {
  const file = app.commandLine.getSwitchValue('ready-file');
  if (file === '') return;
  await writeFileAtomic(file, `${JSON.stringify({ pid: process.pid, version: app.getVersion(), electron: process.versions.electron, readyAt: new Date().toISOString() })}\n`);
}
