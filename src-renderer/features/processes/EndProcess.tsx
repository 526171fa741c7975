import { Alert, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { EndAction, ServerProcess } from '../../../src-preload/contract/processes';
import { client } from '../../client';
import { SqlText } from '../../components/SqlText';
import { showDone, showError } from '../../shell/errors';
import { StatementPanel } from '../queries/StatementPanel';

interface EndProcessProps {
  readonly connectionId: string;
  readonly process: ServerProcess;
  readonly action: EndAction;
  readonly blocks: number;
  readonly onEnded: () => void;
}

function consequences({ process, action, blocks }: EndProcessProps): string {
  const freed = blocks > 0 ? ` ${blocks} that ${blocks === 1 ? 'waits' : 'wait'} for it can go on once its transaction ends.` : '';
  if (action === 'cancel') return `Its statement ends with an error and what that statement did is undone. The session stays, and so do an open transaction and its locks until its client ends them.${freed}`;
  const lost = process.state?.startsWith('idle in transaction') || process.state === 'active' ? 'Its open transaction is rolled back: what it did and did not commit is lost.' : 'It is idle: no work is lost, but temporary tables, settings and prepared statements of the session are.';
  return `The session ends and its client sees a lost connection. ${lost}${freed}`;
}

/** Asks before a process is cancelled or ended: what is lost, and the exact statement. */
export function EndProcess(props: EndProcessProps) {
  const { connectionId, process, action, onEnded } = props;
  const [statement, setStatement] = useState({ text: '', answers: true });
  useEffect(() => {
    client.processes.endStatement({ connectionId, pid: process.pid, startedAt: process.startedAt, action }).then(
      (answer) => setStatement({ ...answer, text: `${answer.text};` }),
      (error: unknown) => showError('The statement could not be written', error),
    );
  }, [connectionId, process.pid, process.startedAt, action]);
  return (
    <StatementPanel
      connectionId={connectionId}
      text={statement.text}
      title={`${action === 'cancel' ? 'Cancel the statement of' : 'End'} process ${process.pid}`}
      applyLabel={action === 'cancel' ? `Cancel ${process.pid}` : `Kill ${process.pid}`}
      danger
      empty=""
      onDone={({ rows }) => {
        const stopped = !statement.answers || rows[0]?.[0] === 't';
        showDone(stopped ? (action === 'cancel' ? `Process ${process.pid} was asked to cancel` : `Process ${process.pid} is ended`) : `Process ${process.pid} was gone already; nothing was done`);
        onEnded();
      }}
    >
      {process.own ? (
        <Alert color="orange" p="xs">
          This is a session of this program (or of another AI-Shell): {process.application}. A tab of yours may lose its work.
        </Alert>
      ) : null}
      <Text size="sm">
        {process.user ?? 'unknown'} on {process.database ?? 'no database'}, {process.application === '' ? 'no application name' : process.application}, {process.state ?? 'state hidden'}.
      </Text>
      <Text size="sm">{consequences(props)}</Text>
      {process.query ? <SqlText text={process.query} maxLines={8} label="What it runs" /> : null}
    </StatementPanel>
  );
}
