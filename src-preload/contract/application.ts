import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';

/** The program itself: versions, the door for external links, file dialogs. */
export const applicationContract = defineContract('application', {
  /** `storeSetAside`: where the damaged store of history and tabs is kept that this start replaced by a new one. */
  info: call(nothing, z.object({ version: z.string(), electron: z.string(), node: z.string(), platform: z.string(), workspace: z.string(), logFile: z.string(), storeSetAside: z.string().nullable() })),
  /** Opens `settings.yaml` in the program that the system has for it. */
  openSettingsFile: call(nothing, nothing),
  /** Opens https links in the system's browser; anything else is refused. */
  openExternal: call(z.object({ url: z.string() }), nothing),
  /** The system's save dialog; null when it was dismissed. */
  chooseSavePath: call(z.object({ title: z.string(), defaultName: z.string(), extension: z.string() }), z.object({ path: z.string().nullable() })),
  chooseFile: call(z.object({ title: z.string(), extensions: z.array(z.string()) }), z.object({ path: z.string().nullable() })),
  /** A folder into which files may be written afterwards. */
  chooseFolder: call(z.object({ title: z.string() }), z.object({ path: z.string().nullable() })),
  showItemInFolder: call(z.object({ path: z.string() }), nothing),
  copyText: call(z.object({ text: z.string() }), nothing),
  /** Sent by the menu: the id of a command of the palette. */
  command: event(z.object({ id: z.string() })),
});
