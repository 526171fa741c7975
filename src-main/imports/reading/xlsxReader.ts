import { statSync } from 'node:fs';
import type { ImportSource } from '../../../src-preload/contract/imports';
import { dateText } from './excelDates';
import { batchRows, emptyBatch, usableNames, type Row, type RowBatch, type RowReader } from './rowReader';
import type { SharedStrings } from './sharedStrings';
import { openWorkbook, readSharedStrings, sheetOf, unescaped, type Workbook } from './workbook';
import { parseXml } from './xml';

interface SheetRow {
  readonly number: number;
  readonly cells: (string | null)[];
  /** Columns whose cell is a text. */
  readonly texts: number[];
}

/** One sheet of an XLSX. Formulas are read as the value that the program which saved the file computed; of merged cells the first has the value. */
export async function openXlsx(source: ImportSource): Promise<RowReader> {
  const workbook = await openWorkbook(source.path);
  let strings: SharedStrings | null = null;
  try {
    const sheet = sheetOf(workbook, source.sheet);
    strings = await readSharedStrings(workbook.zip);
    const reader = new XlsxReader(source, workbook, strings, sheet.file);
    await reader.begin();
    return reader;
  } catch (error) {
    strings?.close();
    workbook.close();
    throw error;
  }
}

class XlsxReader implements RowReader {
  columns: readonly string[] = [];
  position = 0;
  readonly size: number;
  readonly textColumns = new Set<number>();
  readonly declaredTypes: ReadonlyMap<number, string> = new Map();
  private readonly rows: AsyncGenerator<SheetRow>;
  private first: SheetRow | null = null;

  constructor(
    private readonly source: ImportSource,
    private readonly workbook: Workbook,
    private readonly strings: SharedStrings,
    private readonly sheetFile: string,
  ) {
    this.size = statSync(source.path).size;
    this.rows = this.sheetRows();
  }

  async begin(): Promise<void> {
    const { value } = (await this.rows.next()) as IteratorResult<SheetRow, undefined>;
    if (value === undefined) return;
    this.columns = usableNames(this.source.header ? value.cells : value.cells.map(() => null));
    if (!this.source.header) this.first = value;
  }

  async *batches(): AsyncGenerator<RowBatch> {
    let batch = emptyBatch();
    if (this.first) this.add(batch, this.first);
    for await (const row of this.rows) {
      this.add(batch, row);
      if (batch.rows.length + batch.problems.length < batchRows) continue;
      yield batch;
      batch = emptyBatch();
    }
    this.position = this.size;
    yield batch;
  }

  close(): void {
    void this.rows.return(undefined);
    this.strings.close();
    this.workbook.close();
  }

  private add(batch: RowBatch, { number, cells, texts }: SheetRow): void {
    const width = this.columns.length;
    const beyond = cells.findIndex((cell, index) => index >= width && cell !== null);
    if (beyond >= 0) {
      batch.problems.push({ line: number, column: null, message: `It has a value in column ${columnLetters(beyond)}, which is beyond the ${width} columns of the first row.`, value: cells[beyond] ?? null, raw: cells });
      return;
    }
    const row: Row = Array.from({ length: width }, (_, index) => cells[index] ?? null);
    if (row.every((cell) => cell === null)) return;
    for (const column of texts) if (column < width) this.textColumns.add(column);
    batch.rows.push(row);
    batch.lines.push(number);
  }

  private async *sheetRows(): AsyncGenerator<SheetRow> {
    const { source, workbook, sheetFile } = this;
    const stream = await workbook.zip.open(sheetFile);
    const sheetSize = workbook.zip.compressedSize(sheetFile);
    const ready: SheetRow[] = [];
    const cells = new CellReader(workbook, this.strings, (row) => {
      if (row.number >= source.headerRow) ready.push(row);
    });
    let pieces = 0;
    const parsing = parseXml(stream, cells);
    while (!(await parsing.next()).done) {
      pieces += 1;
      // The archive does not say how far it has got; a piece is 16 to 64 KiB of XML, which packs to about a tenth.
      this.position = Math.min(this.size, Math.round((this.size * Math.min(1, (pieces * 4096) / Math.max(1, sheetSize)))));
      for (const row of ready) yield row;
      ready.length = 0;
    }
  }
}

/** Turns the events of a sheet's XML into rows. */
class CellReader {
  private row: SheetRow = { number: 0, cells: [], texts: [] };
  private column = -1;
  private type = 'n';
  private style = 0;
  private collected = '';
  private taking = false;
  private hasValue = false;

  constructor(
    private readonly workbook: Workbook,
    private readonly strings: SharedStrings,
    private readonly emit: (row: SheetRow) => void,
  ) {}

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.row = { number: attributes['r'] === undefined ? this.row.number + 1 : Number(attributes['r']), cells: [], texts: [] };
      this.column = -1;
    } else if (name === 'c') {
      this.column = attributes['r'] === undefined ? this.column + 1 : columnIndex(attributes['r']);
      this.type = attributes['t'] ?? 'n';
      this.style = Number(attributes['s'] ?? 0);
      this.collected = '';
      this.hasValue = false;
    }
    this.taking = name === 'v' || name === 't';
    if (this.taking) this.hasValue = true;
  }

  text(piece: string): void {
    if (this.taking) this.collected += piece;
  }

  close(name: string): void {
    this.taking = false;
    if (name === 'row') this.emit(this.row);
    if (name !== 'c' || !this.hasValue || this.column < 0 || this.column > 16_383) return;
    const value = this.value();
    if (value === null) return;
    while (this.row.cells.length < this.column) this.row.cells.push(null);
    this.row.cells[this.column] = value;
    if (['s', 'str', 'inlineStr'].includes(this.type)) this.row.texts.push(this.column);
  }

  private value(): string | null {
    const text = this.collected;
    switch (this.type) {
      case 's':
        return this.strings.get(Number(text));
      case 'str':
      case 'inlineStr':
        return unescaped(text);
      case 'b':
        return text === '1' ? 'true' : 'false';
      case 'd':
      case 'e':
        return text;
      default:
        return this.number(text);
    }
  }

  private number(text: string): string | null {
    if (text === '') return null;
    if (this.workbook.dateStyles[this.style] === true) return dateText(Number(text), this.workbook.from1904) ?? text;
    // A spreadsheet's number is a double: its shortest text stands for the same double. Digits that a double cannot hold are left alone.
    if (/^-?\d+$/.test(text)) return text;
    const number = Number(text);
    return Number.isFinite(number) ? String(number) : text;
  }
}

/** `BC12` is column 54. */
function columnIndex(reference: string): number {
  let index = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at) & ~32;
    if (code < 65 || code > 90) break;
    index = index * 26 + code - 64;
  }
  return index - 1;
}

function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}
