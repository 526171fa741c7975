import { Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { SqlText } from '../../components/SqlText';
import { connectionHex, environmentLabel } from '../../shell/connectionLook';
import type { Confirmation } from '../../../src-preload/contract/queries';
import type { Connection } from '../connections/store';
import type { PendingConfirmation } from './sessions';
import classes from './QueryTab.module.css';

const reasons: Record<Confirmation['reason'], string> = {
  production_write: 'Write on production',
  no_where: 'No WHERE: all rows',
  drop: 'Drop',
  truncate: 'Truncate',
  ddl_on_production: 'Schema change on production',
  unknown_statement: 'Unknown statement',
  no_transaction: 'Not in a transaction',
  write: 'Write',
  ddl: 'Schema change',
};
/** What cannot be undone by a later statement is typed for, not clicked away. */
const GRAVE = new Set<Confirmation['reason']>(['drop', 'truncate', 'no_where']);

interface ConfirmPanelProps {
  readonly pending: PendingConfirmation;
  readonly connection: Connection | null;
  readonly onConfirm: () => void;
  readonly onDismiss: () => void;
}

/** One statement can have several reasons; its text is shown once. */
function byStatement(confirmations: readonly Confirmation[]): { statement: string; items: Confirmation[] }[] {
  const groups = new Map<string, Confirmation[]>();
  for (const item of confirmations) groups.set(item.statement, [...(groups.get(item.statement) ?? []), item]);
  return [...groups].map(([statement, items]) => ({ statement, items }));
}

/** Every reason, object and statement that wants a person's yes, before anything was sent. */
export function ConfirmPanel({ pending, connection, onConfirm, onDismiss }: ConfirmPanelProps) {
  const [typed, setTyped] = useState('');
  const asked = useRef(false);
  const cancel = useRef<HTMLButtonElement>(null);
  const production = connection?.environment === 'production';
  const name = connection?.name ?? pending.connectionId;
  const mustType = production && pending.confirmations.some((item) => GRAVE.has(item.reason));
  useEffect(() => {
    // Enter on what just opened must not be a yes.
    if (!mustType) cancel.current?.focus();
  }, [mustType]);
  const ready = !mustType || typed.trim() === name;
  const confirm = (): void => {
    // A double click must not confirm twice.
    if (!ready || asked.current) return;
    asked.current = true;
    onConfirm();
  };
  return (
    <section className={classes.confirm} role="alertdialog" aria-labelledby="confirm-title" aria-describedby="confirm-lead" onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), onDismiss())}>
      <header className={classes.confirmHead} style={connection ? { borderLeftColor: connectionHex(connection) } : undefined}>
        <IconAlertTriangle size={18} aria-hidden />
        <div>
          <Text id="confirm-title" fw={600}>
            Nothing was sent yet. Run this on {name}
            {connection ? ` (${environmentLabel[connection.environment]})` : ''}?
          </Text>
          <Text id="confirm-lead" size="sm" c="dimmed">
            {pending.confirmations.length === 1 ? 'One thing' : `${pending.confirmations.length} things`} to know first. Your yes counts for exactly this text.
          </Text>
        </div>
      </header>
      <Stack gap="sm" className={classes.confirmBody}>
        {byStatement(pending.confirmations).map(({ statement, items }, place) => (
          <Stack gap={6} key={statement}>
            {items.map((item, index) => (
              <Group gap={8} key={index} align="baseline" wrap="nowrap">
                <Badge color={GRAVE.has(item.reason) ? 'red' : 'orange'} style={{ flex: 'none' }}>
                  {reasons[item.reason]}
                </Badge>
                <Text size="sm">
                  {item.sentence}
                  {item.objects.length > 0 ? (
                    <Text component="span" size="sm" c="dimmed">
                      {' '}
                      Objects: <b>{item.objects.join(', ')}</b>
                    </Text>
                  ) : null}
                </Text>
              </Group>
            ))}
            <SqlText text={statement} maxLines={8} label={`Statement ${place + 1} to confirm`} />
          </Stack>
        ))}
      </Stack>
      <form
        className={classes.confirmFoot}
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        {mustType ? <TextInput label={`Type ${name} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} w={280} autoFocus autoComplete="off" spellCheck={false} /> : null}
        <Button type="submit" color="red" disabled={!ready}>
          Run on {name}
        </Button>
        <Button variant="default" onClick={onDismiss} ref={cancel}>
          Do not run
        </Button>
      </form>
    </section>
  );
}
