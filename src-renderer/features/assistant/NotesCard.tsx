import { Badge, Button, Text } from '@mantine/core';
import { IconNotes } from '@tabler/icons-react';
import { useState } from 'react';
import type { NotesProposal } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { TextDiff } from '../../components/TextDiff';
import { ErrorPanel } from '../../shell/ErrorPanel';
import styles from './Assistant.module.css';

const face = { pending: { word: 'waits for you', color: 'yellow' }, accepted: { word: 'accepted', color: 'teal' }, rejected: { word: 'rejected', color: 'gray' } } as const;

/** A change of the notes that Claude proposes: what stands there and what would, and the person's decision. */
export function NotesCard({ proposal: given, conversationId }: { readonly proposal: NotesProposal; readonly conversationId: string }) {
  const [decided, setDecided] = useState<NotesProposal | null>(null);
  const [failure, setFailure] = useState<AppErrorData | null>(null);
  const [busy, setBusy] = useState(false);
  const proposal = decided ?? given;
  const decide = (accept: boolean): void => {
    setBusy(true);
    setFailure(null);
    client.assistant
      .decideNotes({ conversationId, proposalId: proposal.id, accept })
      .then(setDecided, (error: unknown) => setFailure(errorData(error)))
      .finally(() => setBusy(false));
  };
  return (
    <section className={styles.card} aria-label="Proposed notes">
      <div className={styles.cardHead}>
        <IconNotes size={15} aria-hidden />
        <Text span size="sm" fw={600}>
          A change of the notes
        </Text>
        <Badge color={face[proposal.state].color}>{face[proposal.state].word}</Badge>
        <Text size="xs" c="dimmed" w="100%">
          {proposal.purpose}
        </Text>
      </div>
      <div style={{ maxHeight: 340, overflow: 'auto' }}>
        <TextDiff before={proposal.before} after={proposal.after} labels={['Notes now', 'Notes as proposed']} language="plain" />
      </div>
      {failure ? (
        <div style={{ padding: '6px 8px 0' }}>
          <ErrorPanel error={failure} />
        </div>
      ) : null}
      {proposal.state === 'pending' ? (
        <div className={styles.cardActions}>
          <Button size="compact-xs" loading={busy} onClick={() => decide(true)}>
            Accept
          </Button>
          <Button size="compact-xs" variant="default" disabled={busy} onClick={() => decide(false)}>
            Reject
          </Button>
          <Text size="xs" c="dimmed">
            Left: the notes now. Right: what they would be.
          </Text>
        </div>
      ) : null}
    </section>
  );
}
