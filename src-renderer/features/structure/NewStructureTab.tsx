import { useMemo } from 'react';
import { z } from 'zod';
import type { Document } from '../../../src-preload/contract/documents';
import { structureEdit, structureModel, type StructureEdit } from '../../../src-preload/contract/structureModel';
import { closeTab, openObject } from '../../shell/documentActions';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { showDone, showError } from '../../shell/errors';
import { refreshCatalog } from '../catalog/store';
import { useDocuments } from '../documents/store';
import { IconTablePlus } from '@tabler/icons-react';
import { StructureEditor } from './StructureEditor';

const state = z.object({ base: structureModel, edits: z.array(structureEdit) });

/** The tab of a table or view that is not there yet. What was designed is kept with the tab. */
export function NewStructureTab({ document, active }: { readonly document: Document; readonly active: boolean }) {
  const { id, connectionId, text } = document;
  const read = useMemo(() => {
    try {
      return state.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }, [text]);
  if (!read || connectionId === null) {
    return (
      <EmptyPanel icon={IconTablePlus} title="This design cannot be shown any more">
        Its stored text is damaged. Close it and begin anew from the tree.
      </EmptyPanel>
    );
  }
  const onEdits = (edits: readonly StructureEdit[]): void => {
    const name = edits.findLast((edit) => edit.edit === 'rename')?.to;
    useDocuments.getState().updateDocument(id, { text: JSON.stringify({ ...read, edits }), ...(name === undefined ? {} : { title: name }) });
  };
  const refresh = (): void => {
    refreshCatalog(connectionId).catch((error: unknown) => showError('The objects could not be read anew', error));
  };
  return (
    <div style={{ display: 'flex', height: '100%' }}>
      <StructureEditor
        connectionId={connectionId}
        base={read.base}
        edits={read.edits}
        active={active}
        onEdits={onEdits}
        onPartly={refresh}
        onApplied={(target) => {
          showDone(`${target.name} is created`);
          refresh();
          closeTab(id);
          openObject(connectionId, { schema: target.schema, name: target.name, kind: target.kind === 'table' ? 'table' : target.materialized ? 'materialized_view' : 'view' }, 'structure');
        }}
      />
    </div>
  );
}
