import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Characters kept in memory; the texts behind them lie in a temporary file. */
const memoryChars = 32 * 1024 * 1024;

/** The texts that the cells of a workbook refer to by number, however many: memory stays bounded but for 16 bytes a text. */
export class SharedStrings {
  private readonly kept: string[] = [];
  private keptChars = 0;
  private folder: string | null = null;
  private handle = -1;
  private ends = new Float64Array(1024);
  private spilled = 0;

  add(text: string): void {
    if (this.spilled === 0 && this.keptChars + text.length <= memoryChars) {
      this.kept.push(text);
      this.keptChars += text.length;
      return;
    }
    if (this.handle < 0) {
      this.folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-import-'));
      this.handle = openSync(path.join(this.folder, 'strings'), 'wx+', 0o600);
      // Without a name the file goes away with its last handle, also when the thread is ended; Windows cannot do that.
      if (process.platform !== 'win32') rmSync(this.folder, { recursive: true, force: true });
    }
    const start = this.spilled === 0 ? 0 : (this.ends[this.spilled - 1] ?? 0);
    const bytes = Buffer.from(text, 'utf8');
    for (let done = 0; done < bytes.length; ) done += writeSync(this.handle, bytes, done, bytes.length - done, start + done);
    if (this.spilled === this.ends.length) {
      const wider = new Float64Array(this.ends.length * 2);
      wider.set(this.ends);
      this.ends = wider;
    }
    this.ends[this.spilled++] = start + bytes.length;
  }

  /** Null for a number that no text has. */
  get(index: number): string | null {
    const kept = this.kept[index];
    if (kept !== undefined) return kept;
    const place = index - this.kept.length;
    if (!(place >= 0 && place < this.spilled)) return null;
    const start = place === 0 ? 0 : (this.ends[place - 1] ?? 0);
    const bytes = Buffer.allocUnsafe((this.ends[place] ?? 0) - start);
    for (let done = 0; done < bytes.length; ) done += readSync(this.handle, bytes, done, bytes.length - done, start + done);
    return bytes.toString('utf8');
  }

  close(): void {
    if (this.handle >= 0) closeSync(this.handle);
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
    this.handle = -1;
    this.folder = null;
  }
}
