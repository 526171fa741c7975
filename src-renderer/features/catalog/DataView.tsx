import { ActionIcon, Button, Code, Loader, Select, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconChevronsLeft, IconPlayerStop, IconRefresh, IconTerminal2 } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { Document } from '../../../src-preload/contract/documents';
import type { Column, ViewSpec } from '../../../src-preload/contract/queries';
import type { ResultGridHandle } from '../../components/ResultGrid';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount } from '../../shell/format';
import { newQuery, type TablePlace } from '../../shell/documentActions';
import { useCommand } from '../../shell/commands';
import { EditableRows, type Side } from '../rowEdits/EditableRows';
import { EditTools } from '../rowEdits/EditTools';
import { useRowEdits } from '../rowEdits/useRowEdits';
import { FilterBar } from './FilterBar';
import { qualifiedName } from './names';
import { serverOperators, toGridSpec, toServerSpec } from './gridSpec';
import { changeTab, currentPlace, gone } from './place';
import { useTableData, type DataPage, type DataSpec } from './useTableData';
import styles from './Catalog.module.css';

const PAGE_SIZES = [100, 500, 1000, 5000];

interface DataViewProps {
  readonly document: Document;
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly place: TablePlace;
  readonly columns: readonly string[];
  /** The planner's estimate of all rows. */
  readonly estimate: number | null;
  readonly active: boolean;
}

interface PagerProps {
  readonly spec: DataSpec;
  readonly page: DataPage | null;
  readonly estimate: number | null;
  readonly busy: boolean;
  readonly onSpec: (spec: DataSpec) => void;
  readonly onReload: () => void;
  readonly onStop: () => void;
}

/** `Rows 501 to 1,000 of about 8,000`. */
export function pageWords(spec: DataSpec, page: DataPage | null, estimate: number | null): string {
  if (!page?.complete) return '';
  if (page.rows === 0) return spec.offset === 0 ? 'No rows' : 'No more rows';
  const range = `Rows ${formatCount(spec.offset + 1)} to ${formatCount(spec.offset + page.rows)}`;
  if (page.rows < spec.limit) return `${range} of ${formatCount(spec.offset + page.rows)}`;
  return spec.filters.length === 0 && estimate !== null && estimate > spec.offset + page.rows ? `${range} of about ${formatCount(estimate)}` : range;
}

function Pager({ spec, page, estimate, busy, onSpec, onReload, onStop }: PagerProps) {
  const go = (offset: number): void => onSpec({ ...spec, offset: Math.max(0, offset) });
  const more = page?.complete === true && page.rows === spec.limit;
  return (
    <div className={styles.foot}>
      <ActionIcon aria-label="First page" disabled={spec.offset === 0} onClick={() => go(0)}>
        <IconChevronsLeft size={15} />
      </ActionIcon>
      <ActionIcon aria-label="Previous page" disabled={spec.offset === 0} onClick={() => go(spec.offset - spec.limit)}>
        <IconChevronLeft size={15} />
      </ActionIcon>
      <ActionIcon aria-label="Next page" disabled={!more} onClick={() => go(spec.offset + spec.limit)}>
        <IconChevronRight size={15} />
      </ActionIcon>
      <Text size="xs" role="status">
        {pageWords(spec, page, estimate)}
      </Text>
      <span style={{ flex: 1 }} />
      {busy ? (
        <Button size="compact-xs" variant="default" leftSection={<Loader size={10} />} rightSection={<IconPlayerStop size={12} />} onClick={onStop}>
          Reading
        </Button>
      ) : null}
      {page ? (
        <Tooltip label={<Code style={{ whiteSpace: 'pre-wrap' }}>{page.text}</Code>} multiline maw={520}>
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconTerminal2 size={14} />} onClick={() => newQuery(`${page.text}\n`)}>
            As SQL
          </Button>
        </Tooltip>
      ) : null}
      <Select
        w={104}
        aria-label="Rows on a page"
        allowDeselect={false}
        data={PAGE_SIZES.map((size) => ({ value: String(size), label: `${formatCount(size)} rows` }))}
        value={String(spec.limit)}
        onChange={(size) => onSpec({ ...spec, offset: 0, limit: Number(size ?? spec.limit) })}
      />
      <ActionIcon aria-label="Read again" title="Read again" onClick={onReload}>
        <IconRefresh size={15} />
      </ActionIcon>
    </div>
  );
}

/** A table's rows; filter, sort and paging are the server's work. Changes of the rows are kept with the tab until they are applied. */
export function DataView({ document, connectionId, object, place, columns, estimate, active }: DataViewProps) {
  const spec: DataSpec = place;
  const setSpec = ({ filters, sorts, offset, limit }: DataSpec): void => changeTab(document.id, (state) => ({ ...state, place: { object, filters, sorts, offset, limit } }));
  const { page, busy, error, reload: read, stop } = useTableData(document.id, connectionId, object, spec, true);
  const handle = useRef<ResultGridHandle>(null);
  const reload = useKeptRow(handle, place, page, read);
  useCommand({ id: 'table.stop', title: 'Stop reading the table', group: 'Results', keys: ['Escape'], enabled: () => busy, run: stop }, active);
  useCommand({ id: 'table.reload', title: 'Read the table again', group: 'Results', keys: ['Mod+R'], run: reload }, active);
  const shownColumns = page?.columns ?? NO_COLUMNS;
  const [side, setSide] = useState<Side | null>(null);
  const row = useCallback((index: number) => handle.current?.row(index), []);
  const edited = { resultId: page?.resultId ?? '', columns: shownColumns, rows: page?.rows ?? 0, row, selected: () => handle.current?.selected() ?? null };
  const rowEdits = useRowEdits({ document, connectionId, object, page: edited, onApplied: reload });
  const onView = (view: ViewSpec): void => {
    const { filters, sorts } = toServerSpec(view, shownColumns);
    setSpec({ ...spec, filters, sorts, offset: 0 });
  };
  const onGo = (to: TablePlace): void => {
    const left = handle.current?.selected().focus.row ?? 0;
    changeTab(document.id, (state) => gone({ ...state, place: { ...currentPlace(state), row: left } }, to));
  };
  return (
    <div className={styles.object}>
      <FilterBar
        columns={columns}
        filters={spec.filters}
        sorts={spec.sorts}
        onApply={(filters, sorts) => setSpec({ ...spec, filters, sorts, offset: 0 })}
        tools={<EditTools rowEdits={rowEdits} changesOpen={side?.kind === 'changes'} onChanges={() => setSide((now) => (now?.kind === 'changes' ? null : { kind: 'changes' }))} />}
      />
      {error && error.code !== 'cancelled' ? (
        <div style={{ padding: 12 }}>
          <ErrorPanel error={error} title="The rows could not be read" onRetry={reload} />
        </div>
      ) : null}
      {error?.code === 'cancelled' ? (
        <Text size="sm" c="dimmed" p="sm">
          Stopped.
        </Text>
      ) : null}
      <div className={styles.grid}>
        {page?.resultId ? (
          <EditableRows
            connectionId={connectionId}
            object={object}
            rowEdits={rowEdits}
            handle={handle}
            active={active}
            side={side}
            onSide={setSide}
            onReload={reload}
            onGo={onGo}
            grid={{
              resultId: page.resultId,
              columns: page.columns,
              totalRows: page.rows,
              complete: page.complete,
              milliseconds: page.milliseconds,
              label: `Rows of ${object.schema}.${object.name}`,
              exportName: object.name,
              table: qualifiedName(object),
              external: { operators: serverOperators, spec: toGridSpec(spec.filters, spec.sorts, page.columns), onChange: onView },
            }}
          />
        ) : null}
      </div>
      <Pager spec={spec} page={page} estimate={estimate} busy={busy} onSpec={setSpec} onReload={reload} onStop={stop} />
    </div>
  );
}

const NO_COLUMNS: readonly Column[] = [];

/** Reading the rows again comes back to the row that was looked at; so does coming back to a place. */
function useKeptRow(handle: RefObject<ResultGridHandle | null>, place: TablePlace, page: DataPage | null, read: () => void): () => void {
  const wanted = useRef<number | null>(place.row ?? null);
  const resultId = page?.resultId ?? null;
  const complete = page?.complete === true;
  useEffect(() => {
    wanted.current = place.row ?? null;
  }, [place]);
  useEffect(() => {
    if (!complete || wanted.current === null) return;
    handle.current?.showRow(wanted.current);
    wanted.current = null;
  }, [handle, resultId, complete]);
  return () => {
    wanted.current = handle.current?.selected().focus.row ?? null;
    read();
  };
}
