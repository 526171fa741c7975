import { ActionIcon, Badge, Button, Loader, Select, Skeleton, Stack, Text, Textarea, Tooltip, UnstyledButton } from '@mantine/core';
import { IconBookmarks, IconFileText, IconListCheck, IconNotes, IconPlayerStop, IconPlus, IconSend2, IconSparkles, IconX } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Group as PanelGroup, Panel, Separator } from 'react-resizable-panels';
import type { Document } from '../../../src-preload/contract/documents';
import { ResultGrid } from '../../components/ResultGrid';
import { runCommand, useCommand } from '../../shell/commands';
import { connectionHex, environmentColor, environmentLabel } from '../../shell/connectionLook';
import { openAssistant } from '../../shell/documentActions';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCompact, formatDollars } from '../../shell/format';
import { useConnection, useConnections, type Connection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { explainStatement } from '../explain/store';
import { WithExplanation } from '../explain/WithExplanation';
import { KeyEntry, ModelPicker } from './AssistantSettingsForm';
import { AuditDrawer } from './AuditDrawer';
import { NotesDrawer } from './NotesDrawer';
import { RememberedDrawer } from './RememberedDrawer';
import { SentDrawer, type SentOwner } from './SentDrawer';
import { totals } from './chat';
import type { ChatActions } from './chatActions';
import { exportConversation } from './exportConversation';
import { MessageView } from './MessageView';
import type { SqlPart } from './SqlCard';
import { loadAssistant, useAssistant } from './store';
import { parseAssistantTab, saveDraft, useChat, type Chat } from './useChat';
import shell from '../../shell/Shell.module.css';
import styles from './Assistant.module.css';

/** Distance from the end within which the chat follows a growing answer. */
const NEAR_END_PX = 60;

function ConnectionChoice({ document, connection, fixed }: { readonly document: Document; readonly connection: Connection | null; readonly fixed: boolean }) {
  const connections = useConnections((state) => state.connections);
  if (fixed) {
    return (
      <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, minWidth: 0 }}>
        <span className={shell.dot} style={{ background: connection ? connectionHex(connection) : 'var(--app-line)' }} aria-hidden />
        <Text span size="sm" fw={600} truncate>
          {connection?.name ?? 'connection removed'}
        </Text>
        {connection && !connection.demo ? <Badge color={environmentColor[connection.environment]}>{environmentLabel[connection.environment]}</Badge> : null}
      </span>
    );
  }
  return (
    <Select
      w={220}
      aria-label="Connection to ask about"
      allowDeselect={false}
      placeholder="Choose a connection"
      leftSection={<span className={shell.dot} style={{ background: connection ? connectionHex(connection) : 'var(--app-line)' }} />}
      data={connections.map(({ id, name, environment, demo }) => ({ value: id, label: demo ? name : `${name} (${environment})` }))}
      value={document.connectionId}
      onChange={(connectionId) => useDocuments.getState().updateDocument(document.id, { connectionId })}
    />
  );
}

interface HeadProps {
  readonly document: Document;
  readonly chat: Chat;
  readonly connection: Connection | null;
  readonly onAudit: () => void;
  readonly onRemembered: () => void;
  readonly onNotes: () => void;
}

function Head({ document, chat, connection, onAudit, onRemembered, onNotes }: HeadProps) {
  const { tokens, dollars } = totals(chat.messages);
  return (
    <div className={styles.head}>
      <ConnectionChoice document={document} connection={connection} fixed={parseAssistantTab(document.text).conversationId !== null} />
      <span className={shell.spring} />
      {tokens > 0 ? (
        <Text span size="xs" c="dimmed" title="Tokens and money of the whole conversation">
          {formatCompact(tokens)} tokens{dollars === null ? '' : `, ${formatDollars(dollars)}`}
        </Text>
      ) : null}
      <ModelPicker label={false} width={190} />
      {chat.messages.length > 0 ? (
        <Tooltip label="Export the conversation as Markdown">
          <ActionIcon aria-label="Export the conversation as Markdown" size={26} onClick={() => runCommand('assistant.exportMarkdown')}>
            <IconFileText size={16} />
          </ActionIcon>
        </Tooltip>
      ) : null}
      <Tooltip label="Notes about this database, for Claude">
        <ActionIcon aria-label="Notes for Claude" size={26} disabled={document.connectionId === null} onClick={onNotes}>
          <IconNotes size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Answers that you told it to remember">
        <ActionIcon aria-label="Remembered answers" size={26} onClick={onRemembered}>
          <IconBookmarks size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="What the assistant did on this connection">
        <ActionIcon aria-label="Audit of this conversation" size={26} onClick={onAudit}>
          <IconListCheck size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="New conversation (Ctrl+L)">
        <ActionIcon aria-label="New conversation" size={26} onClick={() => openAssistant({ connectionId: document.connectionId })}>
          <IconPlus size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

const examples = ['Which tables are the largest, and how fast do they grow?', 'Show the last 20 orders with their customers', 'Which foreign keys have no index?'];

const seen = {
  schema: 'the names and types of tables and columns and nothing of the data, as this connection says',
  values: 'the names of tables and columns and how values are spelled, but no rows, as this connection says',
  results: 'the names of tables and columns and the rows of the queries it runs',
};

function Beginning({ hasKey, connection, onPick }: { readonly hasKey: boolean; readonly connection: Connection | null; readonly onPick: (question: string) => void }) {
  // Before a key: nobody should get one in vain.
  if (connection && connection.capabilities.ask !== true) {
    return (
      <EmptyPanel icon={IconSparkles} title={`Claude cannot be asked about ${connection.name} yet`}>
        {connection.capabilities.ask}
      </EmptyPanel>
    );
  }
  if (!hasKey) {
    return (
      <Stack maw={520} mx="auto" mt="8vh" gap="sm">
        <Text fw={600}>Claude answers, and needs a key</Text>
        <Text size="sm" c="dimmed">
          Without a key everything else works: browsing, writing and running SQL. With one you ask in plain words, see the SQL that Claude wrote and what the check says of it, and run it.
        </Text>
        <KeyEntry />
      </Stack>
    );
  }
  return (
    <EmptyPanel
      icon={IconSparkles}
      title="Ask about this database"
      actions={examples.map((question) => (
        <UnstyledButton key={question} fz="sm" c="var(--mantine-color-anchor)" onClick={() => onPick(question)}>
          {question}
        </UnstyledButton>
      ))}
    >
      Claude sees {seen[connection?.sharing ?? 'results']}{connection?.privateColumns?.length ? ', without the columns that are kept private' : ''}. Its queries can only read. A change is only ever proposed: nothing is written without your yes to its exact text.
    </EmptyPanel>
  );
}

interface ComposerProps {
  readonly document: Document;
  readonly chat: Chat;
  readonly ready: boolean;
  readonly active: boolean;
}

function Composer({ document, chat, ready, active }: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const { draft } = parseAssistantTab(document.text);
  useEffect(() => {
    if (active) box.current?.focus();
  }, [active]);
  const send = (): void => {
    if (draft.trim() !== '' && ready && !chat.answering) void chat.ask(draft.trim());
  };
  return (
    <div className={styles.composer}>
      <div className={styles.composerBox}>
        <Textarea
          ref={box}
          variant="unstyled"
          aria-label="Question"
          placeholder="Ask in plain words…"
          autosize
          minRows={2}
          maxRows={10}
          styles={{ input: { padding: '6px 8px', fontSize: 13.5 } }}
          value={draft}
          onChange={(event) => saveDraft(document.id, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        <div className={styles.composerRow}>
          <span style={{ flex: 1 }}>Enter asks, Shift+Enter is a new line{chat.answering ? ', Esc stops' : ''}</span>
          {chat.answering ? (
            <Button size="compact-sm" variant="default" leftSection={<IconPlayerStop size={14} />} onClick={chat.stop}>
              Stop
            </Button>
          ) : (
            <Button size="compact-sm" leftSection={<IconSend2 size={14} />} disabled={!ready || draft.trim() === ''} onClick={send}>
              Ask
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

/** Keeps the end of a growing answer in view, unless the person has scrolled up. */
function useFollowEnd(chat: Chat) {
  const scroller = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && follow.current) element.scrollTop = element.scrollHeight;
  }, [chat.messages]);
  // Rows that open beside the chat make it narrower, so that its text is longer.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (follow.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element) follow.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  return { scroller, onScroll };
}

function Rows({ part, connectionId, onClose }: { readonly part: SqlPart; readonly connectionId: string | null; readonly onClose: () => void }) {
  if (part.resultId === null) return null;
  return (
    <div className={styles.rows}>
      <div className={styles.rowsHead}>
        <span className={shell.ellipsis} style={{ flex: 1 }} title={part.title}>
          {part.title || 'Rows'}
        </span>
        {part.truncated ? <Badge color="yellow">cut at the limit</Badge> : null}
        <ActionIcon aria-label="Close the rows" onClick={onClose}>
          <IconX size={15} />
        </ActionIcon>
      </div>
      <div className={styles.grid}>
        <ResultGrid resultId={part.resultId} columns={part.columns} totalRows={part.rows ?? 0} complete label={`Rows of ${part.title || 'the query'}`} exportName={part.title || 'answer'} {...(connectionId === null ? {} : { query: { connectionId, sql: part.text } })} />
      </div>
    </div>
  );
}

/** Rows beside the chat: the newest result of an answer opens by itself, and stays closed when it was closed. */
function useShownRows(chat: Chat) {
  const [shown, setShown] = useState<SqlPart | null>(null);
  const newest = chat.answering ? chat.messages.at(-1)?.parts.findLast((part) => part.kind === 'sql' && part.resultId !== null) : undefined;
  const newestId = newest?.kind === 'sql' ? newest.resultId : null;
  const [seen, setSeen] = useState<string | null>(null);
  if (newest?.kind === 'sql' && newestId !== seen) {
    setSeen(newestId);
    setShown(newest);
  }
  return { shown, show: setShown };
}

function Messages({ document, chat, connection, hasKey, shownResult, actions }: { readonly document: Document; readonly chat: Chat; readonly connection: Connection | null; readonly hasKey: boolean; readonly shownResult: string | null; readonly actions: ChatActions }) {
  const { scroller, onScroll } = useFollowEnd(chat);
  const { conversationId } = parseAssistantTab(document.text);
  return (
    // A block that scrolls must be reachable with the keyboard.
    <div ref={scroller} className={styles.messages} onScroll={onScroll} tabIndex={0} role="log" aria-label="Conversation">
      <div className={styles.column}>
        {chat.loading ? <Skeleton height={90} role="status" aria-label="Reading the conversation" /> : null}
        {!chat.loading && chat.messages.length === 0 && !chat.error ? <Beginning hasKey={hasKey} connection={connection} onPick={(question) => saveDraft(document.id, question)} /> : null}
        {chat.messages.map((message, index) => (
          <MessageView
            key={message.id}
            message={message}
            conversationId={conversationId ?? ''}
            connection={connection}
            connectionId={document.connectionId ?? ''}
            shownResult={shownResult}
            growing={chat.answering && index === chat.messages.length - 1}
            busy={chat.answering}
            actions={actions}
          />
        ))}
        {chat.answering && chat.messages.at(-1)?.role === 'user' ? (
          <Text size="sm" c="dimmed" role="status">
            <Loader size={11} mr={6} /> Asking…
          </Text>
        ) : null}
        {chat.error ? <ErrorPanel error={chat.error} onRetry={chat.reload} retryLabel="Read the conversation again" /> : null}
        {!hasKey && chat.messages.length > 0 ? <KeyEntry /> : null}
      </div>
    </div>
  );
}

/** A conversation about one connection: questions, checked queries, their rows beside the chat, proposals. */
export function AssistantTab({ document, active }: { readonly document: Document; readonly active: boolean }) {
  const chat = useChat(document);
  const connection = useConnection(document.connectionId);
  const settings = useAssistant((state) => state.settings);
  const settingsError = useAssistant((state) => state.settingsError);
  const [audit, setAudit] = useState(false);
  const [sent, setSent] = useState<SentOwner | null>(null);
  const [remembered, setRemembered] = useState(false);
  const [notes, setNotes] = useState(false);
  const { shown, show } = useShownRows(chat);
  useEffect(() => void loadAssistant(), []);
  useCommand({ id: 'assistant.stop', title: 'Stop the answer', group: 'Assistant', keys: ['Escape'], enabled: () => chat.answering, run: chat.stop }, active);

  const { conversationId } = parseAssistantTab(document.text);
  const lastAnswer = chat.messages.findLast(({ role }) => role === 'assistant');
  const ready = (): boolean => conversationId !== null && !chat.answering && lastAnswer !== undefined;
  useCommand({ id: 'assistant.regenerate', title: 'Regenerate the last answer', group: 'Assistant', keywords: 'again retry another version', enabled: ready, run: () => lastAnswer && chat.regenerate(lastAnswer.id) }, active);
  useCommand({ id: 'assistant.exportMarkdown', title: 'Export the conversation as Markdown', group: 'Assistant', keywords: 'save file md', icon: IconFileText, enabled: ready, run: () => exportConversation(conversationId ?? '', document.title) }, active);
  useCommand({ id: 'assistant.notes', title: 'Notes for Claude about this database', group: 'Assistant', keywords: 'meaning describe document', enabled: () => document.connectionId !== null, run: () => setNotes(true) }, active);
  useCommand({ id: 'assistant.whatWasSent', title: 'What was sent to Claude', group: 'Assistant', keywords: 'privacy request prompt', run: () => setSent({ conversationId, messageId: null }) }, active);
  const { ask, regenerate, showBranch, removeBranch, showProposal } = chat;
  const actions = useMemo<ChatActions>(
    () => ({
      ask: (question, replaceFrom) => void ask(question, replaceFrom),
      regenerate: (answerId, model) => void regenerate(answerId, model),
      showBranch: (messageId) => void showBranch(messageId),
      removeBranch: (messageId) => void removeBranch(messageId),
      showRows: show,
      explain: (sql) => {
        // Three columns leave none of them room to read.
        show(null);
        void explainStatement(document.id, document.connectionId, sql, 0);
      },
      showProposal,
      showSent: (messageId) => setSent({ conversationId: null, messageId }),
    }),
    [ask, regenerate, showBranch, removeBranch, show, showProposal, document.id, document.connectionId],
  );

  const hasKey = settings?.hasKey ?? true;
  return (
    <div className={styles.tab}>
      <Head document={document} chat={chat} connection={connection} onAudit={() => setAudit(true)} onRemembered={() => setRemembered(true)} onNotes={() => setNotes(true)} />
      {settingsError ? <ErrorPanel error={settingsError} title="The assistant’s settings could not be read" onRetry={() => void loadAssistant()} /> : null}
      <WithExplanation tabId={document.id}>
        <PanelGroup className={styles.split} orientation="horizontal">
          <Panel id="chat" minSize={340}>
            <div className={styles.chat}>
              <Messages document={document} chat={chat} connection={connection} hasKey={hasKey} shownResult={shown?.resultId ?? null} actions={actions} />
              <Composer document={document} chat={chat} ready={hasKey && connection?.capabilities.ask === true} active={active} />
            </div>
          </Panel>
          {shown ? (
            <>
              <Separator className={shell.separator} aria-label="Width of the rows" />
              <Panel id="rows" defaultSize="45%" minSize={260}>
                <Rows part={shown} connectionId={document.connectionId} onClose={() => show(null)} />
              </Panel>
            </>
          ) : null}
        </PanelGroup>
      </WithExplanation>
      <AuditDrawer opened={audit} conversationId={conversationId} onSent={() => setSent({ conversationId, messageId: null })} onClose={() => setAudit(false)} />
      <NotesDrawer opened={notes} connectionId={document.connectionId} onClose={() => setNotes(false)} />
      <RememberedDrawer opened={remembered} connectionId={document.connectionId} onClose={() => setRemembered(false)} />
      <SentDrawer owner={sent} onClose={() => setSent(null)} />
    </div>
  );
}
