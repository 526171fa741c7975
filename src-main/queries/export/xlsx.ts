import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import { AppError } from '../../errors';
import type { RowCells } from '../views/rowScan';
import type { OutputBuffer } from './outputBuffer';
import type { ExportColumn, RowEncoder } from './rowEncoder';
import { columnLetters, SheetText, styleOf, writePackage } from './xlsxParts';
import { sheetKind, sheetNumber, sheetTime, type SheetKind } from './xlsxValues';
import { ZipFile } from './zipFile';

export type XlsxOptions = Omit<Extract<ExportSpec, { format: 'xlsx' }>, 'format'>;

/** What a sheet and a cell can hold. Source: Microsoft, "Excel specifications and limits". */
export const sheetLimits = { rows: 1_048_576, columns: 16_384, characters: 32_767 } as const;
/** Cut values that are listed one by one; the others are counted. */
const mostListed = 10_000;

interface SheetColumn extends ExportColumn {
  readonly kind: SheetKind;
  readonly style: number;
  readonly letters: string;
  cut: number;
  asText: number;
}

interface CutValue {
  readonly sheet: string;
  readonly cell: string;
  readonly column: string;
  readonly characters: number;
}

/**
 * A workbook of SpreadsheetML (ECMA-376): as many sheets as the rows need, each with the line of names, and a sheet `Notes` that lists
 * what was cut and counts what is text because a cell could not hold it exactly. Text is text: never a formula. `rows` bounds a sheet.
 */
export function xlsxEncoder(columns: readonly ExportColumn[], file: OutputBuffer, options: XlsxOptions, rows: number = sheetLimits.rows): RowEncoder {
  if (columns.length > sheetLimits.columns)
    throw new AppError('bad_input', `A sheet has at most ${sheetLimits.columns} columns; this result has ${columns.length}.`, { hint: 'Choose fewer columns, or another format.' });
  return new Workbook(columns, file, options, rows);
}

class Workbook implements RowEncoder {
  private readonly columns: readonly SheetColumn[];
  private readonly zip: ZipFile;
  private readonly text: SheetText;
  private readonly sheets: string[] = [];
  private readonly cuts: CutValue[] = [];
  private row_ = 0;

  constructor(
    columns: readonly ExportColumn[],
    private readonly file: OutputBuffer,
    private readonly options: XlsxOptions,
    private readonly rowsPerSheet: number,
  ) {
    this.columns = columns.map((column, position) => {
      const kind: SheetKind = options.types === 'text' ? { kind: 'text' } : sheetKind(column);
      return { ...column, kind, style: styleOf(kind), letters: columnLetters(position), cut: 0, asText: 0 };
    });
    this.zip = new ZipFile(file);
    this.text = new SheetText(this.zip);
  }

  begin(): void {
    this.openSheet();
  }

  row(cells: RowCells): void {
    if (this.row_ === this.rowsPerSheet) this.openSheet();
    this.startRow();
    for (const column of this.columns) {
      const length = cells.lengths[column.index] ?? -1;
      if (length >= 0) this.cell(column, cells.bytes, cells.offsets[column.index] ?? 0, length);
    }
    this.zip.text('</row>');
  }

  end(): void {
    this.closeSheet();
    const notes = this.notes();
    if (notes.length > 0) this.notesSheet(notes);
    writePackage(this.zip, this.sheets, this.columns.flatMap(({ kind }) => (kind.kind === 'number' && kind.scale !== null ? [kind.scale] : [])));
    this.zip.end();
    this.file.end();
  }

  notes(): string[] {
    const many = (count: number, what: string): string => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
    return this.columns.flatMap(({ name, cut, asText, kind }) => [
      ...(cut > 0 ? [`${name}: ${many(cut, 'value')} cut to the ${sheetLimits.characters.toLocaleString('en-US')} characters that a cell holds.`] : []),
      ...(asText > 0 ? [`${name}: ${many(asText, 'value')} written as text, because a cell would not hold ${asText === 1 ? 'it' : 'them'} exactly.`] : []),
      ...(kind.kind === 'moment' ? [`${name}: moments are shown in UTC.`] : []),
    ]);
  }

  private openSheet(): void {
    if (this.sheets.length > 0) this.closeSheet();
    const name = this.sheets.length === 0 ? 'Rows' : `Rows ${this.sheets.length + 1}`;
    this.sheets.push(name);
    this.row_ = 0;
    const { header } = this.options;
    this.text.openSheet(this.sheets.length, this.columns.map(({ kind, name: title }) => widthOf(kind, title)), header === 'bold');
    if (header === 'none') return;
    this.startRow();
    for (const { name: title, kind, letters } of this.columns) this.text.string(`${letters}${this.row_}`, kind.kind === 'moment' ? `${title} (UTC)` : title, header === 'bold' ? styleOf('header') : 0);
    this.zip.text('</row>');
  }

  private closeSheet(): void {
    const last = this.columns[this.columns.length - 1];
    const filter = this.options.header === 'bold' && last ? `A1:${last.letters}${this.row_}` : null;
    this.text.closeSheet(filter);
  }

  private startRow(): void {
    this.row_ += 1;
    this.zip.text(`<row r="${this.row_}">`);
  }

  private cell(column: SheetColumn, bytes: Buffer, from: number, length: number): void {
    const { kind, letters, style } = column;
    const to = from + length;
    if (kind.kind !== 'text') {
      const value = length > 400 ? null : valueOf(kind, bytes.toString('latin1', from, to));
      if (value !== null) return this.zip.text(`<c r="${letters}${this.row_}"${style > 0 ? ` s="${style}"` : ''}${kind.kind === 'boolean' ? ' t="b"' : ''}><v>${value}</v></c>`);
      column.asText += 1;
    }
    const place = `${letters}${this.row_}`;
    const end = length <= sheetLimits.characters ? to : from + this.fittingBytes(column, place, bytes.toString('utf8', from, to));
    this.text.stringBytes(place, bytes, from, end);
  }

  /** Bytes of the text that a cell holds; what is cut is listed. */
  private fittingBytes(column: SheetColumn, cell: string, text: string): number {
    if (text.length <= sheetLimits.characters) return Buffer.byteLength(text);
    column.cut += 1;
    if (this.cuts.length < mostListed) this.cuts.push({ sheet: this.sheets.at(-1) ?? '', cell, column: column.name, characters: text.length });
    const half = /[\uD800-\uDBFF]$/.test(text.slice(0, sheetLimits.characters)) ? 1 : 0;
    return Buffer.byteLength(text.slice(0, sheetLimits.characters - half));
  }

  private notesSheet(notes: readonly string[]): void {
    this.sheets.push('Notes');
    this.text.openSheet(this.sheets.length, [90, 12, 30, 16], false);
    const lines: readonly (readonly string[])[] = [...notes.map((note) => [note]), ...(this.cuts.length === 0 ? [] : [[], ['Cut: sheet', 'Cell', 'Column', 'Characters']]), ...this.cuts.map(({ sheet, cell, column, characters }) => [sheet, cell, column, String(characters)])];
    this.row_ = 0;
    for (const line of lines) {
      this.startRow();
      line.forEach((text, position) => this.text.string(`${columnLetters(position)}${this.row_}`, text, 0));
      this.zip.text('</row>');
    }
    this.text.closeSheet(null);
  }
}

function valueOf(kind: SheetKind, text: string): string | null {
  switch (kind.kind) {
    case 'boolean':
      return text === 't' || text === 'true' ? '1' : '0';
    case 'number':
      return sheetNumber(text, kind.double);
    case 'text':
      return null;
    default:
      return sheetTime(text, kind.kind);
  }
}

/** Width of a column in characters. */
function widthOf(kind: SheetKind, title: string): number {
  const widths = { text: 24, boolean: 9, number: 13, date: 12, timestamp: 22, moment: 22, time: 14 };
  return Math.min(60, Math.max(widths[kind.kind], title.length + 5));
}
