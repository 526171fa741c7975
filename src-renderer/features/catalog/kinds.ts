import { IconBox, IconCalendarEvent, IconEye, IconFunction, IconHierarchy2, IconListNumbers, IconPlug, IconPuzzle, IconScript, IconStack2, IconTable } from '@tabler/icons-react';
import type { ObjectKind } from '../../../src-preload/contract/catalog';

interface KindFace {
  readonly one: string;
  readonly many: string;
  readonly icon: typeof IconTable;
  /** Whether its rows can be looked at. */
  readonly data: boolean;
  /** Whether it has columns. */
  readonly columns: boolean;
}

/** How each kind of object is named and drawn, in the order of the tree's folders. */
export const kindFaces: Readonly<Record<ObjectKind, KindFace>> = {
  table: { one: 'table', many: 'Tables', icon: IconTable, data: true, columns: true },
  view: { one: 'view', many: 'Views', icon: IconEye, data: true, columns: true },
  materialized_view: { one: 'materialized view', many: 'Materialized views', icon: IconStack2, data: true, columns: true },
  partition: { one: 'partition', many: 'Partitions', icon: IconHierarchy2, data: true, columns: true },
  foreign_table: { one: 'foreign table', many: 'Foreign tables', icon: IconPlug, data: true, columns: true },
  sequence: { one: 'sequence', many: 'Sequences', icon: IconListNumbers, data: false, columns: false },
  function: { one: 'function', many: 'Functions', icon: IconFunction, data: false, columns: false },
  procedure: { one: 'procedure', many: 'Procedures', icon: IconScript, data: false, columns: false },
  event: { one: 'event', many: 'Events', icon: IconCalendarEvent, data: false, columns: false },
  type: { one: 'type', many: 'Types', icon: IconBox, data: false, columns: false },
  extension: { one: 'extension', many: 'Extensions', icon: IconPuzzle, data: false, columns: false },
};

export const kindOrder = Object.keys(kindFaces) as ObjectKind[];
