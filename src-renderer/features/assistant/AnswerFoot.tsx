import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconRefresh, IconSend } from '@tabler/icons-react';
import type { Message } from '../../../src-preload/contract/assistant';
import { formatCount, formatDollars } from '../../shell/format';
import { RelativeTime } from '../../shell/RelativeTime';
import { BranchSwitch } from './BranchSwitch';
import type { ChatActions } from './chatActions';
import { useAssistant } from './store';
import styles from './Assistant.module.css';

/** Asks the same question once more, with a model of the endpoint's list. */
function Regenerate({ message, busy, onRegenerate }: { readonly message: Message; readonly busy: boolean; readonly onRegenerate: (model: string) => void }) {
  const { settings, models } = useAssistant();
  const current = settings?.model ?? message.model;
  const listed = (models ?? []).map(({ id, name }) => ({ id, name }));
  const choices = current === null || listed.some(({ id }) => id === current) ? listed : [{ id: current, name: current }, ...listed];
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconRefresh size={12} />} rightSection={<IconChevronDown size={11} />} disabled={busy || choices.length === 0}>
          Regenerate
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        <Menu.Label>This answer stays as another version</Menu.Label>
        {choices.map(({ id, name }) => (
          <Menu.Item key={id} fw={id === current ? 600 : undefined} rightSection={id === message.model ? <span className={styles.hint}>as this one</span> : null} onClick={() => onRegenerate(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Under an answer: its versions, the way to another one, what it cost and which model wrote it. */
export function AnswerFoot({ message, busy, actions }: { readonly message: Message; readonly busy: boolean; readonly actions: ChatActions }) {
  const { usage } = message;
  const cached = usage ? usage.cacheReadTokens + usage.cacheWriteTokens : 0;
  return (
    <div className={styles.foot}>
      <BranchSwitch message={message} busy={busy} onShow={actions.showBranch} onRemove={actions.removeBranch} />
      <Regenerate message={message} busy={busy} onRegenerate={(model) => actions.regenerate(message.id, model)} />
      <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconSend size={12} />} onClick={() => actions.showSent(message.id)}>
        What was sent
      </Button>
      {message.stopped ? <span>Stopped</span> : null}
      {message.model ? <span>{message.model}</span> : null}
      {usage ? (
        <span title={`${formatCount(usage.inputTokens)} in, ${formatCount(usage.outputTokens)} out, ${formatCount(usage.cacheReadTokens)} from the cache, ${formatCount(usage.cacheWriteTokens)} into the cache`}>
          {formatCount(usage.inputTokens + cached)} in, {formatCount(usage.outputTokens)} out
          {usage.dollars === null ? ', price unknown' : `, ${formatDollars(usage.dollars)}`}
        </span>
      ) : null}
      <RelativeTime iso={message.at} />
    </div>
  );
}
