import { Text } from '@mantine/core';
import type { ImportPreview } from '../../../src-preload/contract/imports';
import styles from './Imports.module.css';

/** More columns would cost more than anybody reads; the mapping lists all. */
const shownColumns = 60;

/** The first rows of the file as they are read; NULL is told from the empty text. */
export function PreviewTable({ preview }: { readonly preview: ImportPreview }) {
  if (preview.rows.length === 0) return <Text size="sm" c="dimmed" p="sm">{preview.columns.length === 0 ? 'The file is empty.' : 'The file has names and no rows.'}</Text>;
  const columns = preview.columns.slice(0, shownColumns);
  const more = preview.columns.length - columns.length;
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="First rows of the file">
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.number}>#</th>
            {columns.map((name, index) => <th key={index} title={name}>{name}</th>)}
            {more > 0 ? <th>{more} more</th> : null}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, place) => (
            <tr key={place}>
              <td className={styles.number}>{place + 1}</td>
              {columns.map((_, index) => {
                const cell = row[index];
                return <td key={index} title={cell ?? undefined}>{cell === null || cell === undefined ? <span className={styles.absent}>NULL</span> : cell === '' ? <span className={styles.absent}>empty</span> : cell}</td>;
              })}
              {more > 0 ? <td /> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
