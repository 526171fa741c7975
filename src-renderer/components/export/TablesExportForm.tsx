import { Button, Checkbox, Code, Group, Select, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ObjectKind, ObjectPage, SchemaEntry } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';
import { formatBytes, formatCompact, formatCount } from '../../shell/format';
import { followExport } from './followExport';
import { FormatOptions } from './FormatOptions';
import { rememberedFormat, rememberedSpec, rememberSpec } from './remembered';
import { closeExport, type TablesToExport } from './store';

type Entry = ObjectPage['objects'][number];

const withRows: readonly ObjectKind[] = ['table', 'foreign_table', 'view', 'materialized_view'];
const mostListed = 1000;
const keyOf = ({ schema, name }: Pick<Entry, 'schema' | 'name'>): string => JSON.stringify([schema, name]);

interface Listed {
  readonly entries: readonly Entry[];
  readonly total: number;
}

/** The schemas of a connection, and the tables and views of one of them. */
function useTables(connectionId: string, wanted: string | null) {
  const [schemas, setSchemas] = useState<readonly SchemaEntry[] | null>(null);
  const [chosen, setSchema] = useState<string | null>(wanted);
  const [listed, setListed] = useState<Listed | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  useEffect(() => {
    client.catalog.schemas({ connectionId }).then(setSchemas, (failure: unknown) => setError(errorData(failure)));
  }, [connectionId]);
  const schema = chosen ?? schemas?.find(({ system }) => !system)?.name ?? null;
  useEffect(() => {
    if (schema === null) return undefined;
    const controller = new AbortController();
    setListed(null);
    const read = (kind: ObjectKind) => client.catalog.objects({ connectionId, schema, kind, search: '', offset: 0, limit: mostListed }, { signal: controller.signal });
    Promise.all(withRows.map(read)).then(
      (pages) => setListed({ entries: pages.flatMap(({ objects }) => objects), total: pages.reduce((sum, { total }) => sum + total, 0) }),
      (failure: unknown) => {
        if (!controller.signal.aborted) setError(errorData(failure));
      },
    );
    return () => controller.abort();
  }, [connectionId, schema]);
  return { schemas, schema, setSchema, listed, error };
}

interface TableListProps {
  readonly listed: Listed;
  readonly ticked: ReadonlyMap<string, Entry>;
  readonly onTick: (entries: readonly Entry[], on: boolean) => void;
}

function TableList({ listed, ticked, onTick }: TableListProps) {
  const [search, setSearch] = useState('');
  const found = listed.entries.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const on = found.filter((entry) => ticked.has(keyOf(entry))).length;
  return (
    <div style={{ border: '1px solid var(--app-line)', borderRadius: 4 }}>
      <Group gap="xs" px={8} py={5} wrap="nowrap" style={{ borderBottom: '1px solid var(--app-line)' }}>
        <Checkbox size="xs" label="All" checked={on === found.length && on > 0} indeterminate={on > 0 && on < found.length} disabled={found.length === 0} onChange={(event) => onTick(found, event.currentTarget.checked)} />
        <TextInput flex={1} aria-label="Search the tables" placeholder="Search" value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </Group>
      <div style={{ height: 190, overflow: 'auto', padding: '4px 8px' }} role="group" aria-label="Tables">
        {found.length === 0 ? (
          <Text size="xs" c="dimmed" py={6}>
            {search === '' ? 'This schema has no tables or views.' : `Nothing is called like “${search}”.`}
          </Text>
        ) : null}
        {found.map((entry) => (
          <Group key={`${entry.kind} ${entry.name}`} gap={8} wrap="nowrap" py={2}>
            <Checkbox size="xs" flex={1} miw={0} styles={{ label: { overflowWrap: 'anywhere' } }} label={entry.name} checked={ticked.has(keyOf(entry))} onChange={(event) => onTick([entry], event.currentTarget.checked)} />
            <Text size="xs" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
              {entry.kind.includes('view') ? entry.kind.replace('_', ' ') : [entry.rows === null ? '' : `~${formatCompact(entry.rows)} rows`, entry.bytes === null ? '' : formatBytes(entry.bytes)].filter(Boolean).join(' · ')}
            </Text>
          </Group>
        ))}
      </div>
      {listed.total > listed.entries.length ? (
        <Text size="xs" c="dimmed" px={8} pb={4}>
          The first {formatCount(listed.entries.length)} of {formatCount(listed.total)} are listed.
        </Text>
      ) : null}
    </div>
  );
}

/** Which tables to write, in which format, and into which folder: one file each, from one snapshot. */
export function TablesExportForm({ request }: { readonly request: TablesToExport }) {
  const { connectionId } = request;
  const { schemas, schema, setSchema, listed, error: readError } = useTables(connectionId, request.schema);
  const [ticked, setTicked] = useState<ReadonlyMap<string, Entry>>(new Map(request.tables.map((table) => [keyOf(table), { ...table, comment: null, rows: null, bytes: null }])));
  const [spec, setSpec] = useState<ExportSpec>(() => rememberedSpec(rememberedFormat()));
  const [gzip, setGzip] = useState(false);
  const [ddl, setDdl] = useState(false);
  const [folder, setFolder] = useState<string | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);

  const tick = (entries: readonly Entry[], on: boolean): void => {
    const next = new Map(ticked);
    for (const entry of entries) {
      if (on) next.set(keyOf(entry), entry);
      else next.delete(keyOf(entry));
    }
    setTicked(next);
  };
  const choose = async (): Promise<string | null> => {
    const { path } = await client.application.chooseFolder({ title: 'Folder for the exported tables' });
    if (path !== null) setFolder(path);
    return path;
  };
  const start = async (replace: boolean): Promise<void> => {
    setError(null);
    try {
      const target = folder ?? (await choose());
      if (target === null) return;
      const tables = [...ticked.values()].map(({ schema: of, name, kind }) => ({ schema: of, name, kind }));
      const { jobId } = await client.queries.exportTables({ connectionId, tables, spec, gzip, folder: target, ddl, replace });
      rememberSpec(spec);
      closeExport();
      showDone(`Exporting ${formatCount(tables.length)} ${tables.length === 1 ? 'table' : 'tables'} to ${target}`);
      followExport(jobId, target);
    } catch (failure) {
      setError(errorData(failure));
    }
  };
  const failed = (thrown: unknown): void => setError(errorData(thrown));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start(false);
      }}
    >
      <Stack gap="md">
        {readError ? <ErrorPanel error={readError} title="The tables could not be read" /> : null}
        <Stack gap={6}>
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <Select flex={1} label="Schema" searchable allowDeselect={false} data={(schemas ?? []).map(({ name }) => name)} value={schema} onChange={setSchema} />
            <Text size="xs" c="dimmed" pb={7} role="status">
              {formatCount(ticked.size)} ticked
            </Text>
          </Group>
          {listed ? <TableList key={schema} listed={listed} ticked={ticked} onTick={tick} /> : readError ? null : <Skeleton height={224} />}
          <Text size="xs" c="dimmed">
            One file a table, read from one snapshot, so that they belong together. The rows go straight from the server to the files.
          </Text>
        </Stack>
        <FormatOptions spec={spec} onSpec={setSpec} gzip={gzip} onGzip={setGzip} rows={null} named={false} />
        <Switch label="Also the DDL of each table" description="As NAME.ddl.sql beside its data." checked={ddl} onChange={(event) => setDdl(event.currentTarget.checked)} />
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" onClick={() => void choose().catch(failed)}>
            Folder…
          </Button>
          {folder === null ? (
            <Text size="xs" c="dimmed">
              You are asked for it
            </Text>
          ) : (
            <Code style={{ overflowWrap: 'anywhere' }}>{folder}</Code>
          )}
        </Group>
        {error ? <ErrorPanel error={error} title={error.code === 'confirm_required' ? 'Some files are there already' : 'The export did not start'} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={closeExport}>
            Cancel
          </Button>
          {error?.code === 'confirm_required' ? (
            <Button color="red" onClick={() => void start(true)}>
              Replace them
            </Button>
          ) : (
            <Button type="submit" disabled={ticked.size === 0}>
              Export {formatCount(ticked.size)} {ticked.size === 1 ? 'table' : 'tables'}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
