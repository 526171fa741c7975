import { nextToken } from './lexer';
import { BodyTracker } from './split';

/** A part of a script as psql reads it; `line` is 1-based. */
export type ScriptPart =
  | { readonly kind: 'statement'; readonly text: string; readonly line: number }
  /** A COPY ... FROM STDIN whose data follows in the script; `data` must be read to its end before the next part is asked for. */
  | { readonly kind: 'copy'; readonly text: string; readonly line: number; readonly data: AsyncIterable<Uint8Array> }
  /** A backslash command of psql's, which no server understands. */
  | { readonly kind: 'command'; readonly text: string; readonly line: number };

const compactChars = 1024 * 1024;
const copyFromStdin = /^COPY\b[\s\S]*\bFROM\s+STDIN\b/i;

/**
 * Cuts a script of any size into its parts while it streams in, by the lexer's rules: no more than one statement is held at a time. What
 * follows the last semicolon is a statement too.
 */
export async function* cutScript(chunks: AsyncIterable<string>): AsyncGenerator<ScriptPart> {
  const script = new StreamedScript(chunks);
  for (let part = await script.next(); part !== null; part = await script.next()) yield part;
}

class StreamedScript {
  private readonly source: AsyncIterator<string>;
  private text = '';
  private at = 0;
  /** Line breaks in what was dropped from `text`, and in `text` before `counted`. */
  private lines = 0;
  private counted = 0;
  private ended = false;

  constructor(chunks: AsyncIterable<string>) {
    this.source = chunks[Symbol.asyncIterator]();
  }

  async next(): Promise<ScriptPart | null> {
    let tracker = new BodyTracker(this.text);
    let first = -1;
    let last = -1;
    let scan = this.at;
    for (;;) {
      const token = nextToken(this.text, scan);
      if ((token === null || token.to >= this.text.length) && (await this.more())) {
        tracker = this.tracked(first, scan);
        continue;
      }
      if (token === null) {
        if (first < 0) return null;
        this.at = this.text.length;
        return this.statement(first, last);
      }
      scan = token.to;
      if (token.kind === 'comment') continue;
      if (token.kind === 'semicolon' && !tracker.inside) {
        this.at = scan;
        if (first < 0) continue;
        return this.statement(first, last);
      }
      if (this.text[token.from] === '\\') return this.command(first < 0 ? token.from : first);
      if (first < 0) first = token.from;
      last = token.to;
      tracker.see(token);
    }
  }

  /** A tracker reads words from the text that it was given: what one has seen is seen again in the longer text. */
  private tracked(from: number, to: number): BodyTracker {
    const tracker = new BodyTracker(this.text);
    for (let seen = from < 0 ? null : nextToken(this.text, from); seen && seen.from < to; seen = nextToken(this.text, seen.to)) tracker.see(seen);
    return tracker;
  }

  private statement(from: number, to: number): ScriptPart {
    const text = this.text.slice(from, to);
    const line = this.lineOf(from);
    this.compact();
    return copyFromStdin.test(text) ? { kind: 'copy', text, line, data: this.copyData() } : { kind: 'statement', text, line };
  }

  private async command(from: number): Promise<ScriptPart> {
    for (;;) {
      const end = this.text.indexOf('\n', from);
      if (end < 0 && (await this.more())) continue;
      this.at = end < 0 ? this.text.length : end + 1;
      return { kind: 'command', text: this.text.slice(from, end < 0 ? undefined : end).trim(), line: this.lineOf(from) };
    }
  }

  /** The lines up to the one that is `\.`, which is no part of the data. */
  private async *copyData(): AsyncGenerator<Uint8Array> {
    // The rest of the statement's own line is dropped.
    while (this.text.indexOf('\n', this.at) < 0 && (await this.more()));
    const own = this.text.indexOf('\n', this.at);
    this.at = own < 0 ? this.text.length : own + 1;
    for (;;) {
      const end = this.endOfData();
      if (end !== null) {
        if (end.from > this.at) yield Buffer.from(this.text.slice(this.at, end.from), 'utf8');
        this.at = end.to;
        this.compact();
        return;
      }
      // The last line may be the beginning of the end.
      const whole = this.text.lastIndexOf('\n') + 1;
      if (whole > this.at) {
        yield Buffer.from(this.text.slice(this.at, whole), 'utf8');
        this.at = whole;
        this.compact();
      }
      if (await this.more()) continue;
      if (this.endOfData() === null && this.at < this.text.length) yield Buffer.from(this.text.slice(this.at), 'utf8');
      this.at = this.text.length;
      return;
    }
  }

  private endOfData(): { from: number; to: number } | null {
    const pattern = /(?:^|\n)\\\.(?:\r?\n|$)/g;
    // One character before, where the line break of the line before stands.
    pattern.lastIndex = Math.max(0, this.at - 1);
    const match = pattern.exec(this.text);
    if (match === null || (match.index + match[0].length === this.text.length && !match[0].endsWith('\n') && !this.ended)) return null;
    const from = match.index + (match[0].startsWith('\n') ? 1 : 0);
    return from < this.at ? null : { from, to: match.index + match[0].length };
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    const read: IteratorResult<string, undefined> = await this.source.next();
    if (read.done === true) this.ended = true;
    else this.text += read.value;
    return !this.ended;
  }

  private lineOf(offset: number): number {
    for (let at = this.text.indexOf('\n', this.counted); at >= 0 && at < offset; at = this.text.indexOf('\n', at + 1)) this.lines += 1;
    this.counted = Math.max(this.counted, offset);
    return this.lines + 1;
  }

  private compact(): void {
    if (this.at < compactChars && this.at < this.text.length) return;
    this.lineOf(this.at);
    this.text = this.text.slice(this.at);
    this.counted = Math.max(0, this.counted - this.at);
    this.at = 0;
  }
}
