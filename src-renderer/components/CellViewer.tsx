import { ActionIcon, Button, CloseButton, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { IconCopy, IconDeviceFloppy, IconTextWrap } from '@tabler/icons-react';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { client } from '../client';
import { ErrorPanel } from '../shell/ErrorPanel';
import { showDone, showError } from '../shell/errors';
import { formatBytes, formatCount } from '../shell/format';
import type { Column } from '../../src-preload/contract/queries';
import { arrayElements, hasLongLines, hexBytes, hexDump, looksFor, PRETTY_LIMIT, prettyJson, type Look } from './cell/formatValue';
import { ReadOnlyText } from './cell/ReadOnlyText';
import { useCellValue, type CellValue } from './cell/useCellValue';
import { readWhole, type CellRef } from './grid/cellReading';
import classes from './CellViewer.module.css';

export interface CellViewerProps {
  readonly cell: CellRef;
  readonly column: Column;
  readonly onClose: () => void;
}

const lookLabels: Record<Look, string> = { text: 'Text', json: 'JSON', hex: 'Hex', list: 'List' };

function save(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = window.document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has read the address by the next turn; the memory goes with it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function saveWhole(cell: CellRef, column: Column): Promise<void> {
  const value = (await readWhole(cell)) ?? '';
  const bytes = column.family === 'binary' ? hexBytes(value) : null;
  const extension = bytes ? 'bin' : column.family === 'json' ? 'json' : 'txt';
  save(`${column.name}-row-${cell.row + 1}.${extension}`, bytes ? new Uint8Array(bytes) : value, bytes ? 'application/octet-stream' : 'text/plain;charset=utf-8');
}

async function copyWhole(cell: CellRef): Promise<void> {
  const value = await readWhole(cell);
  await client.application.copyText({ text: value ?? '' });
  showDone(value === null ? 'Copied NULL as empty text' : 'Copied the whole value');
}

function List({ text }: { readonly text: string }) {
  const elements = useMemo(() => arrayElements(text), [text]);
  if (!elements) return <ReadOnlyText text={text} language="plain" wrap label="Value" />;
  return (
    <ol className={classes.list} tabIndex={0} aria-label={`${elements.length} elements`}>
      {elements.slice(0, 2000).map((element, index) => (
        <li key={index}>{element === null ? <i>NULL</i> : element === '' ? <i>empty</i> : element}</li>
      ))}
      {elements.length > 2000 ? <li>… and {formatCount(elements.length - 2000)} more: see Text</li> : null}
    </ol>
  );
}

function Body({ text, look, wrap, partial }: { readonly text: string; readonly look: Look; readonly wrap: boolean; readonly partial: boolean }) {
  const shown = useMemo(() => {
    if (look === 'json') return text.length <= PRETTY_LIMIT ? (prettyJson(text, partial) ?? text) : text;
    if (look === 'hex') {
      const bytes = hexBytes(text);
      return bytes ? hexDump(bytes) : text;
    }
    return text;
  }, [text, look, partial]);
  if (look === 'list') return <List text={text} />;
  return <ReadOnlyText text={shown} language={look === 'json' && text.length <= PRETTY_LIMIT ? 'json' : 'plain'} wrap={wrap && look !== 'hex'} label="Value" />;
}

interface ActionsProps {
  readonly cell: CellRef;
  readonly column: Column;
  readonly wrap: boolean;
  readonly onWrap: () => void;
}

function Actions({ cell, column, wrap, onWrap }: ActionsProps) {
  const fail = (what: string) => (error: unknown) => showError(what, error);
  return (
    <>
      <Tooltip label={wrap ? 'Do not wrap long lines' : 'Wrap long lines'}>
        <ActionIcon aria-label="Wrap long lines" aria-pressed={wrap} variant={wrap ? 'light' : 'subtle'} onClick={onWrap}>
          <IconTextWrap size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Copy the whole value">
        <ActionIcon aria-label="Copy the whole value" onClick={() => void copyWhole(cell).catch(fail('Copying failed'))}>
          <IconCopy size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Save the whole value to a file">
        <ActionIcon aria-label="Save the whole value to a file" onClick={() => void saveWhole(cell, column).catch(fail('Saving failed'))}>
          <IconDeviceFloppy size={15} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function Foot({ value, pretty, broken, onMore }: { readonly value: CellValue; readonly pretty: boolean; readonly broken: boolean; readonly onMore: () => void }) {
  const partial = value.read < value.bytes;
  const size = value.text === null ? '' : partial ? `${formatBytes(value.read)} of ${formatBytes(value.bytes)}` : formatBytes(value.bytes);
  return (
    <footer className={classes.foot}>
      <span role="status">{value.loading ? 'reading…' : size}</span>
      {pretty ? null : <span>over {formatBytes(PRETTY_LIMIT)}: not indented</span>}
      {partial ? (
        <Button size="compact-xs" variant="default" loading={value.loading} onClick={onMore}>
          Read 4 MB more
        </Button>
      ) : null}
      {broken ? <span>long lines are broken here</span> : null}
    </footer>
  );
}

function Note({ value }: { readonly value: CellValue }) {
  if (value.error) return <ErrorPanel title="The value could not be read" error={value.error} />;
  if (value.text === null) return <p className={classes.note}>NULL: there is no value.</p>;
  return value.text === '' && !value.loading ? <p className={classes.note}>Empty text: a value of length 0, not NULL.</p> : null;
}

/** The whole value of one cell beside the grid: long text, JSON, bytes and arrays; read in pieces. */
export function CellViewer({ cell, column, onClose }: CellViewerProps) {
  const value = useCellValue(cell);
  const [chosen, setChosen] = useState<Look | null>(null);
  const [wrap, setWrap] = useState(true);
  const text = value.text ?? '';
  const looks = useMemo(() => looksFor(column, text), [column, text]);
  const look = chosen !== null && looks.includes(chosen) ? chosen : (looks[0] ?? 'text');
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };

  return (
    <aside className={classes.panel} aria-label={`Value of ${column.name}, row ${cell.row + 1}`} onKeyDown={onKeyDown}>
      <header className={classes.head}>
        <span className={classes.title}>
          <b>{column.name}</b>
          <Text component="span" size="xs" c="dimmed">
            {column.type}
          </Text>
        </span>
        {looks.length > 1 ? <SegmentedControl aria-label="Show as" size="xs" value={look} onChange={(next) => setChosen(next)} data={looks.map((name) => ({ value: name, label: lookLabels[name] }))} /> : null}
        <Actions cell={cell} column={column} wrap={wrap} onWrap={() => setWrap(!wrap)} />
        <CloseButton size="sm" aria-label="Close the value" onClick={onClose} />
      </header>
      <div className={classes.body}>
        <Note value={value} />
        {text === '' ? null : <Body text={text} look={look} wrap={wrap} partial={value.read < value.bytes} />}
      </div>
      <Foot value={value} pretty={look !== 'json' || text.length <= PRETTY_LIMIT} broken={look === 'text' && hasLongLines(text)} onMore={value.loadMore} />
    </aside>
  );
}
