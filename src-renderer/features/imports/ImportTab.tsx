import { Alert, Button, Checkbox, Group, Loader, Progress, Stack, Text } from '@mantine/core';
import { IconCopy, IconDatabaseImport, IconFlask, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../client';
import { SqlText } from '../../components/SqlText';
import { useCommand } from '../../shell/commands';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { formatBytes, formatCount } from '../../shell/format';
import type { TabProps } from '../../shell/TabContent';
import { MappingTable } from './MappingTable';
import { chooseImport } from './openImport';
import { Outcome, Problems, Running } from './Outcome';
import { PreviewTable } from './PreviewTable';
import { SourceForm } from './SourceForm';
import { TargetForm } from './TargetForm';
import { useImport, type ImportModel } from './useImport';
import styles from './Imports.module.css';

const copy = (text: string): void => {
  client.application.copyText({ text }).then(() => showDone('Copied'), (error: unknown) => showError('Could not copy', error));
};

function Plan({ model }: { readonly model: ImportModel }) {
  const { plan } = model;
  if (!plan) return <Text size="sm" c="dimmed">The statements are shown here when all of the file was read and the target is known.</Text>;
  const text = plan.statements.join('\n');
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>What is sent</Text>
        <Button size="compact-xs" variant="subtle" leftSection={<IconCopy size={13} />} onClick={() => copy(text)}>Copy</Button>
      </Group>
      <SqlText text={text} maxLines={12} label="Statements of the import" />
      {plan.notes.map((note) => <Text key={note} size="xs" c="dimmed">{note}</Text>)}
    </Stack>
  );
}

function Actions({ model }: { readonly model: ImportModel }) {
  const [yes, setYes] = useState<string | null>(null);
  const { plan, job } = model;
  const asks = plan?.confirmations ?? [];
  const confirmed = asks.length === 0 || yes === plan?.hash;
  return (
    <Stack gap="xs">
      {asks.length > 0 ? (
        <Alert color="orange" title="This wants your yes">
          {asks.slice(0, 10).map(({ sentence }, index) => <Text key={index} size="sm">{sentence}</Text>)}
          {asks.length > 10 ? <Text size="sm">and {asks.length - 10} more</Text> : null}
          <Checkbox mt={8} label="Yes, I have read the statements and mean them" checked={confirmed} onChange={(event) => setYes(event.currentTarget.checked ? (plan?.hash ?? null) : null)} />
        </Alert>
      ) : null}
      {job ? <Running jobId={job} onStop={model.stop} /> : null}
      <Group gap="xs">
        <Button leftSection={<IconDatabaseImport size={15} />} disabled={!model.ready || !confirmed} onClick={() => void model.start(false, confirmed)}>Import</Button>
        <Button variant="default" leftSection={<IconFlask size={15} />} disabled={!model.ready || !confirmed} onClick={() => void model.start(true, confirmed)}>Dry run</Button>
      </Group>
    </Stack>
  );
}

function Reading({ model }: { readonly model: ImportModel }) {
  const { scan } = model;
  if (scan.result || scan.progress === null) return null;
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Progress value={scan.progress * 100} w={200} aria-label="Reading the whole file" />
      <Text size="xs" c="dimmed" className={styles.figures}>Reading the whole file for its types: {formatCount(scan.rows)} rows</Text>
    </Group>
  );
}

function FileLine({ model: { path, preview, scan } }: { readonly model: ImportModel }) {
  const rows = scan.result?.rows;
  const facts = [preview ? formatBytes(preview.size) : '', rows === undefined ? '' : `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`].filter(Boolean).join(', ');
  return (
    <Text size="sm" className={styles.cut} title={path}>
      <b>{path.split(/[\\/]/).at(-1)}</b> {preview ? <span className={styles.dim}>{facts}</span> : null}
    </Text>
  );
}

/** The beginning of a SQL file, or what becomes of the columns of another. */
function FileContent({ model }: { readonly model: ImportModel }) {
  const { preview, error, isScript } = model;
  if (!preview) return error ? null : <Loader size="sm" aria-label="Reading the file" />;
  return (
    <>
      {preview.notes.map((note) => <Text key={note} size="xs" c="dimmed">{note}</Text>)}
      {isScript ? <SqlText text={preview.text.slice(0, 20_000)} label="Beginning of the file" className={styles.script ?? ''} /> : <><MappingTable model={model} /><PreviewTable preview={preview} /></>}
    </>
  );
}

/** How the import ended; before that, the rows that were found not to fit. */
function Findings({ model: { outcome, scan, preview } }: { readonly model: ImportModel }) {
  if (outcome) return <Outcome outcome={outcome} onShow={copy} />;
  const problems = scan.result?.problems ?? preview?.problems ?? [];
  return <Problems problems={problems} total={scan.result?.problemsTotal ?? problems.length} cut={false} />;
}

/** Imports one file: how it is read, where it goes, what is sent, and how it ended, on one screen. */
export function ImportTab({ document, active }: TabProps) {
  const model = useImport(document);
  const { error, path } = model;
  const canStart = (): boolean => model.ready && model.plan?.confirmations.length === 0;
  useCommand({ id: 'import.run', title: 'Import this file', group: 'Results', keys: ['Mod+Enter'], icon: IconDatabaseImport, enabled: canStart, run: () => model.start(false, false) }, active);
  useCommand({ id: 'import.dryRun', title: 'Try this import (dry run)', group: 'Results', keys: ['Mod+Shift+Enter'], icon: IconFlask, enabled: canStart, run: () => model.start(true, false) }, active);
  useCommand({ id: 'import.stop', title: 'Stop the import', group: 'Results', keys: ['Escape'], icon: IconPlayerStop, enabled: () => model.job !== null, run: model.stop }, active);
  if (path === '') {
    return (
      <EmptyPanel icon={IconDatabaseImport} title="No file">
        <Button onClick={() => void chooseImport()}>Choose a file</Button>
      </EmptyPanel>
    );
  }
  return (
    <div className={styles.tab}>
      <div className={styles.left}>
        <FileLine model={model} />
        <SourceForm model={model} />
        <TargetForm model={model} connectionId={document.connectionId} />
        <Reading model={model} />
        <FileContent model={model} />
      </div>
      <aside className={styles.right} aria-label="What is sent, and how it ended">
        {error ? <ErrorPanel error={error} actions={<Button variant="default" size="xs" onClick={() => void chooseImport()}>Choose another file</Button>} /> : null}
        <Actions model={model} />
        <Findings model={model} />
        <Plan model={model} />
      </aside>
    </div>
  );
}
