import { AppError } from '../../errors';

export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullText: string;
  readonly nullQuoted: boolean;
}

export interface CsvRecord {
  readonly fields: (string | null)[];
  /** 1-based line on which it begins. */
  readonly line: number;
}

/** A record of more characters is a quote that was never closed. */
const maxRecordChars = 64 * 1024 * 1024;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Cuts CSV into records with the rules of PostgreSQL's COPY ... (FORMAT csv), so that a file reads the same whichever way it takes: a quote
 * may stand anywhere in a field, and only a field without quotes is NULL by its text. Line ends may be mixed. Blank lines
 * are no records, unless there is but one column.
 */
export class CsvRecords {
  private text = '';
  private line = 1;
  /** Characters of `text` that were looked at in vain; it must grow well beyond them before it is looked at again. */
  private waitsFor = 0;
  private readonly delimiterCode: number;
  private readonly quoteCode: number;
  private readonly escapeCode: number;

  constructor(private readonly dialect: CsvDialect) {
    this.delimiterCode = dialect.delimiter.charCodeAt(0);
    this.quoteCode = dialect.quote === '' ? -1 : dialect.quote.charCodeAt(0);
    this.escapeCode = dialect.escape === '' ? this.quoteCode : dialect.escape.charCodeAt(0);
  }

  /** Adds text and hands on every record that is whole; with `last`, also the one that the end of the file ends. */
  push(text: string, last: boolean, emit: (record: CsvRecord) => void): void {
    this.text = this.text === '' ? text : this.text + text;
    if (!last && this.text.length < this.waitsFor) return;
    let at = 0;
    while (at < this.text.length) {
      const next = this.record(at, last, emit);
      if (next < 0) break;
      at = next;
    }
    this.text = this.text.slice(at);
    this.waitsFor = this.text.length * 2;
    if (this.text.length > maxRecordChars) {
      throw new AppError('bad_input', `The quote that opens on line ${this.line} or behind it is never closed.`, { hint: 'Choose another quote character, or none.' });
    }
  }

  /** Reads one record at `from`; returns the offset behind it, or -1 when its end has not arrived. */
  private record(from: number, last: boolean, emit: (record: CsvRecord) => void): number {
    const fields: (string | null)[] = [];
    let at = from;
    let line = this.line;
    for (;;) {
      const field = this.field(at, last);
      if (field === null) return -1;
      fields.push(field.value);
      line += field.lines;
      at = field.end;
      if (at < this.text.length && this.text.charCodeAt(at) === this.delimiterCode) {
        at += 1;
        continue;
      }
      break;
    }
    let end = at;
    if (this.text.charCodeAt(at) === carriageReturn) {
      // The line feed that belongs to it may come with the next piece.
      if (at + 1 === this.text.length && !last) return -1;
      end = this.text.charCodeAt(at + 1) === lineFeed ? at + 2 : at + 1;
    } else if (at < this.text.length) end = at + 1;
    else if (!last) return -1;
    const record = { fields, line: this.line };
    this.line = line + 1;
    emit(record);
    return end;
  }

  /** The field at `from`, up to its delimiter or line end; null when it may go on in what has not arrived. */
  private field(from: number, last: boolean): { value: string | null; end: number; lines: number } | null {
    const { text, delimiterCode, quoteCode } = this;
    let parts = '';
    let quoted = false;
    let start = from;
    let lines = 0;
    let at = from;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiterCode || code === lineFeed || code === carriageReturn) break;
      if (code !== quoteCode) continue;
      const inside = this.quotedPart(at + 1, last);
      if (inside === null) return null;
      parts += text.slice(start, at) + inside.value;
      lines += inside.lines;
      quoted = true;
      at = inside.end;
      start = at + 1;
    }
    if (at >= text.length && !last) return null;
    const end = Math.min(at, text.length);
    const value = quoted ? parts + text.slice(start, end) : text.slice(from, end);
    const isNull = value === this.dialect.nullText && (!quoted || this.dialect.nullQuoted);
    return { value: isNull ? null : value, end, lines };
  }

  /** What stands between quotes; `end` is the offset of the closing one. */
  private quotedPart(from: number, last: boolean): { value: string; end: number; lines: number } | null {
    const { text, quoteCode, escapeCode } = this;
    let value = '';
    let start = from;
    let lines = 0;
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === lineFeed) lines += 1;
      if (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed) lines += 1;
      if (code === escapeCode) {
        const next = text.charCodeAt(at + 1);
        if (at + 1 >= text.length && !last) return null;
        if (next === quoteCode || next === escapeCode) {
          value += text.slice(start, at) + text[at + 1];
          start = at + 2;
          at += 1;
          continue;
        }
      }
      if (code === quoteCode) return { value: value + text.slice(start, at), end: at, lines };
    }
    if (!last) return null;
    throw new AppError('bad_input', `The quote that opens on line ${this.line} or behind it is never closed.`, { hint: 'Choose another quote character, or none.' });
  }
}
