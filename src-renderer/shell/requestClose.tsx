import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useDocuments } from '../features/documents/store';
import { closeTab, closingLoses, frontDocumentId } from './documentActions';
import { closeWelcome } from './layout';

const losses = {
  transaction: 'This tab has an open transaction. Closing the tab rolls it back: its changes are lost.',
  running: 'A statement is still running in this tab. Closing the tab cancels it on the server.',
  changes: 'This tab has pending changes of rows that were not applied. Closing the tab discards them.',
  text: 'Changes of this tab are not in its file. Closing the tab loses them; what was run stays in the history.',
};

/** Closes a tab; asks first when that would lose something. */
export function requestClose(id: string): void {
  const loss = closingLoses(id);
  if (loss === null) {
    closeTab(id);
    return;
  }
  const closing = useDocuments.getState().documents.find((document) => document.id === id);
  const title = closing?.title ?? 'the tab';
  modals.openConfirmModal({
    title: `Close ${title}?`,
    children: <Text size="sm">{losses[loss === 'text' && closing?.kind === 'table' ? 'changes' : loss]}</Text>,
    labels: { confirm: loss === 'transaction' ? 'Roll back and close' : 'Close tab', cancel: 'Keep open' },
    confirmProps: { color: 'red' },
    onConfirm: () => closeTab(id),
  });
}

/** Closes the tab in front, be it the welcome page. */
export function requestCloseFront(): void {
  const id = frontDocumentId();
  if (id === null) closeWelcome();
  else requestClose(id);
}
