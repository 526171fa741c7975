import { Button } from '@mantine/core';
import { IconArrowBackUp, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { quoteIdentifier } from '../../../src-preload/contract/sqlNames';
import { proposedName } from '../../../src-preload/contract/structureNames';
import { foldStructure } from '../../../src-preload/contract/structureFold';
import type { StructureEdit, StructureModel, TableModel, ViewModel } from '../../../src-preload/contract/structureModel';
import { CodeEditor } from '../../components/CodeEditor';
import { useCommand } from '../../shell/commands';
import { useSettings } from '../settings/store';
import { ColumnsSection } from './ColumnsSection';
import { TextCell } from './EditableTable';
import { IndexesSection } from './IndexesSection';
import { KeysSection } from './KeysSection';
import { PlanSide } from './PlanSide';
import { useChoices, usePlan } from './store';
import classes from './Structure.module.css';

export interface StructureEditorProps {
  readonly connectionId: string;
  /** As it is on the server, or an empty one to create. */
  readonly base: StructureModel;
  readonly edits: readonly StructureEdit[];
  readonly onEdits: (edits: readonly StructureEdit[]) => void;
  readonly onApplied: (target: StructureModel) => void;
  /** Some of it ran: the server has to be read again. */
  readonly onPartly: () => void;
  readonly onClose?: () => void;
  /** Begins with the form of a new index. */
  readonly newIndex?: boolean;
  readonly active: boolean;
}

function Head({ model, schemas, add }: { readonly model: StructureModel; readonly schemas: readonly string[]; readonly add: (edit: StructureEdit) => void }) {
  return (
    <div className={classes.head}>
      <label>
        Schema
        <TextCell label="Schema" value={model.schema} list="structure-schemas" onCommit={(schema) => add({ edit: 'move', schema })} />
      </label>
      <label>
        Name
        <TextCell label="Name" value={model.name} onCommit={(to) => add({ edit: 'rename', to })} />
      </label>
      <label>
        Comment
        <TextCell label="Comment" value={model.comment ?? ''} placeholder="what it is for" onCommit={(comment) => add({ edit: 'comment', comment: comment === '' ? null : comment })} />
      </label>
      <datalist id="structure-schemas">
        {schemas.map((schema) => (
          <option key={schema} value={schema} />
        ))}
      </datalist>
    </div>
  );
}

/** The SELECT of a view; an edit replaces the one before it, so that typing does not fill the log. */
function ViewQuery({ model, edits, onEdits }: { readonly model: ViewModel; readonly edits: readonly StructureEdit[]; readonly onEdits: StructureEditorProps['onEdits'] }) {
  const change = (query: string): void => {
    const before = edits.at(-1)?.edit === 'setQuery' ? edits.slice(0, -1) : edits;
    onEdits([...before, { edit: 'setQuery', query }]);
  };
  return (
    <div className={classes.query}>
      <CodeEditor value={model.query} label="Query of the view" placeholder="SELECT …" onChange={change} />
    </div>
  );
}

/** Names that were made from the name of a table that is not there yet go along with it. */
function namesThatFollow(table: TableModel, to: string): StructureEdit[] {
  const prefix = `${table.name}_`;
  const renamed = (name: string): string | null => (name.startsWith(prefix) ? proposedName([to], name.slice(prefix.length), []) : null);
  return [
    ...table.constraints.flatMap(({ name }): StructureEdit[] => (renamed(name) === null ? [] : [{ edit: 'renameConstraint', name, to: renamed(name) ?? name }])),
    ...table.indexes.flatMap(({ name }): StructureEdit[] => (renamed(name) === null ? [] : [{ edit: 'renameIndex', name, to: renamed(name) ?? name }])),
  ];
}

/** A table or a view whose structure is edited: pending edits at the left, the SQL that they come to at the right. */
export function StructureEditor({ connectionId, base, edits, onEdits, onApplied, onPartly, onClose, newIndex = false, active }: StructureEditorProps) {
  const choices = useChoices(connectionId);
  const [options, setOptions] = useState(() => ({ lockTimeoutMs: useSettings.getState().settings.limits.lockSeconds * 1000, safer: false }));
  const { model } = useMemo(() => foldStructure(base, edits, quoteIdentifier), [base, edits]);
  const plan = usePlan(connectionId, base, edits, options);
  const add = (edit: StructureEdit): void => {
    const follow = edit.edit === 'rename' && base.was === null && model.kind === 'table' ? namesThatFollow(model, edit.to) : [];
    onEdits([...edits, edit, ...follow]);
  };
  const undo = (): void => onEdits(edits.slice(0, -1));
  useCommand({ id: 'structure.undo', title: 'Take back the last structure edit', group: 'View', icon: IconArrowBackUp, keywords: 'undo table column', enabled: () => edits.length > 0, run: undo }, active);
  return (
    <div className={classes.editor}>
      <div className={classes.left}>
        <div style={{ display: 'flex', alignItems: 'center', gap: 6, marginBottom: 10 }}>
          <Button size="compact-xs" variant="default" leftSection={<IconArrowBackUp size={13} />} disabled={edits.length === 0} onClick={undo}>
            Undo
          </Button>
          <Button size="compact-xs" variant="default" leftSection={<IconTrash size={13} />} disabled={edits.length === 0} onClick={() => onEdits([])}>
            Discard {edits.length === 0 ? '' : edits.length === 1 ? 'the edit' : `${edits.length} edits`}
          </Button>
          {onClose ? (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={onClose}>
              Back to the view
            </Button>
          ) : null}
        </div>
        <Head model={model} schemas={choices.schemas} add={add} />
        {model.kind === 'table' ? (
          <>
            <ColumnsSection model={model} base={base as TableModel} add={add} choices={choices} />
            <KeysSection model={model} base={base as TableModel} add={add} connectionId={connectionId} />
            <IndexesSection model={model} base={base as TableModel} add={add} choices={choices} adding={newIndex} />
          </>
        ) : (
          <ViewQuery model={model} edits={edits} onEdits={onEdits} />
        )}
      </div>
      <aside className={classes.side}>
        <PlanSide connectionId={connectionId} state={plan} edits={edits.length} options={options} onOptions={setOptions} creating={base.was === null} onApplied={onApplied} onPartly={onPartly} />
      </aside>
    </div>
  );
}
