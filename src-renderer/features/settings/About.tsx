import { Anchor, Button, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { client } from '../../client';
import { showError } from '../../shell/errors';
import { askForSecrets, useSecrets } from '../secrets/store';

type Info = Awaited<ReturnType<typeof client.application.info>>;

const placeWords = { keychain: 'in the system’s keychain', memory: 'in memory, for this run only', file: 'in a file behind your passphrase' };

/** Where passwords and keys are kept. */
export function Secrets() {
  const status = useSecrets((state) => state.status);
  const words = status === null ? 'Looking for the place …' : status.place ? `Passwords and keys are kept ${placeWords[status.place]}${status.locked ? ' (locked)' : ''}.` : 'No place has been chosen yet: you are asked when the first password is saved.';
  return (
    <>
      <Text size="sm" c="dimmed" py={10}>
        {words}
      </Text>
      <Button variant="default" onClick={() => void askForSecrets('the stored secrets')}>
        {status?.locked ? 'Unlock' : 'Choose a place'}
      </Button>
    </>
  );
}

/** Versions and places of the program. */
export function About() {
  const [info, setInfo] = useState<Info | null>(null);
  useEffect(() => {
    client.application.info(undefined).then(setInfo, (error: unknown) => showError('The program’s facts could not be read', error));
  }, []);
  if (!info) return null;
  const show = (path: string): void => {
    client.application.showItemInFolder({ path }).catch((error: unknown) => showError('The folder could not be opened', error));
  };
  const rows: [string, string, boolean][] = [
    ['Version', info.version, false],
    ['Runtime', `Electron ${info.electron}, Node ${info.node}`, false],
    ['System', info.platform, false],
    ['Workspace', info.workspace, true],
    ['Log', info.logFile, true],
    ...(info.storeSetAside === null ? [] : [['Damaged store', info.storeSetAside, true] as [string, string, boolean]]),
  ];
  return (
    <dl style={{ margin: 0, padding: '10px 0', display: 'grid', gridTemplateColumns: '110px 1fr', gap: '6px 8px', fontSize: 13 }}>
      {rows.map(([name, value, place]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt style={{ color: 'var(--mantine-color-dimmed)' }}>{name}</dt>
          <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>
            {place ? (
              <Anchor component="button" type="button" fz={13} ta="left" title="Show in the file manager" onClick={() => show(value)}>
                {value}
              </Anchor>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
