import { ActionIcon, VisuallyHidden } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Suspense, useEffect, useState, type CSSProperties, type PointerEvent } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { DatabasesPanel } from '../features/connections/DatabasesPanel';
import { followCharts } from '../features/charts/store';
import { isAsking, useConnections } from '../features/connections/store';
import { followDashboards } from '../features/dashboards/store';
import { followDemo } from '../features/demo/store';
import { saveDocumentsOnLeave, useDocuments } from '../features/documents/store';
import { followDrops } from '../features/imports/openImport';
import { followJobs } from '../features/jobs/store';
import { useDropping } from '../features/structure/begin';
import { useSavedQueries } from '../features/savedQueries/store';
import { followSecrets, useSecrets } from '../features/secrets/store';
import { followSettings } from '../features/settings/store';
import { useExport } from '../components/export/store';
import { useSnippets } from '../features/snippets/store';
import { client } from '../client';
import { ActivityBar } from './ActivityBar';
import { CommandPalette } from './CommandPalette';
import { registerCommands, runCommand } from './commands';
import { connectionHex } from './connectionLook';
import { coreCommands, followConnectionCommands } from './coreCommands';
import { showDocument, sidesNow } from './documentActions';
import { ErrorPanel } from './ErrorPanel';
import { Guarded } from './Guarded';
import { Later } from './Later';
import { ConnectionDialogs, ConnectionForm, ConversationsPanel, DashboardsPanel, DropPanel, ExportPanel, fetchLaterParts, HistoryPanel, JobsPanel, SavedQueriesPanel, SaveQueryDrawer, SecretsDialog, ShortcutsDialog, SnippetsDrawer, Welcome } from './laterParts';
import { leaveWelcome, showWelcome, useLayout, type Activity } from './layout';
import { StatusBar, useFrontConnection } from './StatusBar';
import { TabContent } from './TabContent';
import { TabStrip } from './TabStrip';
import { tellAfterStart } from './tellAfterStart';
import { useKeys } from './useKeys';
import styles from './Shell.module.css';

const panels: Record<Activity, () => React.ReactNode> = {
  databases: () => <DatabasesPanel />,
  assistant: () => <ConversationsPanel />,
  saved: () => <SavedQueriesPanel />,
  dashboards: () => <DashboardsPanel />,
  history: () => <HistoryPanel />,
  jobs: () => <JobsPanel />,
};

/** Keeps every store in step with main while the window lives. */
function useFollowing(): void {
  useEffect(() => {
    const stops = [
      followCharts(),
      followDashboards(),
      followDemo(),
      followJobs(),
      followSecrets(),
      followSettings(),
      tellAfterStart(),
      saveDocumentsOnLeave(),
      followDrops(),
      client.application.on('command', ({ id }) => void runCommand(id)),
      registerCommands(coreCommands),
      followConnectionCommands(),
      fetchLaterParts(),
      // A document that comes to the front hides the welcome page, whoever opened it.
      useDocuments.subscribe((now, before) => {
        if (now.activeId !== before.activeId && before.status === 'ready') leaveWelcome();
      }),
    ];
    if (useDocuments.getState().documents.length === 0) showWelcome();
    return () => stops.forEach((stop) => stop());
  }, []);
}

/** Mounted from their first showing on, so that opening the window with twenty tabs costs as much as with one. */
function useShown(ids: readonly (string | null)[]): ReadonlySet<string> {
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const added = ids.filter((id) => id !== null && !shown.has(id)) as string[];
  if (added.length > 0) setShown(new Set([...shown, ...added]));
  return shown;
}

/** Between two tabs side by side; dragging it, or the arrow keys, give one of them more room. */
function SplitSeparator() {
  const split = useLayout((state) => state.split);
  const set = (next: number): void => useLayout.setState({ split: Math.min(0.8, Math.max(0.2, next)) });
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const area = event.currentTarget.parentElement?.getBoundingClientRect();
    if (area) set((event.clientX - area.left) / area.width);
  };
  return (
    <div
      className={styles.split}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the left tab"
      aria-valuenow={Math.round(split * 100)}
      aria-valuemin={20}
      aria-valuemax={80}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(split - 0.05);
        if (event.key === 'ArrowRight') set(split + 0.05);
      }}
    />
  );
}

function TabContents() {
  const documents = useDocuments((state) => state.documents);
  const activeId = useDocuments((state) => state.activeId);
  const status = useDocuments((state) => state.status);
  const loadError = useDocuments((state) => state.loadError);
  const split = useLayout((state) => state.split);
  const welcome = useLayout((state) => state.welcome === 'front') || (status === 'ready' && documents.length === 0);
  const { left, right } = welcome ? { left: null, right: null } : sidesNow(documents, activeId);
  const shown = useShown([left, right]);
  const sideOf = (id: string): string | undefined => (right === null ? undefined : id === right ? 'right' : 'left');
  return (
    <div className={styles.tabContents} style={{ '--split': `${split * 100}%` } as CSSProperties}>
      {loadError ? (
        <div style={{ padding: 16 }}>
          <ErrorPanel error={loadError} title="The open tabs could not be read" onRetry={() => void useDocuments.getState().load()} />
        </div>
      ) : null}
      {welcome ? (
        <div className={styles.tabContent} role="tabpanel" id="panel-welcome" aria-labelledby="tab-welcome">
          <Suspense fallback={null}>
            <Welcome />
          </Suspense>
        </div>
      ) : null}
      {documents
        .filter((document) => shown.has(document.id))
        .map((document) => {
          const visible = document.id === left || document.id === right;
          const active = visible && document.id === activeId;
          // What a person works in becomes the tab in front: keys and commands are meant for it.
          const take = (): void => {
            if (visible && right !== null && useDocuments.getState().activeId !== document.id) showDocument(document.id);
          };
          return (
            <div
              key={document.id}
              className={styles.tabContent}
              role="tabpanel"
              id={`panel-${document.id}`}
              aria-labelledby={`tab-${document.id}`}
              data-side={sideOf(document.id)}
              hidden={!visible}
              onFocusCapture={take}
              onClickCapture={take}
            >
              <VisuallyHidden component="h1">{document.title}</VisuallyHidden>
              {right !== null && visible ? (
                <div className={styles.sideHead} data-active={active || undefined}>
                  <span className={styles.tabTitle}>{document.title}</span>
                  {document.id === right ? (
                    <ActionIcon aria-label={`Show ${document.title} no longer beside`} title="Show one tab again (Ctrl+\\)" onClick={() => useDocuments.getState().setOptions(document.id, { beside: false })}>
                      <IconX size={13} />
                    </ActionIcon>
                  ) : null}
                </div>
              ) : null}
              <Guarded what="This tab">
                <Suspense fallback={null}>
                  <TabContent document={document} active={active} />
                </Suspense>
              </Guarded>
            </div>
          );
        })}
      {right === null ? null : <SplitSeparator />}
    </div>
  );
}

function ProductionFrame() {
  const connection = useFrontConnection();
  if (connection?.environment !== 'production') return null;
  return <div className={styles.production} style={{ '--production-color': connectionHex(connection) } as CSSProperties} aria-hidden data-testid="production-frame" />;
}

/** What opens above the frame. */
function Dialogs() {
  const shortcuts = useLayout((state) => state.shortcuts);
  const form = useConnections((state) => state.form !== null);
  const question = useConnections(isAsking);
  const dropping = useDropping((state) => state.dropping !== null);
  const saving = useSavedQueries((state) => state.saving !== null);
  const snippets = useSnippets((state) => state.opened);
  const secrets = useSecrets((state) => state.purpose !== null);
  const exporting = useExport((state) => state.open !== null);
  return (
    <>
      <Later when={shortcuts}>
        <ShortcutsDialog />
      </Later>
      <Later when={form}>
        <ConnectionForm />
      </Later>
      <Later when={question}>
        <ConnectionDialogs />
      </Later>
      <Later when={dropping}>
        <DropPanel />
      </Later>
      <Later when={secrets}>
        <SecretsDialog />
      </Later>
      <Later when={exporting}>
        <ExportPanel />
      </Later>
      <Later when={saving}>
        <SaveQueryDrawer />
      </Later>
      <Later when={snippets}>
        <SnippetsDrawer />
      </Later>
    </>
  );
}

/** The window's frame: navigation, side panel, tabs, status bar, and what may open above them. */
export function Shell() {
  useFollowing();
  useKeys();
  const activity = useLayout((state) => state.activity);
  const sidePanel = useLayout((state) => state.sidePanel);
  return (
    <div className={styles.frame}>
      <ActivityBar />
      <div className={styles.work}>
        <Group className={styles.group} orientation="horizontal">
          {sidePanel ? (
            <>
              <Panel id="side" defaultSize={290} minSize={200} maxSize={620} groupResizeBehavior="preserve-pixel-size">
                <aside className={styles.sidePanel} aria-label="Side panel">
                  <Guarded key={activity} what="This panel">
                    <Suspense fallback={null}>{panels[activity]()}</Suspense>
                  </Guarded>
                </aside>
              </Panel>
              <Separator className={styles.separator} aria-label="Width of the side panel" />
            </>
          ) : null}
          <Panel id="main" minSize={360}>
            <main className={styles.main}>
              <TabStrip />
              <TabContents />
            </main>
          </Panel>
        </Group>
      </div>
      <StatusBar />
      <ProductionFrame />
      <CommandPalette />
      <Dialogs />
    </div>
  );
}
