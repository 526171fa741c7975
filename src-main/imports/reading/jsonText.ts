import { AppError } from '../../errors';
import { backslashCode, closes, opens, quoteCode, separates } from './jsonMembers';
import type { TextFile } from './textFile';

const space = /[ \t\r\n]*/y;
const maxValueChars = 256 * 1024 * 1024;

/** Walks through a JSON document of any size without reading it whole; values are handed out as the text that they are. */
export class JsonText {
  private text = '';
  private at = 0;
  /** How far the value that begins at `at` was looked through. */
  private ahead = 0;
  private ended = false;
  /** Elements and keys passed, for messages. */
  private passed = 0;

  constructor(private readonly file: TextFile) {}

  /** The next character that is not white space, which stays; null at the end. */
  peek(): string | null {
    for (;;) {
      space.lastIndex = this.at;
      space.test(this.text);
      this.at = space.lastIndex;
      if (this.at < this.text.length) return this.text[this.at] ?? null;
      if (!this.more(this.at)) return null;
    }
  }

  /** Takes the character that must come next. */
  take(wanted: string): void {
    const found = this.peek();
    if (found !== wanted) throw this.broken(found === null ? `The file ends where “${wanted}” should be` : `There is “${found}” where “${wanted}” should be`);
    this.at += 1;
  }

  /** The text of the whole value that comes next. */
  value(): string {
    this.peek();
    this.lookThrough(true);
    const value = this.text.slice(this.at, this.ahead);
    this.at = this.ahead;
    this.passed += 1;
    return value;
  }

  /** Goes past the value that comes next, keeping nothing of it. */
  skip(): void {
    this.peek();
    this.lookThrough(false);
    this.at = this.ahead;
    this.passed += 1;
  }

  /** Moves `ahead` behind the value at `at`. Without `keep` what was looked at is dropped on the way. */
  private lookThrough(keep: boolean): void {
    this.ahead = this.at;
    let depth = 0;
    for (;;) {
      const code = this.code(keep);
      if (code < 0) {
        if (depth === 0) return;
        throw this.broken('The file ends inside a value');
      }
      if (depth === 0 && (separates(code) || closes(code))) return;
      if (code === quoteCode) this.passString(keep);
      else this.ahead += 1;
      if (opens(code)) depth += 1;
      else if (closes(code)) depth -= 1;
      if (depth === 0 && (code === quoteCode || closes(code))) return;
    }
  }

  private passString(keep: boolean): void {
    this.ahead += 1;
    for (;;) {
      const code = this.code(keep);
      if (code < 0) throw this.broken('The file ends inside a value');
      this.ahead += 1;
      if (code === quoteCode) return;
      if (code === backslashCode && this.code(keep) >= 0) this.ahead += 1;
    }
  }

  /** The character at `ahead`; -1 at the end of the file. */
  private code(keep: boolean): number {
    while (this.ahead >= this.text.length) {
      if (!keep) this.at = this.ahead;
      if (!this.more(this.at)) return -1;
      if (this.text.length > maxValueChars) throw this.broken('A value is longer than 256 MB');
    }
    return this.text.charCodeAt(this.ahead);
  }

  /** Reads on and drops the first `used` characters; false at the end of the file. */
  private more(used: number): boolean {
    if (this.ended) return false;
    const chunk = this.file.next();
    this.ended = chunk === null;
    if (chunk?.broken) throw this.broken('There are bytes that are not valid in the chosen encoding');
    this.text = this.text.slice(used) + (chunk?.text ?? '');
    this.at -= used;
    this.ahead -= used;
    return !this.ended;
  }

  private broken(what: string): AppError {
    return new AppError('bad_input', `This is no valid JSON: ${what}, after ${this.passed} values.`, { hint: 'An object a line is the format NDJSON.' });
  }
}
