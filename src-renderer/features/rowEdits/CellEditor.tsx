import { Popover, Select, Text } from '@mantine/core';
import { useRef, useState, type KeyboardEvent } from 'react';
import { valueProblem } from '../../../src-preload/contract/rowEditValues';
import type { EditValue } from '../../../src-preload/contract/rowEditLog';
import type { EditColumn } from '../../../src-preload/contract/rowEdits';
import styles from './RowEdits.module.css';

interface CellEditorProps {
  readonly column: EditColumn;
  /** The value as it is; null is NULL. */
  readonly text: string | null;
  /** What was typed to open it: it replaces the value. */
  readonly initial: string | null;
  /** Null leaves the cell as it was. */
  readonly onDone: (value: EditValue | null) => void;
}

const NULL = '\0null';

/** The values that a column can have, where they are few. */
function choices(column: EditColumn): string[] | null {
  if (column.labels !== null) return column.labels;
  return column.baseType === 'boolean' ? ['t', 'f'] : null;
}

const labelOf = (column: EditColumn, choice: string): string => (column.labels === null ? (choice === 't' ? 'true' : 'false') : choice);

function ChoiceEditor({ column, text, onDone, list }: CellEditorProps & { readonly list: readonly string[] }) {
  const done = useRef(false);
  const finish = (value: EditValue | null): void => {
    if (done.current) return;
    done.current = true;
    onDone(value);
  };
  const data = [...list.map((choice) => ({ value: choice, label: labelOf(column, choice) })), ...(column.nullable ? [{ value: NULL, label: 'NULL' }] : [])];
  return (
    <div className={styles.choice} onKeyDown={(event) => event.stopPropagation()}>
      <Select
        aria-label={`New value of ${column.name}`}
        autoFocus
        defaultDropdownOpened
        searchable={list.length > 8}
        allowDeselect={false}
        data={data}
        defaultValue={text ?? NULL}
        onChange={(choice) => finish(choice === null ? null : choice === NULL ? { kind: 'null' } : { kind: 'text', text: choice })}
        onDropdownClose={() => finish(null)}
        onKeyDown={(event) => event.key === 'Escape' && finish(null)}
        styles={{ input: { height: 24, minHeight: 24, borderRadius: 0 } }}
      />
    </div>
  );
}

/** Edits a short value in its cell. Enter and Tab take the text, Esc leaves the cell as it was. */
export function CellEditor(props: CellEditorProps) {
  const { column, text, initial, onDone } = props;
  const list = choices(column);
  const [typed, setTyped] = useState(initial ?? text ?? '');
  const done = useRef(false);
  if (list !== null) return <ChoiceEditor {...props} list={list} />;
  const value: EditValue = { kind: 'text', text: typed };
  const untouched = initial === null && typed === (text ?? '');
  const problem = untouched ? null : valueProblem(column, value);
  const finish = (take: boolean): void => {
    if (done.current) return;
    done.current = true;
    onDone(take && !untouched ? value : null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault();
      finish(true);
    } else if (event.key === 'Escape') finish(false);
  };
  return (
    <Popover opened={problem !== null} position="bottom-start" offset={2} withinPortal trapFocus={false} returnFocus={false}>
      <Popover.Target>
        <input
          className={styles.cellInput}
          aria-label={`New value of ${column.name}`}
          aria-invalid={problem !== null || undefined}
          autoFocus
          spellCheck={false}
          value={typed}
          onFocus={(event) => initial === null && event.currentTarget.select()}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          onBlur={() => finish(true)}
        />
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}

const inPanel = /^(json|jsonb|bytea|xml)$|\[\]$/;

/** Whether a value is edited beside the grid rather than in its cell. */
export function wantsPanel(column: EditColumn, text: string | null): boolean {
  return inPanel.test(column.baseType) || (text !== null && (text.length > 200 || /[\n\r\t]/.test(text)));
}
