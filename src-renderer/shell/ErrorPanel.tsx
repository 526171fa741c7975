import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppErrorData } from '../../src-preload/contract/error';
import styles from './Shell.module.css';

interface ErrorPanelProps {
  readonly error: AppErrorData;
  /** What failed, when the message alone does not say. */
  readonly title?: string;
  readonly retryLabel?: string;
  readonly onRetry?: () => void;
  /** More buttons beside the retry. */
  readonly actions?: ReactNode;
}

/** What failed, the server's own words and code, what to try, and a button that tries again, where that can help. */
export function ErrorPanel({ error, title, retryLabel = 'Try again', onRetry, actions }: ErrorPanelProps) {
  const retry = error.code === 'unsupported' ? undefined : onRetry;
  return (
    <div className={styles.error} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <Stack gap={5} align="flex-start" flex={1} miw={0}>
        {title ? (
          <Text size="sm" fw={600}>
            {title}
          </Text>
        ) : null}
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {error.message}
          {error.serverCode ? (
            <>
              {' '}
              <Code fz="xs">{error.serverCode}</Code>
            </>
          ) : null}
        </Text>
        {error.detail ? (
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {error.detail}
          </Text>
        ) : null}
        {error.hint ? <Text size="sm">{error.hint}</Text> : null}
        {retry || actions ? (
          <Group gap="xs" mt={2}>
            {retry ? (
              <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={retry}>
                {retryLabel}
              </Button>
            ) : null}
            {actions}
          </Group>
        ) : null}
      </Stack>
    </div>
  );
}
