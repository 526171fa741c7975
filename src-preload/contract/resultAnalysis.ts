import { z } from 'zod';
import { call, nothing } from './core';

/** What names a result's shape: results with the same names and types share a layout. */
const shapeColumns = z.array(z.object({ name: z.string(), type: z.string() })).max(5000);

/** How the columns of a result stand; columns by their index in the result. Widths in px, for columns that a person has sized. */
export const columnLayout = z.object({
  order: z.array(z.number().int()),
  pinned: z.array(z.number().int()),
  hidden: z.array(z.number().int()),
  widths: z.record(z.string(), z.number().min(40).max(2000)),
});
export type ColumnLayout = z.infer<typeof columnLayout>;

/** Work over the whole of a stored result or view; part of the contract `queries`. */
export const resultAnalysisMembers = {
  /** The layout that results of this shape were given; null where none was kept. */
  columnLayout: call(z.object({ columns: shapeColumns }), columnLayout.nullable()),
  /** Keeps a layout, or forgets it with null. */
  saveColumnLayout: call(z.object({ columns: shapeColumns, layout: columnLayout.nullable() }), nothing),
};
