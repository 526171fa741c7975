import { Badge, Button, Code, Text } from '@mantine/core';
import { IconAlertTriangle, IconPencilCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { DryRun, Proposal } from '../../../src-preload/contract/assistant';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount } from '../../shell/format';
import type { Connection } from '../connections/store';
import { DryRunReport } from './DryRunReport';
import styles from './Assistant.module.css';

const stateFace: Record<Proposal['state'], { word: string; color: string }> = {
  pending: { word: 'waits for you', color: 'yellow' },
  approved: { word: 'approved, running', color: 'indigo' },
  rejected: { word: 'rejected', color: 'gray' },
  done: { word: 'done', color: 'teal' },
  failed: { word: 'failed', color: 'red' },
};

interface ProposalCardProps {
  readonly proposal: Proposal;
  readonly conversationId: string;
  readonly connection: Connection | null;
  readonly onDecided: (proposal: Proposal) => void;
}

function Facts({ proposal, connection }: Pick<ProposalCardProps, 'proposal' | 'connection'>) {
  return (
    <dl className={styles.facts}>
      <dt>Touches</dt>
      <dd>{proposal.objects.length > 0 ? proposal.objects.join(', ') : 'could not be told'}</dd>
      <dt>Rows</dt>
      <dd>{proposal.estimatedRows === null ? 'could not be estimated' : `about ${formatCount(proposal.estimatedRows)}`}</dd>
      <dt>On</dt>
      <dd>{connection ? `${connection.name} (${connection.environment})` : 'a connection that is gone'}</dd>
      <dt>SHA-256</dt>
      <dd>
        <Code fz="xs" title={proposal.hash}>
          {proposal.hash.slice(0, 16)}…
        </Code>
      </dd>
    </dl>
  );
}

function Warnings({ sentences = [] }: { readonly sentences: readonly string[] | undefined }) {
  if (sentences.length === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Warnings">
      {sentences.map((sentence) => (
        <li key={sentence}>
          <IconAlertTriangle size={14} aria-hidden />
          {sentence}
        </li>
      ))}
    </ul>
  );
}

type Busy = 'approve' | 'reject' | 'try' | null;

interface DecisionProps {
  readonly connection: Connection | null;
  readonly busy: Busy;
  readonly tried: boolean;
  readonly onTry: () => void;
  readonly onDecide: (approve: boolean) => void;
}

/** One at a time, and none for good: a yes is for this text alone. */
function Decision({ connection, busy, tried, onTry, onDecide }: DecisionProps) {
  const production = connection?.environment === 'production';
  const blocked = (own: Busy): boolean => !connection || (busy !== null && busy !== own);
  return (
    <div className={styles.cardActions}>
      <Button size="compact-sm" color={production ? 'red' : undefined} loading={busy === 'approve'} disabled={blocked('approve')} onClick={() => onDecide(true)}>
        {production ? `Approve and run on PRODUCTION ${connection.name}` : `Approve and run on ${connection?.name ?? '…'}`}
      </Button>
      <Button size="compact-sm" variant="default" title="Runs it in a transaction that is rolled back: it takes its locks for that time, at most ten seconds" loading={busy === 'try'} disabled={blocked('try')} onClick={onTry}>
        {tried ? 'Try it again' : 'Try it and roll back'}
      </Button>
      <Button size="compact-sm" variant="default" loading={busy === 'reject'} disabled={busy !== null && busy !== 'reject'} onClick={() => onDecide(false)}>
        Reject
      </Button>
      <Text size="xs" c="dimmed">
        A yes is for this text, once; there is no “always”.
      </Text>
    </div>
  );
}

/** A write that Claude proposes: the exact text, what it touches, and the person's yes or no to exactly this text. */
export function ProposalCard({ proposal, conversationId, connection, onDecided }: ProposalCardProps) {
  const [busy, setBusy] = useState<Busy>(null);
  const [tried, setTried] = useState<DryRun | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const decide = async (approve: boolean): Promise<void> => {
    setBusy(approve ? 'approve' : 'reject');
    setError(null);
    try {
      onDecided(await client.assistant.decide({ conversationId, proposalId: proposal.id, approve, hash: proposal.hash }));
    } catch (failure) {
      setError(errorData(failure));
    } finally {
      setBusy(null);
    }
  };
  const attempt = async (): Promise<void> => {
    setBusy('try');
    setError(null);
    try {
      setTried(await client.assistant.tryProposal({ conversationId, proposalId: proposal.id }));
    } catch (failure) {
      setError(errorData(failure));
    } finally {
      setBusy(null);
    }
  };
  const face = stateFace[proposal.state];
  const production = connection?.environment === 'production';
  return (
    <section className={styles.card} data-proposal={proposal.state === 'pending' ? (production ? 'production' : 'plain') : undefined} aria-label="Proposed change">
      <div className={styles.cardHead}>
        <IconPencilCheck size={15} aria-hidden />
        <Text span size="sm" fw={600}>
          Proposed change
        </Text>
        <Badge color={face.color}>{face.word}</Badge>
      </div>
      <Text size="sm" px="sm" pb={6}>
        {proposal.purpose}
      </Text>
      <SqlText text={proposal.text} label="Proposed statement" />
      <Facts proposal={proposal} connection={connection} />
      {production && proposal.state === 'pending' ? (
        <Text size="sm" fw={600} c="red" px="sm" pb={4}>
          <IconAlertTriangle size={14} style={{ verticalAlign: -2 }} aria-hidden /> This writes to PRODUCTION: {connection.name}
        </Text>
      ) : null}
      <Warnings sentences={proposal.warnings} />
      {proposal.result ? (
        <Text size="sm" px="sm" pb={8} c={proposal.state === 'failed' ? 'red' : undefined} role="status" style={{ overflowWrap: 'anywhere' }}>
          {proposal.result}
        </Text>
      ) : null}
      {tried && connection ? <DryRunReport tried={tried} connectionId={connection.id} /> : null}
      {error ? (
        <div style={{ padding: '0 8px 8px' }}>
          <ErrorPanel error={error} title="It was not run" />
        </div>
      ) : null}
      {proposal.state === 'pending' ? <Decision connection={connection} busy={busy} tried={tried !== null} onTry={() => void attempt()} onDecide={(approve) => void decide(approve)} /> : null}
    </section>
  );
}
