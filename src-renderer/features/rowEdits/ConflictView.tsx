import { Button, Group, Text } from '@mantine/core';
import type { EditConflict } from '../../../src-preload/contract/rowEdits';
import type { RowChange } from '../../../src-preload/contract/rowEditLog';
import { originalText, valueText } from './tabEdits';
import styles from './RowEdits.module.css';

interface ConflictViewProps {
  readonly conflict: EditConflict;
  readonly change: RowChange;
  readonly name: string;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}

/** One row that somebody else has changed: as it was read, as it is now, and as it would become. */
export function ConflictView({ conflict, change, name, onTakeTheirs, onKeepMine }: ConflictViewProps) {
  const { theirs } = conflict;
  if (change.kind === 'insert') return null;
  const values = change.kind === 'update' ? change.values : {};
  const differs = (column: string): boolean => theirs !== null && JSON.stringify(theirs[column]) !== JSON.stringify(change.original[column]);
  const columns = Object.keys(change.original).filter((column) => differs(column) || values[column] !== undefined);
  return (
    <section className={styles.warning} aria-label={`Conflict in row ${name}`}>
      <Text size="sm" fw={600}>
        {theirs === null ? `Row ${name} is gone: somebody else has deleted it, or its key was changed.` : `Row ${name} was changed by somebody else since you read it.`}
      </Text>
      {columns.length > 0 && theirs !== null ? (
        <table className={styles.compare}>
          <thead>
            <tr>
              <th>Column</th>
              <th>As read</th>
              <th>Now</th>
              <th>Yours</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => {
              const mine = values[column];
              const cells = [originalText(change.original[column]), originalText(theirs[column]), change.kind === 'delete' ? 'deleted' : mine === undefined ? '' : valueText(mine)];
              return (
                <tr key={column}>
                  <th title={column}>{column}</th>
                  {cells.map((cell, index) => (
                    <td key={index} title={cell} data-changed={(index === 1 && differs(column)) || undefined}>
                      {cell}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
      <Group gap="xs">
        <Button variant="default" onClick={onTakeTheirs}>
          {theirs === null ? 'Drop my change' : 'Take theirs'}
        </Button>
        {theirs === null ? null : (
          <Button color="red" variant="light" onClick={onKeepMine}>
            Keep mine over it
          </Button>
        )}
      </Group>
    </section>
  );
}
