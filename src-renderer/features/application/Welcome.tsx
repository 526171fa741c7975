import { Paper, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconDatabasePlus, IconSparkles, IconTable } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { runCommand } from '../../shell/commands';
import { KeyHint } from '../../shell/KeyHint';
import { newQuery, openAssistant } from '../../shell/documentActions';
import { showActivity } from '../../shell/layout';
import { selectConnection, useConnections } from '../connections/store';
import { DemoState } from '../demo/DemoStrip';
import { useDemo } from '../demo/store';
import styles from './Welcome.module.css';

interface StepProps {
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  readonly title: string;
  readonly text: string;
  readonly keys: string;
  readonly command: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Step({ icon: Icon, title, text, keys, command, disabled, onClick }: StepProps) {
  return (
    <UnstyledButton className={styles.step} onClick={onClick} disabled={disabled}>
      <Icon size={22} stroke={1.5} />
      <Text fw={600} mt={8}>
        {title}
      </Text>
      <Text size="sm" c="dimmed" mt={2} mb={10}>
        {text}
      </Text>
      <span style={{ marginTop: 'auto' }}>
        <KeyHint keys={keys} command={command} />
      </span>
    </UnstyledButton>
  );
}

const questions = ['Which ten customers spent the most in the last year?', 'How has revenue by month developed, and which month was the best?', 'Which products were returned most often, and why?'];

/** What a newcomer sees: the demo database and three things to do with it. */
export function Welcome() {
  const demo = useDemo((state) => state.status);
  const demoConnection = useConnections((state) => state.connections.find((connection) => connection.demo) ?? null);
  const ready = demo?.state === 'ready';
  const connectionId = demoConnection?.id ?? demo?.connectionId ?? null;
  return (
    <div className={styles.page}>
      <Stack maw={860} w="100%" mx="auto" gap="lg">
        <div>
          <Title order={1} fz={22}>
            Ask, check, run, see
          </Title>
          <Text c="dimmed" mt={4}>
            A workbench for the person who is responsible for databases. Every statement is checked before it runs.
          </Text>
        </div>
        {demo && demo.state !== 'absent' && !ready ? (
          <Paper withBorder p="md">
            <DemoState />
          </Paper>
        ) : null}
        <SimpleGrid cols={3} spacing="md">
          <Step
            icon={IconSparkles}
            title="Ask a question"
            text="In plain words. You see the SQL that Claude wrote and what the check says, then the rows."
            keys="Mod+L"
            command="assistant.ask"
            onClick={() => openAssistant({ connectionId })}
          />
          <Step
            icon={IconTable}
            title="Browse the demo shop"
            text="A made-up web shop on a real PostgreSQL inside this program. Nothing in it can be broken for good."
            keys="Mod+P"
            command="catalog.search"
            onClick={() => {
              if (connectionId !== null) selectConnection(connectionId);
              showActivity('databases');
              runCommand('catalog.search');
            }}
          />
          <Step icon={IconDatabasePlus} title="Connect your own" text="Paste a postgres:// URL or fill in a form, test it, and give it a colour you will recognise." keys="Mod+Shift+N" command="connection.new" onClick={() => runCommand('connection.new')} />
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="xl">
          <Stack gap={4} align="flex-start">
            <Text size="sm" fw={600}>
              Questions to try on the demo
            </Text>
            {questions.map((question) => (
              <UnstyledButton key={question} className={styles.link} onClick={() => openAssistant({ connectionId, draft: question })}>
                {question}
              </UnstyledButton>
            ))}
            <UnstyledButton className={styles.link} onClick={() => newQuery('', connectionId)}>
              Or write SQL yourself in a new query
            </UnstyledButton>
          </Stack>
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              Keys worth knowing
            </Text>
            {[
              ['Everything the program can do', 'Mod+K', 'palette.open'],
              ['Run the statement at the cursor', 'Mod+Enter', 'query.run'],
              ['Stop what runs', 'Escape', 'query.stop'],
              ['New query', 'Mod+T', 'query.new'],
              ['All keys', 'Mod+/', 'help.shortcuts'],
            ].map(([label, keys, command]) => (
              <div key={label} className={styles.keyRow}>
                <span>{label}</span>
                <KeyHint keys={keys ?? ''} command={command ?? ''} />
              </div>
            ))}
          </Stack>
        </SimpleGrid>
      </Stack>
    </div>
  );
}
