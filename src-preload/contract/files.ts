import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';

/** How a text file is written; kept when it is saved. */
export const fileFormat = z.object({
  encoding: z.enum(['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'latin1']),
  lineEnd: z.enum(['lf', 'crlf', 'cr']),
});
export type FileFormat = z.infer<typeof fileFormat>;

/** A file as it stood when it was last read or written. */
export const fileStamp = fileFormat.extend({
  path: z.string(),
  /** SHA-256 (hex) of its bytes. */
  hash: z.string(),
});
export type FileStamp = z.infer<typeof fileStamp>;

/** Line ends in `text` are always `\n`. */
export const openedFile = z.object({ stamp: fileStamp, text: z.string(), writable: z.boolean() });
export type OpenedFile = z.infer<typeof openedFile>;

/** What became of a file that a tab shows. */
export const fileState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('same') }),
  z.object({ kind: z.literal('changed'), file: openedFile }),
  z.object({ kind: z.literal('deleted') }),
  /** It is there, but can no longer be read as text. */
  z.object({ kind: z.literal('unreadable'), message: z.string() }),
]);
export type FileState = z.infer<typeof fileState>;

/** SQL files. The window may name only files that a dialog gave, in this run or an earlier one, and those of the saved queries. */
export const filesContract = defineContract('files', {
  /** Asks for files and reads them; empty when the dialog was dismissed. A file that cannot be opened rejects with the reason. */
  open: call(nothing, z.array(openedFile)),
  read: call(z.object({ path: z.string() }), openedFile),
  /**
   * Writes a text in the format and to the place of `stamp`. Rejects with `busy` when the file no longer has the stamp's hash, unless
   * `overwrite`; with `refused` for a read-only file. Resolves with the new stamp.
   */
  save: call(z.object({ stamp: fileStamp, text: z.string(), overwrite: z.boolean().default(false) }), fileStamp),
  /** Asks for a place and writes there; null when the dialog was dismissed. */
  saveAs: call(z.object({ defaultName: z.string(), text: z.string(), format: fileFormat }), fileStamp.nullable()),
  /** Compares a file with what is known of it. */
  check: call(z.object({ stamp: fileStamp }), fileState),
  /** Tells `changed` for these files from now on; the list replaces the one before. */
  watch: call(z.object({ paths: z.array(z.string()) }), nothing),
  changed: event(z.object({ path: z.string() })),
});
