import { Menu } from '@mantine/core';
import { IconArrowRight, IconArrowsSplit2, IconCopyPlus, IconEdit, IconSearch, IconTrash } from '@tabler/icons-react';
import type { EditValue } from '../../../src-preload/contract/rowEditLog';
import type { EditColumn, ForeignKeyEnd } from '../../../src-preload/contract/rowEdits';
import { callsFor } from './ValuePanel';

interface EditMenuProps {
  readonly column: EditColumn | null;
  readonly editable: true | string;
  readonly foreignKeys: readonly ForeignKeyEnd[];
  readonly changed: boolean;
  readonly deletable: boolean;
  readonly insertable: boolean;
  readonly referenced: boolean;
  readonly onEdit: () => void;
  readonly onPanel: () => void;
  readonly onLookup: (foreignKey: ForeignKeyEnd) => void;
  readonly onSet: (value: EditValue) => void;
  readonly onTakeBack: () => void;
  readonly onFollow: (foreignKey: ForeignKeyEnd) => void;
  readonly onReferences: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

function ValueItems({ column, foreignKeys, changed, onEdit, onPanel, onLookup, onSet, onTakeBack }: EditMenuProps & { readonly column: EditColumn }) {
  return (
    <>
      <Menu.Item leftSection={<IconEdit size={14} />} rightSection="F2" onClick={onEdit}>
        Edit the value
      </Menu.Item>
      <Menu.Item onClick={onPanel}>Edit in the side panel</Menu.Item>
      {foreignKeys.map((foreignKey) => (
        <Menu.Item key={foreignKey.name} leftSection={<IconSearch size={14} />} rightSection="F4" onClick={() => onLookup(foreignKey)}>
          Look up in {foreignKey.references.table}
        </Menu.Item>
      ))}
      {column.nullable ? (
        <Menu.Item rightSection="Ctrl ⌫" onClick={() => onSet({ kind: 'null' })}>
          Set to NULL
        </Menu.Item>
      ) : null}
      {column.default === null ? null : <Menu.Item onClick={() => onSet({ kind: 'default' })}>Set to DEFAULT</Menu.Item>}
      {/^(text|character)/.test(column.baseType) ? <Menu.Item onClick={() => onSet({ kind: 'text', text: '' })}>Set to empty text</Menu.Item> : null}
      {callsFor(column).map((call) => (
        <Menu.Item key={call.call} onClick={() => onSet(call)}>
          Set to {call.call}
        </Menu.Item>
      ))}
      {changed ? <Menu.Item onClick={onTakeBack}>Take this cell’s change back</Menu.Item> : null}
    </>
  );
}

/** What editing and foreign keys add to the menu of the focused cell. */
export function EditMenu(props: EditMenuProps) {
  const { column, editable, foreignKeys, deletable, insertable, referenced } = props;
  return (
    <>
      <Menu.Divider />
      {editable === true && column !== null ? <ValueItems {...props} column={column} /> : null}
      {insertable ? (
        <Menu.Item leftSection={<IconCopyPlus size={14} />} rightSection="Ctrl D" onClick={props.onDuplicate}>
          Duplicate the rows
        </Menu.Item>
      ) : null}
      {deletable ? (
        <Menu.Item leftSection={<IconTrash size={14} />} rightSection="Del" onClick={props.onDelete}>
          Delete the rows
        </Menu.Item>
      ) : null}
      {editable === true ? null : (
        <Menu.Label maw={250} style={{ whiteSpace: 'normal' }}>
          {editable}
        </Menu.Label>
      )}
      {foreignKeys.length + Number(referenced) > 0 ? <Menu.Divider /> : null}
      {foreignKeys.map((foreignKey) => (
        <Menu.Item key={foreignKey.name} leftSection={<IconArrowRight size={14} />} rightSection="Ctrl ↵" onClick={() => props.onFollow(foreignKey)}>
          Go to the row in {foreignKey.references.table}
        </Menu.Item>
      ))}
      {referenced ? (
        <Menu.Item leftSection={<IconArrowsSplit2 size={14} />} rightSection="Alt R" onClick={props.onReferences}>
          Rows that refer to this one
        </Menu.Item>
      ) : null}
    </>
  );
}
