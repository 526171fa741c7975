import { Button, Group, Loader, Text } from '@mantine/core';
import { IconPlayerStop, IconSparkles } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Markdown } from '../../components/Markdown';
import { openSettings } from '../../shell/documentActions';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { loadAssistant, useAssistant } from '../assistant/store';
import { explainInDepth, stopDepth, type ExplainView } from './store';
import classes from './Explain.module.css';

/** What Claude tells more, or how to get it. */
export function InDepth({ tabId, depth }: { readonly tabId: string; readonly depth: ExplainView['depth'] }) {
  const settings = useAssistant((state) => state.settings);
  useEffect(() => void loadAssistant(), []);
  const { state, text, model, error } = depth;
  return (
    <div className={classes.depth}>
      {text === '' ? null : (
        <>
          <Text size="sm" fw={600}>
            In more depth
          </Text>
          <Markdown text={text} />
        </>
      )}
      {model === null ? null : (
        <Text size="xs" c="dimmed">
          Told by {model} and not checked; everything above is made from the statement itself.
        </Text>
      )}
      {error ? <ErrorPanel error={error} title="Claude could not tell more" /> : null}
      {state === 'running' ? (
        <Group gap={8} role="status">
          <Loader size={12} />
          <Text size="sm">Claude is reading it…</Text>
          <Button size="compact-xs" variant="default" leftSection={<IconPlayerStop size={12} />} onClick={() => stopDepth(tabId)}>
            Stop
          </Button>
        </Group>
      ) : settings?.hasKey === false ? (
        <Text size="xs" c="dimmed">
          Claude explains it in more depth once an API key is set.{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => openSettings('models')}>
            Set a key
          </Button>
        </Text>
      ) : (
        <div>
          <Button size="compact-sm" variant="light" leftSection={<IconSparkles size={14} />} disabled={!settings} onClick={() => void explainInDepth(tabId)}>
            {text === '' ? 'Explain in more depth with Claude' : 'Ask Claude again'}
          </Button>
          <Text size="xs" c="dimmed" mt={4}>
            Sends the statement and what stands above, and no rows.
          </Text>
        </div>
      )}
    </div>
  );
}
