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
    // One line, above: below it would cover what ends the transaction.
    <Tooltip position="top" label={mode === 'manual' ? 'BEGIN is sent before the first change; it lasts when you commit' : 'Each statement lasts as soon as it has run, outside of a BEGIN of your own'}>
      <SegmentedControl size="xs" aria-label="Commit mode" data={modes} value={mode} onChange={(value) => useDocuments.getState().setOptions(documentId, { commitMode: value === 'manual' ? 'manual' : 'auto' })} />
    </Tooltip>
  );
}
