import { Button, Drawer, Group, Text } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Document } from '../../../src-preload/contract/documents';
import { runCommand } from '../../shell/commands';
import { followFile, keepTab, reloadTab, useFiles } from './store';
import classes from './FileBar.module.css';

const TextDiff = lazy(() => import('../../components/TextDiff').then((module) => ({ default: module.TextDiff })));

const words = {
  changed: 'The file was changed by another program, and this tab has changes of its own.',
  deleted: 'The file is not there any more. The text is kept here; saving writes it again.',
};

/** Tells when a tab and its file no longer agree, and what can be done. It also follows the file while it is mounted. */
export function FileBar({ document }: { readonly document: Document }) {
  const { id, title } = document;
  const path = document.options.file?.path ?? null;
  const note = useFiles((state) => state.notes[id]);
  const [comparing, setComparing] = useState(false);
  useEffect(() => (path === null ? undefined : followFile(id)), [id, path]);
  if (path === null || !note) return null;
  return (
    <div className={classes.bar} role="alert" aria-label="File">
      <IconFileAlert size={16} aria-hidden />
      <Text size="sm" className={classes.words} title={path}>
        <b>{title}</b>: {note.kind === 'unreadable' ? note.message : words[note.kind]}
      </Text>
      <Group gap={6} wrap="nowrap">
        {note.kind === 'changed' ? (
          <>
            <Button size="compact-xs" variant="default" onClick={() => reloadTab(id)}>
              Reload
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => keepTab(id)}>
              Keep mine
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setComparing(true)}>
              Compare
            </Button>
          </>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => runCommand('file.saveAs')}>
            Save as…
          </Button>
        )}
      </Group>
      {note.kind === 'changed' ? (
        <Drawer opened={comparing} onClose={() => setComparing(false)} size="80%" title={`${title}: in the file (left) and in this tab (right)`}>
          <Suspense fallback={null}>
            <TextDiff before={note.file.text} after={document.text} labels={['In the file', 'In this tab']} />
          </Suspense>
        </Drawer>
      ) : null}
    </div>
  );
}
