import { ActionIcon, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconChevronLeft, IconChevronRight, IconTrash } from '@tabler/icons-react';
import type { Message } from '../../../src-preload/contract/assistant';
import { branchPlace } from './chat';
import styles from './Assistant.module.css';

interface BranchSwitchProps {
  readonly message: Message;
  readonly busy: boolean;
  readonly onShow: (messageId: string) => void;
  readonly onRemove: (messageId: string) => void;
}

function askToRemove({ message, onRemove }: Pick<BranchSwitchProps, 'message' | 'onRemove'>): void {
  const answer = message.role === 'assistant';
  modals.openConfirmModal({
    title: `Delete this version of the ${answer ? 'answer' : 'question'}?`,
    children: <Text size="sm">It and everything that was said after it are deleted. The other versions stay, and so does the audit of what was run.</Text>,
    labels: { confirm: 'Delete version', cancel: 'Keep' },
    confirmProps: { color: 'red' },
    onConfirm: () => onRemove(message.id),
  });
}

/** `‹ 2 / 3 ›`: which version of a question or an answer is shown, and the way to the others. Nothing while there is one only. */
export function BranchSwitch({ message, busy, onShow, onRemove }: BranchSwitchProps) {
  const { at, count, step } = branchPlace(message);
  if (count < 2) return null;
  const what = message.role === 'assistant' ? 'answer' : 'question';
  const go = (by: 1 | -1) => (): void => {
    const id = step(by);
    if (id !== null) onShow(id);
  };
  return (
    <span className={styles.branch} role="group" aria-label={`Versions of the ${what}`}>
      <ActionIcon size={18} aria-label={`Earlier version of the ${what}`} disabled={busy || step(-1) === null} onClick={go(-1)}>
        <IconChevronLeft size={13} />
      </ActionIcon>
      <span aria-live="polite">
        {at + 1} / {count}
      </span>
      <ActionIcon size={18} aria-label={`Later version of the ${what}`} disabled={busy || step(1) === null} onClick={go(1)}>
        <IconChevronRight size={13} />
      </ActionIcon>
      <ActionIcon size={18} aria-label={`Delete this version of the ${what}`} title="Delete this version" disabled={busy} onClick={() => askToRemove({ message, onRemove })}>
        <IconTrash size={12} />
      </ActionIcon>
    </span>
  );
}
