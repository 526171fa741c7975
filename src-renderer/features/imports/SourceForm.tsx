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

/** How the file is read; each change reads it anew. */
export function SourceForm({ model }: { readonly model: ImportModel }) {
  const source = model.preview?.source;
  if (!source) return null;
  const change = (patch: Partial<ImportSource>): void => void model.read({ ...source, ...patch });
  const text = source.format === 'csv' || source.format === 'tsv';
  const encoded = text || source.format === 'json' || source.format === 'ndjson';
  return (
    <Group gap="xs" align="flex-end" role="group" aria-label="How the file is read">
      <Select label="Format" data={formats} value={source.format} w={104} allowDeselect={false} onChange={(value) => value && void model.read({ path: source.path, format: value as ImportSource['format'] })} />
      {encoded ? <Select label="Encoding" data={encodings} value={source.encoding} w={132} allowDeselect={false} onChange={(value) => value && change({ encoding: value as ImportSource['encoding'] })} /> : null}
      {text ? <Select label="Delimiter" data={delimiters} value={source.delimiter} w={128} allowDeselect={false} onChange={(value) => value && change({ delimiter: value })} /> : null}
      {text ? <Select label="Quote" data={quotes} value={source.quote || 'none'} w={108} allowDeselect={false} onChange={(value) => value && change(value === 'none' ? { quote: '', escape: '' } : { quote: value, escape: value })} /> : null}
      {text ? <TextInput label="NULL is written as" placeholder="(empty)" defaultValue={source.nullText} w={128} onBlur={(event) => event.currentTarget.value !== source.nullText && change({ nullText: event.currentTarget.value })} /> : null}
      {source.format === 'xlsx' ? <Select label="Sheet" data={[...new Set(model.preview?.sheets)]} value={source.sheet ?? model.preview?.sheets[0] ?? null} w={180} allowDeselect={false} onChange={(value) => change({ sheet: value })} /> : null}
      {source.format === 'xlsx' ? <NumberInput label="First row" min={1} value={source.headerRow} w={84} onChange={(value) => typeof value === 'number' && value >= 1 && change({ headerRow: value })} /> : null}
      {source.format === 'json' ? <TextInput label="Keys to the array" placeholder="(the document)" defaultValue={source.jsonPath} w={160} onBlur={(event) => event.currentTarget.value !== source.jsonPath && change({ jsonPath: event.currentTarget.value })} /> : null}
      {text || source.format === 'xlsx' ? <Checkbox label="First row has names" checked={source.header} mb={6} onChange={(event) => change({ header: event.currentTarget.checked })} /> : null}
      {text ? <Checkbox label="Quoted too" title="A quoted field is NULL too when it has that text" checked={source.nullQuoted} mb={6} onChange={(event) => change({ nullQuoted: event.currentTarget.checked })} /> : null}
    </Group>
  );
}
