import { Anchor, Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { client } from '../../client';
import { showError } from '../../shell/errors';
import { runCommand } from '../../shell/commands';
import { AssistantSettingsForm } from '../assistant/AssistantSettingsForm';
import { askForSecrets, useSecrets } from '../secrets/store';
import { setTheme, useSettings } from './store';
import shell from '../../shell/Shell.module.css';

type Info = Awaited<ReturnType<typeof client.application.info>>;

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack component="section" gap={8} px="sm" py="md" style={{ borderBottom: '1px solid var(--app-line)' }} aria-label={title}>
      <Text component="h2" size="sm" fw={600}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

const placeWords = { keychain: 'in the system’s keychain', memory: 'in memory, for this run only', file: 'in a file behind your passphrase' };

function Secrets() {
  const status = useSecrets((state) => state.status);
  const words = status?.place ? `Passwords and keys are kept ${placeWords[status.place]}${status.locked ? ' (locked)' : ''}.` : 'No place has been chosen yet: you are asked when the first password is saved.';
  return (
    <Section title="Secrets">
      <Text size="sm" c="dimmed">
        {words}
      </Text>
      <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => void askForSecrets('the stored secrets')}>
        {status?.locked ? 'Unlock' : 'Choose a place'}
      </Button>
    </Section>
  );
}

function About() {
  const [info, setInfo] = useState<Info | null>(null);
  useEffect(() => {
    client.application.info(undefined).then(setInfo, (error: unknown) => showError('The program’s facts could not be read', error));
  }, []);
  if (!info) return null;
  const show = (path: string): void => {
    client.application.showItemInFolder({ path }).catch((error: unknown) => showError('The folder could not be opened', error));
  };
  const rows: [string, string][] = [
    ['Version', info.version],
    ['Runtime', `Electron ${info.electron}, Node ${info.node}`],
    ['System', info.platform],
    ['Workspace', info.workspace],
    ['Log', info.logFile],
  ];
  return (
    <Section title="About">
      <dl style={{ margin: 0, display: 'grid', gridTemplateColumns: '72px 1fr', gap: '4px 8px', fontSize: 12 }}>
        {rows.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt style={{ color: 'var(--mantine-color-dimmed)' }}>{name}</dt>
            <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>
              {name === 'Workspace' || name === 'Log' ? (
                <Anchor component="button" type="button" fz={12} ta="left" title="Show in the file manager" onClick={() => show(value)}>
                  {value}
                </Anchor>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** The few things that a person sets. */
export function SettingsPanel() {
  const theme = useSettings((state) => state.theme);
  return (
    <>
      <div className={shell.panelHead}>Settings</div>
      <div className={shell.panelBody} style={{ overflowY: 'auto' }}>
        <Section title="Appearance">
          <SegmentedControl aria-label="Theme" data={[{ value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }, { value: 'system', label: 'As the system' }]} value={theme} onChange={setTheme} />
        </Section>
        <Section title="Assistant">
          <AssistantSettingsForm />
        </Section>
        <Secrets />
        <Section title="Keys">
          <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => runCommand('help.shortcuts')}>
            Keyboard shortcuts
          </Button>
        </Section>
        <About />
      </div>
    </>
  );
}
