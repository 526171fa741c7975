import { Button, Code, Drawer, Group, Skeleton, Table, Text } from '@mantine/core';
import { IconDownload, IconSend } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount, formatDuration } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';

type Entry = Awaited<ReturnType<typeof client.assistant.audit>>[number];

interface AuditState {
  readonly entries: readonly Entry[] | null;
  readonly error: AppErrorData | null;
}

function AuditList({ conversationId }: { readonly conversationId: string | null }) {
  const [{ entries, error }, setState] = useState<AuditState>({ entries: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    client.assistant.audit(conversationId === null ? { limit: 200 } : { conversationId, limit: 200 }).then(
      (read) => setState({ entries: read, error: null }),
      (failure: unknown) => setState({ entries: null, error: errorData(failure) }),
    );
  }, [conversationId, turn]);
  if (error) return <ErrorPanel error={error} title="The audit could not be read" onRetry={() => setTurn(turn + 1)} />;
  if (!entries) return <Skeleton height={120} />;
  if (entries.length === 0) return <Text c="dimmed">Nothing yet. Each call of a tool, and each of your decisions on a proposal, leaves a row here.</Text>;
  return (
    <Table verticalSpacing={5} fz={12.5} stickyHeader aria-label="Audit">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Tool</Table.Th>
          <Table.Th w="38%">What</Table.Th>
          <Table.Th>Verdict</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th ta="right">Rows</Table.Th>
          <Table.Th ta="right">Time</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.id} style={{ verticalAlign: 'top' }}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime iso={entry.at} />
            </Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{entry.tool}</Table.Td>
            <Table.Td>
              <Code fz="xs" style={{ overflowWrap: 'anywhere' }} title={entry.input}>
                {entry.input.length > 160 ? `${entry.input.slice(0, 160)}…` : entry.input}
              </Code>
            </Table.Td>
            <Table.Td>{entry.verdict}</Table.Td>
            <Table.Td>{entry.outcome}</Table.Td>
            <Table.Td ta="right">{entry.rows === null ? '' : formatCount(entry.rows)}</Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {formatDuration(entry.milliseconds)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Asks for a file and writes every entry into it, also those that the list does not show. */
async function exportAudit(conversationId: string | null): Promise<void> {
  try {
    const { path } = await client.application.chooseSavePath({ title: 'Export the audit', defaultName: 'audit.ndjson', extension: 'ndjson' });
    if (path === null) return;
    const { entries } = await client.assistant.exportAudit({ conversationId, path });
    showDone(`Wrote ${formatCount(entries)} ${entries === 1 ? 'entry' : 'entries'} to ${path}`);
  } catch (error) {
    showError('The audit was not exported', error);
  }
}

interface AuditDrawerProps {
  readonly opened: boolean;
  readonly conversationId: string | null;
  readonly onSent: () => void;
  readonly onClose: () => void;
}

/** Every call of a tool and every decision, newest first; of one conversation, or of all while there is none. */
export function AuditDrawer({ opened, conversationId, onSent, onClose }: AuditDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} size={860} title={conversationId === null ? 'Audit of all conversations' : 'Audit of this conversation'}>
      <Group justify="flex-end" gap="xs" mb="xs">
        <Button variant="default" leftSection={<IconSend size={14} />} onClick={onSent}>
          What was sent…
        </Button>
        <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => void exportAudit(conversationId)}>
          Export…
        </Button>
      </Group>
      <AuditList conversationId={conversationId} />
    </Drawer>
  );
}
