import { useEffect, useState } from 'react';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import classes from './BigNumber.module.css';

interface BigNumberProps {
  readonly resultId: string;
  readonly columns: readonly Column[];
  /** The column of the number, by its name. */
  readonly column: string;
}

/** The exact text with its whole digits in groups: `1234567.50` is `1,234,567.50`. What is no decimal stays as it is. */
export function groupedDigits(text: string): string {
  const [, sign = '', whole = '', rest = ''] = /^([+-]?)(\d+)(\.\d*)?$/.exec(text) ?? [];
  return whole === '' ? text : `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

const shown = (cell: Cell | undefined): string => (typeof cell === 'string' ? groupedDigits(cell) : (cell?.text ?? 'NULL'));

/** The first row's number, large, with what the other column says of it. */
export function BigNumber({ resultId, columns, column }: BigNumberProps) {
  const [row, setRow] = useState<readonly Cell[] | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  useEffect(() => {
    let alive = true;
    client.queries.window({ resultId, viewId: null, offset: 0, limit: 1 }).then(
      ({ rows }) => alive && setRow(rows[0] ?? []),
      (thrown: unknown) => alive && setError(errorData(thrown)),
    );
    return () => {
      alive = false;
    };
  }, [resultId]);
  if (error) return <ErrorPanel error={error} />;
  if (row === null) return null;
  const at = columns.findIndex(({ name }) => name === column);
  const label = columns.findIndex((_, index) => index !== at);
  return (
    <div className={classes.figure}>
      <span className={classes.number}>{at < 0 ? 'no such column' : shown(row[at])}</span>
      <span className={classes.label}>{label < 0 ? column : `${column} · ${shown(row[label])}`}</span>
    </div>
  );
}
