import type { Cell } from '../../../src-preload/contract/queries';
import { characterBorder } from '../../drivers/rows';

/** Bytes of the largest UTF-8 character for each UTF-16 unit that it becomes: three bytes give one, four give two. */
const bytesPerUnit = 3;

/** How many bytes of a cell are needed to show `maxChars` UTF-16 units of it. */
export function neededBytes(length: number, maxChars: number): number {
  return Math.min(length, maxChars * bytesPerUnit);
}

/**
 * A cell as the grid shows it. `bytes` has at least its first `neededBytes` bytes at `offset`; `length` is its full byte length.
 * A long text is cut behind a whole character.
 */
export function windowCell(bytes: Buffer, offset: number, length: number, maxChars: number): Cell {
  if (length <= maxChars) return bytes.toString('utf8', offset, offset + length);
  const needed = neededBytes(length, maxChars);
  const whole = needed === length ? length : characterBorder(bytes, offset, needed);
  const text = bytes.toString('utf8', offset, offset + whole);
  if (text.length <= maxChars && whole === length) return text;
  return { text: cutText(text, maxChars), cut: length };
}

function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const last = text.charCodeAt(maxChars - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? maxChars - 1 : maxChars);
}
