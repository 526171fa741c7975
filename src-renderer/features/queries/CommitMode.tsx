import { SegmentedControl, Tooltip } from '@mantine/core';
import type { DocumentOptions } from '../../../src-preload/contract/documents';
import type { Connection } from '../connections/store';
import { useDocuments } from '../documents/store';

interface CommitModeProps {
  readonly documentId: string;
  readonly options: DocumentOptions;
  readonly connection: Connection | null;
}

const modes = [
  { value: 'auto', label: 'Auto' },
  { value: 'manual', label: 'Manual' },
];

/** Whether each statement commits by itself, or a person commits. */
export function CommitModeToggle({ documentId, options, connection }: CommitModeProps) {
  if (connection?.readOnly) return null;
  const mode = options.commitMode ?? connection?.commitMode ?? 'auto';
  return (
    <Tooltip
      multiline
      maw={300}
      label={mode === 'manual' ? 'Manual commit: BEGIN is sent before the first statement that changes something; what follows lasts when you commit' : 'Auto commit: each statement lasts as soon as it has run, unless you begin a transaction yourself'}
    >
      <SegmentedControl size="xs" aria-label="Commit mode" data={modes} value={mode} onChange={(value) => useDocuments.getState().setOptions(documentId, { commitMode: value === 'manual' ? 'manual' : 'auto' })} />
    </Tooltip>
  );
}
