import { Menu } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, type Ref } from 'react';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import { client } from '../../client';
import type { GridOverlay } from '../../components/grid/overlay';
import { ResultGrid, type ResultGridHandle, type ResultGridProps } from '../../components/ResultGrid';
import { openObject } from '../../shell/documentActions';
import { showError } from '../../shell/errors';
import { placeOf } from '../catalog/place';

type Key = readonly { readonly name: string; readonly attribute: number }[];

/**
 * The key of the table that a column comes from, by the cells of the same row. Rejects in words where the result does not have the whole
 * key, or has it more than once, as a join of a table with itself does.
 */
export function keyInResult(columns: readonly Column[], relation: number, key: Key, cells: readonly Cell[]): { column: string; value: string }[] {
  if (key.length === 0) throw new Error('No key identifies a row of this table.');
  return key.map(({ name, attribute }) => {
    const places = columns.flatMap(({ source }, index) => (source?.relation === relation && source.attribute === attribute ? [index] : []));
    const [place] = places;
    if (place === undefined) throw new Error(`The result does not have “${name}”, which is part of the table’s key.`);
    if (places.length > 1) throw new Error(`The result has “${name}” more than once, so that it is not known which row is meant.`);
    const value = cells[place];
    if (typeof value !== 'string') throw new Error(`The row has no value in “${name}”, which is part of the table’s key.`);
    return { column: name, value };
  });
}

async function openOrigin(connectionId: string, columns: readonly Column[], relation: number, cells: readonly Cell[]): Promise<void> {
  const { object, key } = await client.rowEdits.origin({ connectionId, relation });
  const filters = keyInResult(columns, relation, key, cells).map(({ column, value }) => ({ column, op: 'eq' as const, value }));
  openObject(connectionId, object, 'data', placeOf(object, filters));
}

interface TracedGridProps extends Omit<ResultGridProps, 'overlay' | 'ref'> {
  readonly connectionId: string | null;
  readonly ref?: Ref<ResultGridHandle> | undefined;
}

/** A query's result, with the way from a row to the table that it comes from, where it can be looked at and edited. */
export function TracedGrid({ connectionId, ref, ...grid }: TracedGridProps) {
  const { columns } = grid;
  const handle = useRef<ResultGridHandle>(null);
  const both = useCallback(
    (now: ResultGridHandle | null) => {
      handle.current = now;
      if (typeof ref === 'function') ref(now);
      else if (ref) ref.current = now;
    },
    [ref],
  );
  const overlay = useMemo<GridOverlay>(
    () => ({
      cell: () => undefined,
      row: () => undefined,
      menu: (row, column) => {
        const relation = columns[column]?.source?.relation;
        if (connectionId === null || relation === undefined) return <Menu.Label>{columns[column]?.name} is computed: it comes from no table.</Menu.Label>;
        const open = (): void => void openOrigin(connectionId, columns, relation, handle.current?.row(row) ?? []).catch((error: unknown) => showError('The row cannot be opened in its table', error));
        return (
          <Menu.Item leftSection={<IconTable size={14} />} onClick={open}>
            Open the row in its table, to edit it
          </Menu.Item>
        );
      },
    }),
    [connectionId, columns],
  );
  return <ResultGrid {...grid} ref={both} overlay={overlay} />;
}
