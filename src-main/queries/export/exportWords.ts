import type { Written } from './writeRows';

/** `1 row`, `12,345 rows`. */
export function countWords(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}

/** `12,345 rows, 1.2 MB`. */
export function writtenWords({ rows, bytes }: Pick<Written, 'rows' | 'bytes'>): string {
  return `${countWords(rows, 'row')}, ${sizeWords(bytes)}`;
}

/** Bytes in units of 1,000, as file managers show them. */
export function sizeWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit] ?? ''}`;
}
