import { ActionIcon, Button, Collapse, Loader, Text, Textarea, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBan, IconCheck, IconChevronRight, IconPencil, IconX } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { Message, MessagePart } from '../../../src-preload/contract/assistant';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatDuration } from '../../shell/format';
import { openSettings } from '../../shell/documentActions';
import type { Connection } from '../connections/store';
import { AnswerFoot } from './AnswerFoot';
import { BranchSwitch } from './BranchSwitch';
import { questionText } from './chat';
import type { ChatActions } from './chatActions';
import { Markdown } from '../../components/Markdown';
import { NotesCard } from './NotesCard';
import { ProposalCard } from './ProposalCard';
import { SqlCard } from './SqlCard';
import styles from './Assistant.module.css';

type ToolPart = Extract<MessagePart, { kind: 'tool' }>;

function Thinking({ text }: { readonly text: string }) {
  const [opened, { toggle }] = useDisclosure(false);
  if (text.trim() === '') return null;
  return (
    <div>
      <UnstyledButton className={styles.step} aria-expanded={opened} onClick={toggle}>
        <IconChevronRight size={13} style={{ transform: opened ? 'rotate(90deg)' : undefined }} aria-hidden />
        Thinking
      </UnstyledButton>
      <Collapse expanded={opened}>
        <div className={styles.thinking}>
          <Markdown text={text} />
        </div>
      </Collapse>
    </div>
  );
}

const toolMarks = {
  running: <Loader size={11} aria-label="running" />,
  done: <IconCheck size={13} aria-label="done" />,
  failed: <IconX size={13} aria-label="failed" color="var(--mantine-color-error)" />,
  refused: <IconBan size={13} aria-label="refused" color="var(--mantine-color-error)" />,
};

function ToolStep({ part }: { readonly part: ToolPart }) {
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div>
      <UnstyledButton className={styles.step} aria-expanded={opened} onClick={toggle} title={`${part.title}: ${part.state}`}>
        {toolMarks[part.state]}
        <span className={styles.cut}>{part.title}</span>
        {part.summary ? <span className={`${styles.cut} ${styles.dim}`}>{part.summary}</span> : null}
        <span className={styles.ms}>{part.milliseconds === null ? '' : formatDuration(part.milliseconds)}</span>
      </UnstyledButton>
      <Collapse expanded={opened}>
        <pre className={styles.codeBlock} tabIndex={0} aria-label={`Input of ${part.name}`}>
          {part.name} {part.input}
        </pre>
      </Collapse>
    </div>
  );
}

interface MessageViewProps {
  readonly message: Message;
  readonly conversationId: string;
  readonly connection: Connection | null;
  readonly connectionId: string;
  readonly shownResult: string | null;
  /** Whether this answer still grows. */
  readonly growing: boolean;
  readonly busy: boolean;
  readonly actions: ChatActions;
}

/** What an answer says in words. */
const saidIn = ({ parts }: Message): string => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n');

function Part({ part, props }: { readonly part: MessagePart; readonly props: MessageViewProps }) {
  const { message, conversationId, connection, connectionId, shownResult, actions } = props;
  switch (part.kind) {
    case 'text':
      return <Markdown text={part.text} />;
    case 'thinking':
      return <Thinking text={part.text} />;
    case 'tool':
      return <ToolStep part={part} />;
    case 'sql':
      return <SqlCard part={part} said={saidIn(message)} conversationId={conversationId} messageId={message.id} connectionId={connectionId} shownResult={shownResult} onShow={actions.showRows} onExplain={actions.explain} />;
    case 'proposal':
      return <ProposalCard proposal={part.proposal} conversationId={conversationId} connection={connection} onDecided={actions.showProposal} />;
    case 'notes':
      return <NotesCard proposal={part.proposal} conversationId={conversationId} />;
    case 'error':
      return (
        <ErrorPanel
          error={part.error}
          title="No complete answer"
          retryLabel="Ask again"
          onRetry={() => actions.regenerate(message.id)}
          actions={
            part.error.code === 'model_unavailable' || part.error.code === 'refused' ? (
              <Button variant="subtle" onClick={() => openSettings('models')}>
                Key and model
              </Button>
            ) : undefined
          }
        />
      );
  }
}

function Question({ message, busy, actions }: Pick<MessageViewProps, 'message' | 'busy' | 'actions'>) {
  const text = questionText(message);
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <div className={styles.question}>
        <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', flex: 1 }}>{text}</span>
        <BranchSwitch message={message} busy={busy} onShow={actions.showBranch} onRemove={actions.removeBranch} />
        <ActionIcon className={styles.edit} aria-label="Edit the question and ask again" title="Edit the question and ask again" disabled={busy} onClick={() => setDraft(text)}>
          <IconPencil size={14} />
        </ActionIcon>
      </div>
    );
  }
  const send = (): void => {
    setDraft(null);
    if (draft.trim() !== '') actions.ask(draft.trim(), message.id);
  };
  return (
    <div className={styles.question} style={{ display: 'block' }}>
      <Textarea
        aria-label="Edit the question"
        autosize
        autoFocus
        maxRows={12}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape') {
            event.preventDefault();
            setDraft(null);
          }
        }}
      />
      <div className={styles.cardActions} style={{ padding: '6px 0 0' }}>
        <Button size="compact-xs" onClick={send}>
          Ask again
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setDraft(null)}>
          Cancel
        </Button>
        <Text size="xs" c="dimmed">
          What was said until now stays as another version.
        </Text>
      </div>
    </div>
  );
}

/** One message: a person's question, or an answer with its steps, queries and proposals in their order. */
export const MessageView = memo(function MessageView(props: MessageViewProps) {
  const { message, growing, busy, actions } = props;
  if (message.role === 'user') return <Question message={message} busy={busy} actions={actions} />;
  const last = message.parts.at(-1);
  const waiting = growing && (last === undefined || last.kind === 'tool' || last.kind === 'thinking');
  return (
    <article className={styles.answer} aria-label="Answer" aria-busy={growing}>
      {message.parts.map((part, index) => (
        <Part key={index} part={part} props={props} />
      ))}
      {waiting ? (
        <Text size="sm" c="dimmed" role="status">
          <Loader size={11} mr={6} /> Working…
        </Text>
      ) : null}
      {growing ? null : <AnswerFoot message={message} busy={busy} actions={actions} />}
    </article>
  );
});
