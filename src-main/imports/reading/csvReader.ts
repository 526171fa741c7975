import type { ImportSource } from '../../../src-preload/contract/imports';
import { CsvRecords, type CsvRecord } from './csvRecords';
import { batchChars, batchRows, emptyBatch, usableNames, type Row, type RowBatch, type RowReader } from './rowReader';
import { TextFile } from './textFile';

/** CSV and TSV. Opening reads up to the first record. */
export function openCsv(source: ImportSource): RowReader {
  return new CsvReader(source);
}

class CsvReader implements RowReader {
  readonly columns: readonly string[];
  readonly textColumns: ReadonlySet<number> = new Set();
  readonly declaredTypes: ReadonlyMap<number, string> = new Map();
  private readonly file: TextFile;
  private readonly records: CsvRecords;
  private waiting: { record: CsvRecord; broken: boolean }[] = [];
  private ended = false;
  /** Also the chunk before: a record may have begun there. */
  private brokenBefore = false;

  constructor(source: ImportSource) {
    this.file = new TextFile(source.path, source.encoding);
    this.records = new CsvRecords(source);
    while (this.waiting.length === 0 && !this.ended) this.read();
    const [first] = this.waiting;
    const fields = first?.record.fields ?? [];
    if (source.header) this.waiting.shift();
    this.columns = usableNames(source.header ? fields : fields.map(() => null));
  }

  get position(): number {
    return this.file.position;
  }

  get size(): number {
    return this.file.size;
  }

  *batches(): Generator<RowBatch> {
    let batch = emptyBatch();
    for (;;) {
      let chars = 0;
      for (const { record, broken } of this.waiting) {
        chars += this.add(batch, record, broken);
        if (batch.rows.length + batch.problems.length < batchRows && chars < batchChars) continue;
        yield batch;
        batch = emptyBatch();
        chars = 0;
      }
      this.waiting = [];
      if (this.ended) break;
      this.read();
    }
    yield batch;
  }

  close(): void {
    this.file.close();
  }

  private read(): void {
    const chunk = this.file.next();
    this.ended = chunk === null;
    const broken = chunk?.broken === true || this.brokenBefore;
    this.brokenBefore = chunk?.broken ?? false;
    this.records.push(chunk?.text ?? '', this.ended, (record) => this.waiting.push({ record, broken }));
  }

  /** Returns the record's size in characters. */
  private add(batch: RowBatch, { fields, line }: CsvRecord, broken: boolean): number {
    const expected = this.columns.length;
    if (fields.length === expected) {
      if (broken && fields.some((field) => field?.includes('\uFFFD'))) this.refuse(batch, fields, line, 'It has bytes that are not valid in the chosen encoding.');
      else {
        batch.rows.push(fields);
        batch.lines.push(line);
      }
    } else if (fields.length > 1 || (fields[0] !== null && fields[0] !== '')) {
      this.refuse(batch, fields, line, `It has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'} instead of ${expected}.`);
    }
    let chars = 0;
    for (const field of fields) chars += field?.length ?? 0;
    return chars;
  }

  private refuse(batch: RowBatch, raw: Row, line: number, message: string): void {
    batch.problems.push({ line, column: null, message, value: null, raw });
  }
}
