import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { extensionOf, type ExportSpec } from '../../../src-preload/contract/exportSpec';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';
import { formatCount } from '../../shell/format';
import { ColumnChoice, type ChosenColumn } from './ColumnChoice';
import { followExport } from './followExport';
import { FormatOptions } from './FormatOptions';
import { fileName } from './formats';
import { rememberedFormat, rememberedSpec, rememberSpec } from './remembered';
import { closeExport, type ResultToExport } from './store';

type Extent = 'all' | 'shown' | 'selection';

function extentsOf({ viewId, totalRows, shownRows, block, chosen }: ResultToExport): { extent: Extent; label: string; rows: number }[] {
  const selected = block.bottom - block.top + 1;
  const width = chosen.length;
  return [
    { extent: 'all', label: `The whole result: ${formatCount(totalRows)} rows, as they came`, rows: totalRows },
    ...(viewId === null ? [] : [{ extent: 'shown' as const, label: `As shown: ${formatCount(shownRows)} rows, sorted and filtered`, rows: shownRows }]),
    ...(selected * width > 1 ? [{ extent: 'selection' as const, label: `The selection: ${formatCount(selected)} rows × ${formatCount(width)} columns`, rows: selected }] : []),
  ];
}

function firstSpec({ format, name }: ResultToExport): ExportSpec {
  const spec = rememberedSpec(format ?? rememberedFormat());
  return 'table' in spec ? { ...spec, table: /^[a-z_][a-z0-9_]*$/.test(name) ? name : 'result' } : spec;
}

/** The columns as they stand in the grid; those that are hidden there come last, and are not ticked. */
function shownFirst({ columns, order }: ResultToExport): ChosenColumn[] {
  const hidden = columns.map((_, index) => index).filter((index) => !order.includes(index));
  return [...order.map((index) => ({ index, chosen: true })), ...hidden.map((index) => ({ index, chosen: false }))];
}

/** What to write of a result, in which format, and where to. */
export function ResultExportForm({ result }: { readonly result: ResultToExport }) {
  const extents = extentsOf(result);
  const [extent, setExtent] = useState<Extent>(result.viewId === null ? 'all' : 'shown');
  const [spec, setSpec] = useState<ExportSpec>(() => firstSpec(result));
  const [gzip, setGzip] = useState(false);
  const [order, setOrder] = useState<readonly ChosenColumn[]>(() => shownFirst(result));
  const [error, setError] = useState<AppErrorData | null>(null);
  const rows = extents.find((entry) => entry.extent === extent)?.rows ?? 0;
  const inExtent = (index: number): boolean => extent !== 'selection' || result.chosen.includes(index);
  const columns = order.filter(({ index, chosen }) => chosen && inExtent(index)).map(({ index }) => index);
  const unnamed = 'table' in spec && spec.table.trim() === '';

  const start = async (): Promise<void> => {
    setError(null);
    const extension = extensionOf(spec, gzip);
    try {
      const { path } = await client.application.chooseSavePath({ title: 'Export', defaultName: `${fileName(result.name)}.${extension}`, extension });
      if (path === null) return;
      const { jobId } = await client.queries.export({
        resultId: result.resultId,
        viewId: extent === 'all' ? null : result.viewId,
        spec,
        gzip,
        part: { columns, rows: extent === 'selection' ? { from: result.block.top, to: result.block.bottom + 1 } : null },
        path,
      });
      rememberSpec(spec);
      closeExport();
      showDone(`Exporting to ${path}`);
      followExport(jobId, path);
    } catch (failure) {
      setError(errorData(failure));
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Stack gap="md">
        <Radio.Group label="Rows" value={extent} onChange={(value) => setExtent(value)}>
          <Stack gap={6} mt={6}>
            {extents.map(({ extent: value, label }) => (
              <Radio key={value} size="xs" value={value} label={label} />
            ))}
          </Stack>
        </Radio.Group>
        <FormatOptions spec={spec} onSpec={setSpec} gzip={gzip} onGzip={setGzip} rows={rows} named />
        <ColumnChoice columns={result.columns} order={order} onChange={setOrder} />
        {error ? <ErrorPanel error={error} title="The export did not start" /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={closeExport}>
            Cancel
          </Button>
          <Button type="submit" data-autofocus disabled={columns.length === 0 || unnamed}>
            Export to a file…
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
