import { Checkbox, Group, NumberInput, Select, TextInput } from '@mantine/core';
import type { ImportSource } from '../../../src-preload/contract/imports';
import type { ImportModel } from './useImport';

const formats = [
  { value: 'csv', label: 'CSV' }, { value: 'tsv', label: 'TSV' }, { value: 'json', label: 'JSON' }, { value: 'ndjson', label: 'NDJSON' },
  { value: 'xlsx', label: 'XLSX' }, { value: 'parquet', label: 'Parquet' }, { value: 'sql', label: 'SQL' },
];
const encodings = [
  { value: 'utf-8', label: 'UTF-8' }, { value: 'utf-16le', label: 'UTF-16 LE' }, { value: 'utf-16be', label: 'UTF-16 BE' }, { value: 'windows-1252', label: 'Windows-1252' },
];
const delimiters = [
  { value: ',', label: 'Comma ,' }, { value: ';', label: 'Semicolon ;' }, { value: '\t', label: 'Tab' }, { value: '|', label: 'Bar |' },
];
const quotes = [
  { value: '"', label: 'Double "' }, { value: "'", label: "Single '" }, { value: 'none', label: 'None' },
];

interface OptionsProps {
  readonly source: ImportSource;
  readonly change: (patch: Partial<ImportSource>) => void;
}

/** What CSV and TSV need to be told. */
function TextOptions({ source, change }: OptionsProps) {
  return (
    <>
      <Select label="Delimiter" data={delimiters} value={source.delimiter} w={128} allowDeselect={false} onChange={(value) => value && change({ delimiter: value })} />
      <Select label="Quote" data={quotes} value={source.quote || 'none'} w={108} allowDeselect={false} onChange={(value) => value && change(value === 'none' ? { quote: '', escape: '' } : { quote: value, escape: value })} />
      <TextInput label="NULL is written as" placeholder="(empty)" defaultValue={source.nullText} w={128} onBlur={(event) => event.currentTarget.value !== source.nullText && change({ nullText: event.currentTarget.value })} />
    </>
  );
}

function SheetOptions({ source, change, sheets }: OptionsProps & { readonly sheets: readonly string[] }) {
  return (
    <>
      <Select label="Sheet" data={[...new Set(sheets)]} value={source.sheet ?? sheets[0] ?? null} w={180} allowDeselect={false} onChange={(value) => change({ sheet: value })} />
      <NumberInput label="First row" min={1} value={source.headerRow} w={84} onChange={(value) => typeof value === 'number' && value >= 1 && change({ headerRow: value })} />
    </>
  );
}

const isDelimited = ({ format }: ImportSource): boolean => format === 'csv' || format === 'tsv';
const isEncoded = (source: ImportSource): boolean => isDelimited(source) || source.format === 'json' || source.format === 'ndjson';
const hasHeader = (source: ImportSource): boolean => isDelimited(source) || source.format === 'xlsx';

/** How the file is read; each change reads it anew. */
export function SourceForm({ model: { preview, read } }: { readonly model: ImportModel }) {
  if (!preview) return null;
  const { source, sheets } = preview;
  const change = (patch: Partial<ImportSource>): void => void read({ ...source, ...patch });
  return (
    <Group gap="xs" align="flex-end" role="group" aria-label="How the file is read">
      <Select label="Format" data={formats} value={source.format} w={104} allowDeselect={false} onChange={(value) => value && void read({ path: source.path, format: value as ImportSource['format'] })} />
      {isEncoded(source) ? <Select label="Encoding" data={encodings} value={source.encoding} w={132} allowDeselect={false} onChange={(value) => value && change({ encoding: value as ImportSource['encoding'] })} /> : null}
      {isDelimited(source) ? <TextOptions source={source} change={change} /> : null}
      {source.format === 'xlsx' ? <SheetOptions source={source} change={change} sheets={sheets} /> : null}
      {source.format === 'json' ? <TextInput label="Keys to the array" placeholder="(the document)" defaultValue={source.jsonPath} w={160} onBlur={(event) => event.currentTarget.value !== source.jsonPath && change({ jsonPath: event.currentTarget.value })} /> : null}
      {hasHeader(source) ? <Checkbox label="First row has names" checked={source.header} mb={6} onChange={(event) => change({ header: event.currentTarget.checked })} /> : null}
      {isDelimited(source) ? <Checkbox label="Quoted too" title="A quoted field is NULL too when it has that text" checked={source.nullQuoted} mb={6} onChange={(event) => change({ nullQuoted: event.currentTarget.checked })} /> : null}
    </Group>
  );
}
