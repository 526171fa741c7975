import type { ColumnDetail } from '../../../src-preload/contract/catalog';
import type { ColumnGuess, ImportColumn } from '../../../src-preload/contract/imports';

/** One column of the file and where it goes. */
export interface Mapped {
  readonly use: boolean;
  readonly name: string;
  readonly type: string;
  readonly dateOrder: 'dmy' | 'mdy' | null;
}

/** A new table takes every column under its own name; dates whose order nobody knows stay texts. */
export function mappedToNew(columns: readonly string[], guesses: readonly ColumnGuess[] | null): Mapped[] {
  return columns.map((name, index) => {
    const guess = guesses?.[index];
    return { use: true, name: cutName(name.trim()), type: guess?.type ?? 'text', dateOrder: guess?.dateOrder === 'ask' ? null : (guess?.dateOrder ?? null) };
  });
}

/** An existing table takes the columns of the same name, whatever their case; without names by their place. */
export function mappedToExisting(columns: readonly string[], named: boolean, guesses: readonly ColumnGuess[] | null, target: readonly ColumnDetail[]): Mapped[] {
  const taking = target.filter(({ generated }) => generated === null);
  return columns.map((name, index) => {
    const found = named ? (taking.find((column) => column.name === name) ?? taking.find((column) => column.name.toLowerCase() === name.trim().toLowerCase())) : taking[index];
    const order = guesses?.[index]?.dateOrder;
    return { use: found !== undefined, name: found?.name ?? '', type: found?.type ?? '', dateOrder: order === 'dmy' || order === 'mdy' ? order : null };
  });
}

/** What is sent; columns that go nowhere are left out. */
export function requestColumns(mapped: readonly Mapped[]): ImportColumn[] {
  return mapped.flatMap(({ use, name, type, dateOrder }, source) => (use && name !== '' ? [{ source, name, type: type || 'text', dateOrder }] : []));
}

/** PostgreSQL cuts names at 63 bytes; it is better seen here. */
function cutName(name: string): string {
  let cut = name;
  while (new TextEncoder().encode(cut).length > 63) cut = cut.slice(0, -1);
  return cut;
}

/** `Orders 2024.csv` becomes `orders_2024`. */
export function tableNameOf(path: string): string {
  const base = (path.split(/[\\/]/).at(-1) ?? '').replace(/\.[^.]*$/, '');
  const plain = base.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, '');
  return cutName(plain === '' ? 'imported' : /^\d/.test(plain) ? `t_${plain}` : plain);
}
