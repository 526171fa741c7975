/** `1 row`, `1,200 rows`: how an estimate is said. */
export function rowCount(rows: number): string {
  return `${Math.round(rows).toLocaleString('en')} ${Math.round(rows) === 1 ? 'row' : 'rows'}`;
}
