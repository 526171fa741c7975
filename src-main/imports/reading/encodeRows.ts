import type { Row, RowBatch } from './rowReader';
import type { Piece, RejectedRow } from './tasks';

const special = /[\\\n\r\t]/;
const specials = /[\\\n\r\t]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const loneSurrogate = /\p{Surrogate}/u;

/** Rows in the form that is sent; those that PostgreSQL cannot hold (a NUL character, half of a surrogate pair) become problems. */
export function encodeRows(batch: RowBatch, wanted: readonly number[], form: 'copy' | 'arrays', columns: readonly string[]): Pick<Piece, 'rows' | 'copy' | 'arrays' | 'problems'> {
  const whole = form === 'copy' ? copyText(batch, wanted) : null;
  // The usual case is found out by one look at all of it.
  const suspicious = whole === null || whole.includes('\0') || loneSurrogate.test(whole);
  if (whole !== null && !suspicious) return { rows: batch.rows.length, copy: Buffer.from(whole, 'utf8'), arrays: null, problems: batch.problems };
  const { good, bad } = separate(batch, wanted, columns);
  const problems = [...batch.problems, ...bad].sort((a, b) => a.line - b.line);
  if (form === 'copy') return { rows: good.rows.length, copy: Buffer.from(copyText(good, wanted), 'utf8'), arrays: null, problems };
  return { rows: good.rows.length, copy: null, arrays: arrayLiterals(good, wanted), problems };
}

function copyText({ rows, lines }: Pick<RowBatch, 'rows' | 'lines'>, wanted: readonly number[]): string {
  let text = '';
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? [];
    text += String(lines[index]);
    for (const column of wanted) text += `\t${copyField(row[column] ?? null)}`;
    text += '\n';
  }
  return text;
}

function copyField(value: string | null): string {
  if (value === null) return '\\N';
  return special.test(value) ? value.replace(specials, (character) => escapes[character] ?? character) : value;
}

/** `{"1","2"}` for the lines and for each wanted column. */
function arrayLiterals({ rows, lines }: Pick<RowBatch, 'rows' | 'lines'>, wanted: readonly number[]): string[] {
  const literal = (values: readonly (string | null)[]): string => `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
  return [literal(lines.map(String)), ...wanted.map((column) => literal(rows.map((row) => row[column] ?? null)))];
}

function separate(batch: RowBatch, wanted: readonly number[], columns: readonly string[]): { good: Pick<RowBatch, 'rows' | 'lines'>; bad: RejectedRow[] } {
  const good: { rows: Row[]; lines: number[] } = { rows: [], lines: [] };
  const bad: RejectedRow[] = [];
  batch.rows.forEach((row, index) => {
    const line = batch.lines[index] ?? 0;
    const column = wanted.find((candidate) => {
      const value = row[candidate];
      return typeof value === 'string' && (value.includes('\0') || loneSurrogate.test(value));
    });
    if (column === undefined) {
      good.rows.push(row);
      good.lines.push(line);
    } else {
      const value = row[column] ?? '';
      const what = value.includes('\0') ? 'a NUL character, which PostgreSQL cannot store' : 'half of a surrogate pair, which is no character';
      bad.push({ line, column: columns[column] ?? null, message: `It has ${what}.`, value: value.slice(0, 200), raw: row });
    }
  });
  return { good, bad };
}
