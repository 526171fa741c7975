import { Button, Progress, Stack, Text } from '@mantine/core';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { useConnections } from '../connections/store';
import { loadSchemas } from '../catalog/store';
import { rebuildDemo, useDemo } from './store';

/** How the demo's building goes on, or why it is not there, below the connections; nothing when all is well. */
export function DemoStrip() {
  const status = useDemo((state) => state.status);
  const shown = useConnections((state) => state.currentId) === status?.connectionId;
  if (!status || status.state === 'ready' || status.state === 'absent' || !shown) return null;
  return (
    <Stack gap={6} p="sm">
      <DemoState />
      {status.state === 'held' ? (
        <Button variant="default" onClick={() => void loadSchemas(status.connectionId)}>
          Try again
        </Button>
      ) : null}
    </Stack>
  );
}

/** The demo's state in words, with its progress or its failure and the next step. */
export function DemoState() {
  const status = useDemo((state) => state.status);
  if (!status) return null;
  if (status.state === 'building') {
    return (
      <div role="status">
        <Text size="sm">
          Building the demo shop: {Math.floor(status.progress * 100)} %
        </Text>
        <Progress value={status.progress * 100} size="sm" my={4} aria-label="Building the demo database" />
        <Text size="xs" c="dimmed">
          {status.message}
        </Text>
      </div>
    );
  }
  if (status.state === 'failed') {
    return (
      <ErrorPanel
        title="The demo database could not be opened"
        error={status.error ?? { code: 'internal', message: status.message }}
        retryLabel="Set it aside and build it anew"
        onRetry={rebuildDemo}
      />
    );
  }
  if (status.state === 'held') {
    return (
      <ErrorPanel
        title="Another program has the demo open"
        error={status.error ?? { code: 'busy', message: status.message, hint: 'Close the other window or command, then try again.' }}
      />
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {status.message}
    </Text>
  );
}
