import { Button, CloseButton, FileButton, SegmentedControl, Text } from '@mantine/core';
import { useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { valueProblem } from '../../../src-preload/contract/rowEditValues';
import type { EditValue } from '../../../src-preload/contract/rowEditLog';
import type { EditColumn, ForeignKeyEnd } from '../../../src-preload/contract/rowEdits';
import { errorData } from '../../client';
import { prettyJson } from '../../components/cell/formatValue';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showError } from '../../shell/errors';
import { ArrayEditor, editableElements } from './ArrayEditor';
import { ForeignKeyPicker } from './ForeignKeyPicker';
import styles from './RowEdits.module.css';

interface ValuePanelProps {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly column: EditColumn;
  readonly foreignKey: ForeignKeyEnd | null;
  readonly read: () => Promise<string | null>;
  readonly onSet: (value: EditValue) => void;
  readonly onPick: (key: readonly string[]) => void;
  readonly onClose: () => void;
}

/** A file becomes part of the tab's stored text, and of the statement. */
const MOST_FILE_BYTES = 1_000_000;

async function hexOf(file: File): Promise<string> {
  if (file.size > MOST_FILE_BYTES) throw new Error(`${file.name} has ${file.size} bytes; at most ${MOST_FILE_BYTES} are put into a cell here.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

const isJson = (column: EditColumn): boolean => column.baseType === 'json' || column.baseType === 'jsonb';

/** The functions that make sense for a type. */
export function callsFor(column: EditColumn): (EditValue & { kind: 'call' })[] {
  if (/^timestamp|^date|^time/.test(column.baseType)) {
    return [{ kind: 'call', call: 'now()' }, ...(column.baseType === 'date' ? [{ kind: 'call' as const, call: 'current_date' as const }] : []), ...(column.baseType.includes('without time zone') ? [{ kind: 'call' as const, call: 'localtimestamp' as const }] : [])];
  }
  return column.baseType === 'uuid' ? [{ kind: 'call', call: 'gen_random_uuid()' }] : [];
}

function TextArea({ column, text, problem, onChange }: { readonly column: EditColumn; readonly text: string; readonly problem: string | null; readonly onChange: (text: string) => void }) {
  return <textarea className={styles.area} aria-label={`New value of ${column.name}`} aria-invalid={problem !== null || undefined} value={text} spellCheck={false} autoFocus onChange={(event) => onChange(event.currentTarget.value)} />;
}

function TypeTools({ column, text, onText }: { readonly column: EditColumn; readonly text: string; readonly onText: (text: string) => void }) {
  if (isJson(column)) {
    const pretty = prettyJson(text);
    return (
      <Button size="compact-xs" variant="default" disabled={pretty === null || pretty === text} title="Touches nothing but white space: numbers keep every digit" onClick={() => pretty !== null && onText(pretty)}>
        Format
      </Button>
    );
  }
  if (column.baseType !== 'bytea') return null;
  return (
    <FileButton onChange={(file) => file && hexOf(file).then(onText, (error: unknown) => showError('The file was not read', error))}>
      {(props) => (
        <Button size="compact-xs" variant="default" {...props}>
          Load a file
        </Button>
      )}
    </FileButton>
  );
}

/** What the cell holds, read once: a panel is made for one cell, and made anew for another. */
function useStored(read: () => Promise<string | null>): { stored: { text: string | null } | null; error: AppErrorData | null } {
  const [stored, setStored] = useState<{ text: string | null } | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [first] = useState(() => read);
  useEffect(() => {
    let gone = false;
    first().then(
      (text) => gone || setStored({ text }),
      (failure: unknown) => gone || setError(errorData(failure)),
    );
    return () => {
      gone = true;
    };
  }, [first]);
  return { stored, error };
}

interface FootProps {
  readonly column: EditColumn;
  /** Sets what was typed; null where it cannot be set. */
  readonly onTyped: (() => void) | null;
  readonly typing: boolean;
  readonly onSet: (value: EditValue) => void;
}

function Foot({ column, onTyped, typing, onSet }: FootProps) {
  return (
    <footer className={styles.sideFoot}>
      {typing ? (
        <Button disabled={onTyped === null} onClick={() => onTyped?.()}>
          Set value
        </Button>
      ) : null}
      {column.nullable ? (
        <Button variant="default" onClick={() => onSet({ kind: 'null' })}>
          NULL
        </Button>
      ) : null}
      {column.default === null ? null : (
        <Button variant="default" title={column.default} onClick={() => onSet({ kind: 'default' })}>
          DEFAULT
        </Button>
      )}
      {callsFor(column).map((call) => (
        <Button key={call.call} variant="default" onClick={() => onSet(call)}>
          {call.call}
        </Button>
      ))}
    </footer>
  );
}

interface TypingProps {
  readonly column: EditColumn;
  readonly text: string;
  readonly elements: readonly (string | null)[] | null;
  readonly problem: string | null;
  readonly onText: (text: string) => void;
}

function Typing({ column, text, elements, problem, onText }: TypingProps) {
  if (elements !== null) return <ArrayEditor elements={elements} onChange={onText} />;
  return (
    <div className={styles.value}>
      <TextArea column={column} text={text} problem={problem} onChange={onText} />
    </div>
  );
}

function Head({ column, isNull, tools, onClose }: { readonly column: EditColumn; readonly isNull: boolean; readonly tools: ReactNode; readonly onClose: () => void }) {
  return (
    <header className={styles.sideHead}>
      <span className={styles.sideTitle} title={`${column.name} ${column.type}`}>
        <b>{column.name}</b>{' '}
        <Text span size="xs" c="dimmed">
          {column.type}
          {isNull ? ' · is NULL' : ''}
        </Text>
      </span>
      {tools}
      <CloseButton size="sm" aria-label="Close the editor" onClick={onClose} />
    </header>
  );
}

interface ToolsProps {
  readonly column: EditColumn;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** How an array is edited; null for other values. */
  readonly mode: 'List' | 'Text' | null;
  readonly onMode: (mode: string) => void;
}

function Tools({ mode, onMode, ...tools }: ToolsProps) {
  return (
    <>
      {mode === null ? null : <SegmentedControl aria-label="Edit as" data={['List', 'Text']} value={mode} onChange={onMode} />}
      <TypeTools {...tools} />
    </>
  );
}

/** What is typed over the stored value, and what the type says against it. */
function useTyped(column: EditColumn, read: () => Promise<string | null>) {
  const { stored, error } = useStored(read);
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? stored?.text ?? '';
  const untouched = typed === null || typed === stored?.text;
  const problem = untouched ? null : valueProblem(column, { kind: 'text', text });
  return { ready: stored !== null, error, text, setTyped, problem, isNull: stored?.text === null && typed === null, settable: !untouched && problem === null };
}

/** The two ways to edit an array; null for other values. */
function useArrayMode(column: EditColumn, text: string) {
  const [asText, setAsText] = useState(false);
  const elements = column.baseType.endsWith('[]') ? editableElements(text) : null;
  return { mode: elements === null ? null : asText ? ('Text' as const) : ('List' as const), elements: asText ? null : elements, onMode: (mode: string) => setAsText(mode === 'Text') };
}

/** Edits one value beside the grid: long text, JSON, arrays, bytes. */
function TypedPanel({ column, read, onSet, onClose }: ValuePanelProps) {
  const { ready, error, text, setTyped, problem, isNull, settable } = useTyped(column, read);
  const { mode, elements, onMode } = useArrayMode(column, text);
  const setTypedValue = settable ? () => onSet({ kind: 'text', text }) : null;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) setTypedValue?.();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <aside className={styles.side} aria-label={`Edit ${column.name}`} onKeyDown={onKeyDown}>
      <Head column={column} isNull={isNull} tools={<Tools column={column} text={text} onText={setTyped} mode={mode} onMode={onMode} />} onClose={onClose} />
      <div className={styles.sideBody}>
        {error ? <ErrorPanel error={error} title="The value cannot be edited here" /> : null}
        {ready ? <Typing column={column} text={text} elements={elements} problem={problem} onText={setTyped} /> : null}
        {problem === null ? null : (
          <div className={styles.problem} role="alert">
            {problem}
          </div>
        )}
      </div>
      <Foot column={column} typing onTyped={setTypedValue} onSet={onSet} />
    </aside>
  );
}

/** Edits one value beside the grid; with a foreign key, by a row of the table that it leads to. */
export function ValuePanel(props: ValuePanelProps) {
  const { connectionId, object, column, foreignKey, onSet, onPick, onClose } = props;
  if (foreignKey === null) return <TypedPanel {...props} />;
  return (
    <aside className={styles.side} aria-label={`Edit ${column.name}`} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <Head column={column} isNull={false} tools={null} onClose={onClose} />
      <div className={styles.sideBody}>
        <ForeignKeyPicker connectionId={connectionId} object={object} foreignKey={foreignKey} onPick={onPick} />
      </div>
      <Foot column={column} typing={false} onTyped={null} onSet={onSet} />
    </aside>
  );
}
