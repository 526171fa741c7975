import { Skeleton } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import { structureEdit, type StructureEdit, type StructureModel } from '../../../src-preload/contract/structureModel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { refreshCatalog } from '../catalog/store';
import { StructureEditor } from './StructureEditor';
import { useBase } from './store';
import classes from './Structure.module.css';

interface ObjectStructureProps {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly edits: readonly StructureEdit[];
  readonly newIndex: boolean;
  readonly active: boolean;
  readonly onEdits: (edits: readonly StructureEdit[]) => void;
  /** The object has this name now. */
  readonly onApplied: (target: StructureModel) => void;
  readonly onClose: () => void;
}

/** Edits the structure of an object that is there. */
export function ObjectStructure({ connectionId, object, edits: stored, newIndex, active, onEdits, onApplied, onClose }: ObjectStructureProps) {
  const [turn, setTurn] = useState(0);
  // They come from the tab's stored text.
  const edits = useMemo(() => stored.filter((edit) => structureEdit.safeParse(edit).success), [stored]);
  const { base, error } = useBase(connectionId, object, turn);
  const again = (): void => {
    setTurn((now) => now + 1);
    refreshCatalog(connectionId).catch((thrown: unknown) => showError('The objects could not be read anew', thrown));
  };
  if (error) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} title={`The structure of ${object.name} cannot be edited`} retryLabel="Back to the view" onRetry={onClose} />
      </div>
    );
  }
  if (!base) {
    return (
      <div className={classes.pad} role="status" aria-label={`Reading ${object.name}`}>
        <Skeleton height={12} width="60%" mb={14} />
        <Skeleton height={12} width="80%" />
      </div>
    );
  }
  return (
    <StructureEditor
      key={turn}
      connectionId={connectionId}
      base={base}
      edits={edits}
      newIndex={newIndex}
      active={active}
      onEdits={onEdits}
      onPartly={again}
      onClose={onClose}
      onApplied={(target) => {
        showDone(`${target.name} is changed`);
        onEdits([]);
        onApplied(target);
        again();
      }}
    />
  );
}
