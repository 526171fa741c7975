import { Anchor, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { client } from '../client';
import { useSettings } from '../features/settings/store';
import { runCommand } from './commands';
import { showError } from './errors';
import { settled } from './settled';

function tellOfSettings(): void {
  const { problems } = useSettings.getState();
  const [first] = problems;
  if (!first) return;
  notifications.show({
    id: 'settings-problems',
    color: 'yellow',
    title: problems.length === 1 ? 'One setting could not be used' : `${problems.length} settings could not be used`,
    autoClose: false,
    message: (
      <>
        <Text size="sm" c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>
          settings.yaml, line {first.line}: {first.message}
        </Text>
        <Anchor component="button" type="button" size="sm" c="var(--mantine-color-indigo-text)" mt={4} onClick={() => runCommand('settings.open')}>
          See what is wrong
        </Anchor>
      </>
    ),
  });
}

async function tellOfStore(): Promise<void> {
  const { storeSetAside } = await client.application.info(undefined);
  if (storeSetAside === null) return;
  notifications.show({
    id: 'store-set-aside',
    color: 'red',
    title: 'The store of tabs and history was damaged',
    autoClose: false,
    message: (
      <>
        <Text size="sm" c="var(--mantine-color-text)">A new one was begun. Open tabs, history and conversations of before are not shown; the damaged file is kept. Connections, settings and secrets lie elsewhere and are untouched.</Text>
        <Anchor component="button" type="button" size="sm" c="var(--mantine-color-indigo-text)" mt={4} onClick={() => void client.application.showItemInFolder({ path: storeSetAside }).catch((error: unknown) => showError('The folder could not be opened', error))}>
          Show the file
        </Anchor>
      </>
    ),
  });
}

/** Tells, once the window is at rest, what this start found damaged. Returns the function that calls it off. */
export function tellAfterStart(): () => void {
  let off = false;
  let stop: (() => void) | undefined;
  void settled().then(async () => {
    if (off) return;
    tellOfSettings();
    stop = useSettings.subscribe(({ problems }, before) => {
      if (problems.length === 0) notifications.hide('settings-problems');
      else if (problems !== before.problems && before.problems.length === 0) tellOfSettings();
    });
    await tellOfStore().catch((error: unknown) => showError('The program’s facts could not be read', error));
  });
  return () => {
    off = true;
    stop?.();
  };
}
