import { NumberInput, Radio, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { compressedFormats, type ExportFormat, type ExportSpec } from '../../../src-preload/contract/exportSpec';
import { formatCount } from '../../shell/format';
import { formatFaces } from './formats';
import { rememberedSpec } from './remembered';

type Of<F extends ExportFormat> = Extract<ExportSpec, { format: F }>;

interface OptionsProps<F extends ExportFormat> {
  readonly spec: Of<F>;
  readonly onChange: (spec: ExportSpec) => void;
}

const delimiters = [
  { value: ',', label: 'Comma ,' },
  { value: ';', label: 'Semicolon ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar |' },
];

function CsvOptions({ spec, onChange }: OptionsProps<'csv'>) {
  return (
    <Stack gap={8}>
      <SimpleGrid cols={2} spacing="sm" verticalSpacing={8}>
        <Select label="Between fields" allowDeselect={false} data={delimiters} value={spec.delimiter} onChange={(delimiter) => onChange({ ...spec, delimiter: (delimiter ?? ',') as Of<'csv'>['delimiter'] })} />
        <Select
          label="Line ends"
          allowDeselect={false}
          data={[
            { value: 'crlf', label: 'CR LF (RFC 4180)' },
            { value: 'lf', label: 'LF (Unix)' },
          ]}
          value={spec.lineEnd}
          onChange={(lineEnd) => onChange({ ...spec, lineEnd: lineEnd === 'lf' ? 'lf' : 'crlf' })}
        />
        <TextInput label="NULL is written as" placeholder="nothing" value={spec.nullText} maxLength={20} onChange={(event) => onChange({ ...spec, nullText: event.currentTarget.value.replaceAll(/["\r\n,;\t|]/g, '') })} />
        <Select
          label="Encoding"
          allowDeselect={false}
          data={[
            { value: 'plain', label: 'UTF-8' },
            { value: 'bom', label: 'UTF-8 with mark (Excel)' },
          ]}
          value={spec.bom ? 'bom' : 'plain'}
          onChange={(encoding) => onChange({ ...spec, bom: encoding === 'bom' })}
        />
      </SimpleGrid>
      <Switch label="A first line with the names" checked={spec.header} onChange={(event) => onChange({ ...spec, header: event.currentTarget.checked })} />
      <Switch label="Quotes around every value" checked={spec.quoteAll} onChange={(event) => onChange({ ...spec, quoteAll: event.currentTarget.checked })} />
      <Switch
        label="Guard against formulas"
        description="An apostrophe before text that begins with = + - or @, which a spreadsheet would run. Such values change."
        checked={spec.guardFormulas}
        onChange={(event) => onChange({ ...spec, guardFormulas: event.currentTarget.checked })}
      />
    </Stack>
  );
}

const typeChoices = [
  { value: 'typed', label: 'Typed where exact' },
  { value: 'text', label: 'All values as text' },
];

function XlsxOptions({ spec, onChange }: OptionsProps<'xlsx'>) {
  return (
    <SimpleGrid cols={2} spacing="sm">
      <Select
        label="Names of the columns"
        allowDeselect={false}
        data={[
          { value: 'bold', label: 'Bold, frozen, with filters' },
          { value: 'plain', label: 'Plain' },
          { value: 'none', label: 'None' },
        ]}
        value={spec.header}
        onChange={(header) => onChange({ ...spec, header: (header ?? 'bold') })}
      />
      <Select label="Values" allowDeselect={false} data={typeChoices} value={spec.types} onChange={(types) => onChange({ ...spec, types: types === 'text' ? 'text' : 'typed' })} />
    </SimpleGrid>
  );
}

function ParquetOptions({ spec, onChange }: OptionsProps<'parquet'>) {
  return (
    <SimpleGrid cols={2} spacing="sm">
      <Select label="Compression" allowDeselect={false} data={['zstd', 'snappy', 'gzip', 'uncompressed']} value={spec.compression} onChange={(compression) => onChange({ ...spec, compression: (compression ?? 'zstd') })} />
      <Select label="Values" allowDeselect={false} data={typeChoices} value={spec.types} onChange={(types) => onChange({ ...spec, types: types === 'text' ? 'text' : 'typed' })} />
    </SimpleGrid>
  );
}

function InsertOptions({ spec, onChange, named }: OptionsProps<'insert'> & { readonly named: boolean }) {
  return (
    <SimpleGrid cols={2} spacing="sm" verticalSpacing={8}>
      {named ? <TableName spec={spec} onChange={onChange} /> : null}
      <NumberInput label="Rows in a statement" min={1} max={10_000} allowDecimal={false} value={spec.rowsPerStatement} onChange={(rows) => typeof rows === 'number' && rows >= 1 && onChange({ ...spec, rowsPerStatement: Math.min(10_000, rows) })} />
      <Select
        label="A row that is there already"
        allowDeselect={false}
        data={[
          { value: 'error', label: 'is an error' },
          { value: 'nothing', label: 'is left as it is (DO NOTHING)' },
        ]}
        value={spec.onConflict}
        onChange={(onConflict) => onChange({ ...spec, onConflict: onConflict === 'nothing' ? 'nothing' : 'error' })}
      />
    </SimpleGrid>
  );
}

function TableName({ spec, onChange }: OptionsProps<'insert' | 'copy'>) {
  return (
    <TextInput
      label="Table"
      value={spec.table}
      error={spec.table.trim() === '' ? 'The script needs a table' : null}
      onChange={(event) => onChange({ ...spec, table: event.currentTarget.value })}
    />
  );
}

function SpecOptions({ spec, onChange, named }: { readonly spec: ExportSpec; readonly onChange: (spec: ExportSpec) => void; readonly named: boolean }) {
  switch (spec.format) {
    case 'csv':
      return <CsvOptions spec={spec} onChange={onChange} />;
    case 'xlsx':
      return <XlsxOptions spec={spec} onChange={onChange} />;
    case 'parquet':
      return <ParquetOptions spec={spec} onChange={onChange} />;
    case 'insert':
      return <InsertOptions spec={spec} onChange={onChange} named={named} />;
    case 'copy':
      return named ? <TableName spec={spec} onChange={onChange} /> : null;
    default:
      return null;
  }
}

interface FormatOptionsProps {
  readonly spec: ExportSpec;
  readonly onSpec: (spec: ExportSpec) => void;
  readonly gzip: boolean;
  readonly onGzip: (gzip: boolean) => void;
  /** Rows that will be written, where that is known. */
  readonly rows: number | null;
  /** The person names the table of a script; false where each table has its own. */
  readonly named: boolean;
}

/** The format and its options; a format comes with the options that were last used with it. */
export function FormatOptions({ spec, onSpec, gzip, onGzip, rows, named }: FormatOptionsProps) {
  const face = formatFaces.find(({ format }) => format === spec.format);
  const tooMany = face?.most && rows !== null && rows > face.most.rows ? face.most : null;
  const choose = (format: string): void => {
    const next = rememberedSpec(format as ExportFormat);
    // The table's name belongs to these rows, not to the last that were exported.
    onSpec('table' in next && 'table' in spec ? { ...next, table: spec.table } : next);
  };
  return (
    <Stack gap="sm">
      <Radio.Group label="Format" value={spec.format} onChange={choose}>
        <SimpleGrid cols={3} spacing="xs" verticalSpacing={8} mt={6}>
          {formatFaces.map(({ format, label }) => (
            <Radio key={format} size="xs" value={format} label={label} />
          ))}
        </SimpleGrid>
      </Radio.Group>
      <Text size="xs" c="dimmed">
        {face?.hint}
      </Text>
      {tooMany ? (
        <Text size="xs" role="status">
          {formatCount(rows ?? 0)} rows: {tooMany.why}.
        </Text>
      ) : null}
      <SpecOptions spec={spec} onChange={onSpec} named={named} />
      {compressedFormats.has(spec.format) ? null : <Switch label="Compressed (gzip)" checked={gzip} onChange={(event) => onGzip(event.currentTarget.checked)} />}
    </Stack>
  );
}
