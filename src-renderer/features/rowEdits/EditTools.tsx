import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconCopyPlus, IconListDetails, IconLock, IconRowInsertBottom, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { onMac } from '../../shell/keys';
import type { RowEdits } from './useRowEdits';
import { changeWords } from './tabEdits';
import styles from './RowEdits.module.css';

interface EditToolsProps {
  readonly rowEdits: RowEdits;
  readonly changesOpen: boolean;
  readonly onChanges: () => void;
}

function Tool({ label, disabled, onClick, children }: { readonly label: string; readonly disabled?: boolean; readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <Tooltip label={onMac() ? label.replace('Mod+', '⌘') : label.replace('Mod+', 'Ctrl+')}>
      <ActionIcon aria-label={label.replace(/ \(.*$/, '')} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Why nothing can be edited; null where something can. */
function locked({ target }: RowEdits): string | null {
  if (target === null) return null;
  const rights = [target.insert, target.update, target.delete];
  return rights.includes(true) ? null : String(target.update);
}

function RowTools({ target, edits, insertRow, duplicateSelected, deleteSelected }: RowEdits) {
  return (
    <>
      <Tool label="Insert a row (Alt+Insert)" disabled={target?.insert !== true} onClick={insertRow}>
        <IconRowInsertBottom size={15} />
      </Tool>
      <Tool label="Duplicate the selected rows (Mod+D)" disabled={target?.insert !== true} onClick={duplicateSelected}>
        <IconCopyPlus size={15} />
      </Tool>
      <Tool label="Delete the selected rows (Delete)" disabled={target?.delete !== true} onClick={deleteSelected}>
        <IconTrash size={15} />
      </Tool>
      <Tool label="Undo the last edit (Mod+Z)" disabled={edits.log.steps.length === 0} onClick={edits.undo}>
        <IconArrowBackUp size={15} />
      </Tool>
      <Tool label="Redo the edit (Mod+Shift+Z)" disabled={edits.log.undone.length === 0} onClick={edits.redo}>
        <IconArrowForwardUp size={15} />
      </Tool>
    </>
  );
}

function Locked({ word, reason }: { readonly word: string; readonly reason: string }) {
  return (
    <Tooltip label={reason} multiline maw={360}>
      <Text size="xs" c="dimmed" tabIndex={0} role="note" aria-label={`Rows cannot be edited: ${reason}`} style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
        <IconLock size={13} aria-hidden /> {word}
      </Text>
    </Tooltip>
  );
}

/** Inserting, duplicating and deleting rows, and the way to the pending changes. Where nothing can be edited, the reason. */
export function EditTools({ rowEdits, changesOpen, onChanges }: EditToolsProps) {
  const { target, edits } = rowEdits;
  const reason = locked(rowEdits);
  const words = changeWords(edits.log);
  if (target === null && words === '') return null;
  const partly = target !== null && reason === null && target.update !== true ? target.update : null;
  return (
    <div className={styles.tools} role="toolbar" aria-label="Editing rows">
      {reason === null ? null : <Locked word="Not editable" reason={reason} />}
      {partly === null ? null : <Locked word="Not everything can be edited" reason={partly} />}
      {reason === null ? <RowTools {...rowEdits} /> : null}
      {words === '' ? null : (
        <Button size="compact-xs" variant={changesOpen ? 'light' : 'filled'} leftSection={<IconListDetails size={14} />} aria-pressed={changesOpen} onClick={onChanges} title={words}>
          {edits.changes.length === 1 ? '1 change' : `${edits.changes.length} changes`}
        </Button>
      )}
    </div>
  );
}
