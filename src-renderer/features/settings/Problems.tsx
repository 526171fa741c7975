import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { resetSetting, setSettingsAside, useSettings } from './store';
import styles from './Settings.module.css';

const SHOWN = 4;

/** What is wrong in the file, each with its line and the way out; nothing is written before one is taken. */
export function Problems({ onYaml }: { readonly onYaml: () => void }) {
  const problems = useSettings((state) => state.problems);
  const writable = useSettings((state) => state.writable);
  if (problems.length === 0) return null;
  const open = (): void => {
    client.application.openSettingsFile(undefined).catch((error: unknown) => showError('The file could not be opened', error));
  };
  const setAside = async (): Promise<void> => {
    const kept = await setSettingsAside();
    if (kept !== null) showDone(`The old file is kept as ${kept.split(/[/\\]/).at(-1) ?? kept}`);
  };
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={16} />} py={8} title={writable ? 'Values that cannot be used: their defaults hold, all else is as the file says' : 'The file cannot be used as it is: settings are not saved until it is mended'}>
      <Stack gap={5}>
        {problems.slice(0, SHOWN).map((problem) => (
          <div key={`${problem.from} ${problem.message}`} className={styles.problem}>
            <span className={styles.problemText}>
              <b>Line {problem.line}:</b> {problem.message}
            </span>
            {writable && problem.section !== null ? (
              <Button size="compact-xs" variant="default" onClick={() => void resetSetting(problem.section ?? '', problem.key ?? undefined)}>
                Restore the default
              </Button>
            ) : null}
          </div>
        ))}
        {problems.length > SHOWN ? <Text size="xs">And {problems.length - SHOWN} more, which the YAML view marks.</Text> : null}
        <Group gap={6} mt={2}>
          <Button size="compact-xs" variant="default" onClick={onYaml}>
            Mend it here
          </Button>
          <Button size="compact-xs" variant="default" onClick={open}>
            Open the file
          </Button>
          {writable ? null : (
            <Button size="compact-xs" variant="default" onClick={() => void setAside()}>
              Keep it aside and begin a new one
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
