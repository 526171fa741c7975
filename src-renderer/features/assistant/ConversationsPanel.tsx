import { ActionIcon, Button, Skeleton, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { IconPlus, IconSearch, IconSparkles, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Conversation } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { connectionHex } from '../../shell/connectionLook';
import { closeTab, openAssistant } from '../../shell/documentActions';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showError } from '../../shell/errors';
import { RelativeTime } from '../../shell/RelativeTime';
import { useConnection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { parseAssistantTab } from './useChat';
import shell from '../../shell/Shell.module.css';
import styles from './Assistant.module.css';

const SEARCH_PAUSE_MS = 180;

/** The list with a conversation's newest state in it, newest first. */
export function withConversation(list: readonly Conversation[], changed: Conversation): Conversation[] {
  return [changed, ...list.filter(({ id }) => id !== changed.id)].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}

function useConversations(search: string) {
  const [list, setList] = useState<readonly Conversation[] | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    client.assistant.conversations({ search }, { signal: abort.signal }).then(
      (read) => {
        setList(read);
        setError(null);
      },
      (failure: unknown) => {
        if (!abort.signal.aborted) setError(errorData(failure));
      },
    );
    return () => abort.abort();
  }, [search, turn]);
  useEffect(
    () =>
      client.assistant.on('conversationChanged', (changed) => {
        // A search is answered by main; without one the list is kept up to date here.
        if (search === '') setList((now) => withConversation(now ?? [], changed));
      }),
    [search],
  );
  return { list, error, reload: () => setTurn((now) => now + 1) };
}

function askToRemove(conversation: Conversation, onRemoved: () => void): void {
  modals.openConfirmModal({
    title: 'Remove the conversation?',
    children: (
      <Text size="sm">
        <b>{conversation.title}</b> and its answers are removed. The audit of what was run stays.
      </Text>
    ),
    labels: { confirm: 'Remove', cancel: 'Keep' },
    confirmProps: { color: 'red' },
    onConfirm: () => {
      client.assistant.remove({ id: conversation.id }).then(
        () => {
          const open = useDocuments.getState().documents.filter((document) => document.kind === 'assistant' && parseAssistantTab(document.text).conversationId === conversation.id);
          open.forEach((document) => closeTab(document.id));
          onRemoved();
        },
        (error: unknown) => showError('The conversation could not be removed', error),
      );
    },
  });
}

function Item({ conversation, onRemoved }: { readonly conversation: Conversation; readonly onRemoved: () => void }) {
  const connection = useConnection(conversation.connectionId);
  return (
    <li className={styles.conversation}>
      <UnstyledButton
        style={{ flex: 1, minWidth: 0 }}
        title={`${conversation.title}${connection ? ` on ${connection.name}` : ''}`}
        onClick={() => openAssistant({ connectionId: conversation.connectionId, conversationId: conversation.id, title: conversation.title })}
      >
        <Text size="sm" truncate>
          {conversation.title}
        </Text>
        <Text size="xs" c="dimmed" truncate component="div">
          <span className={shell.dot} style={{ display: 'inline-block', marginRight: 5, background: connection ? connectionHex(connection) : 'var(--app-line)' }} aria-hidden />
          {connection?.name ?? 'connection removed'}, <RelativeTime iso={conversation.updatedAt} />
        </Text>
      </UnstyledButton>
      <ActionIcon className={styles.remove} aria-label={`Remove ${conversation.title}`} onClick={() => askToRemove(conversation, onRemoved)}>
        <IconTrash size={14} />
      </ActionIcon>
    </li>
  );
}

/** All conversations, newest first, with search. */
export function ConversationsPanel() {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), SEARCH_PAUSE_MS);
  const { list, error, reload } = useConversations(settled);
  return (
    <>
      <div className={shell.panelHead}>
        <span className={shell.spring}>Conversations</span>
        <Tooltip label="New conversation (Ctrl+L)">
          <ActionIcon aria-label="New conversation" onClick={() => openAssistant({})}>
            <IconPlus size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={shell.panelBody}>
        <div style={{ padding: 8 }}>
          <TextInput aria-label="Search conversations" placeholder="Search conversations" leftSection={<IconSearch size={13} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        </div>
        {error ? <ErrorPanel error={error} onRetry={reload} /> : null}
        {list === null && !error ? <Skeleton height={60} m={8} w="auto" /> : null}
        {list?.length === 0 ? (
          settled === '' ? (
            <EmptyPanel icon={IconSparkles} title="No conversation yet" actions={<Button onClick={() => openAssistant({})}>Ask a question</Button>}>
              Ask in plain words; Claude writes the query, the check says whether it only reads, and you see the rows.
            </EmptyPanel>
          ) : (
            <EmptyPanel icon={IconSearch} title={`No conversation has “${settled}”`} />
          )
        ) : null}
        <ul style={{ listStyle: 'none', margin: 0, padding: 0, overflowY: 'auto' }} aria-label="Conversations">
          {(list ?? []).map((conversation) => (
            <Item key={conversation.id} conversation={conversation} onRemoved={reload} />
          ))}
        </ul>
      </div>
    </>
  );
}
