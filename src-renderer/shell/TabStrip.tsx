import { ActionIcon, Loader, Menu, Tooltip } from '@mantine/core';
import { IconChartBar, IconChevronDown, IconDatabaseImport, IconHome, IconLayoutDashboard, IconPlus, IconSparkles, IconTerminal2, IconTable, IconTablePlus, IconServer, IconSettings, IconUsers, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type CSSProperties, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import type { Document } from '../../src-preload/contract/documents';
import { useConnection } from '../features/connections/store';
import { useDocumentFaces, useDocuments } from '../features/documents/store';
import { connectionHex } from './connectionLook';
import { cycleTabs, newQuery, showDocument } from './documentActions';
import { closeWelcome, showWelcome, useLayout } from './layout';
import { requestClose } from './requestClose';
import { useTabMark } from './tabs';
import styles from './Shell.module.css';

const kindIcon = { query: IconTerminal2, table: IconTable, chart: IconChartBar, dashboard: IconLayoutDashboard, assistant: IconSparkles, import: IconDatabaseImport, structure: IconTablePlus, processes: IconServer, roles: IconUsers, settings: IconSettings };
const kindWord = { query: 'query', table: 'table', chart: 'chart', dashboard: 'dashboard', assistant: 'conversation', import: 'import', structure: 'design', processes: 'server processes', roles: 'users and grants', settings: 'settings' };
const DRAG_TYPE = 'application/x-ai-shell-tab';

interface TabFaceProps {
  readonly id: string;
  readonly front: boolean;
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  readonly mark?: ReactNode;
  readonly color?: string;
  /** Its place among the documents; absent for the welcome page, which is not moved. */
  readonly index?: number;
  readonly onShow: () => void;
  readonly onClose: () => void;
}

function TabFace({ id, front, icon, title, hint, mark, color, index, onShow, onClose }: TabFaceProps) {
  const element = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (front) element.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [front]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') onShow();
    else if (event.key === 'Delete') onClose();
    else if (event.key === 'ArrowRight') cycleTabs(1);
    else if (event.key === 'ArrowLeft') cycleTabs(-1);
    else return;
    event.preventDefault();
  };
  const onDrop = (event: DragEvent): void => {
    setOver(false);
    const dragged = event.dataTransfer.getData(DRAG_TYPE);
    if (dragged !== '' && index !== undefined) useDocuments.getState().moveDocument(dragged, index);
  };
  return (
    <div
      ref={element}
      role="tab"
      id={`tab-${id}`}
      aria-controls={`panel-${id}`}
      aria-selected={front}
      tabIndex={front ? 0 : -1}
      className={styles.tab}
      style={color === undefined ? undefined : ({ '--tab-color': color } as CSSProperties)}
      title={hint}
      data-over={over}
      draggable={index !== undefined}
      onDragStart={(event) => event.dataTransfer.setData(DRAG_TYPE, id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onMouseDown={(event) => {
        if (event.button === 1) event.preventDefault();
      }}
      onClick={onShow}
      onAuxClick={(event) => {
        if (event.button === 1) onClose();
      }}
      onKeyDown={onKeyDown}
    >
      {icon}
      <span className={styles.tabTitle}>{title}</span>
      {mark}
      {/* No button: a tab may hold no second control; with the keyboard it is Delete or Ctrl+W. */}
      <span
        className={styles.tabClose}
        aria-hidden
        title={`Close ${title}`}
        onClick={(event) => {
          event.stopPropagation();
          onClose();
        }}
      >
        <IconX size={13} />
      </span>
    </div>
  );
}

function DocumentTab({ document, front, index }: { readonly document: Omit<Document, 'text'>; readonly front: boolean; readonly index: number }) {
  const connection = useConnection(document.connectionId);
  const mark = useTabMark(document.id);
  const Icon = kindIcon[document.kind];
  const open = mark.transaction !== 'idle';
  const state = mark.running ? ' (running)' : open ? ' (open transaction)' : '';
  return (
    <TabFace
      id={document.id}
      front={front}
      index={index}
      icon={<Icon size={14} stroke={1.7} aria-hidden />}
      title={document.title}
      hint={`${document.options.file?.path ?? document.title}${state}: ${kindWord[document.kind]}${connection ? ` on ${connection.name} (${connection.environment})` : ''}`}
      color={connection ? connectionHex(connection) : undefined}
      mark={mark.running ? <Loader size={11} aria-label="running" /> : open || mark.dirty || document.options.dirty ? <span className={styles.tabMark} role="img" aria-label={open ? 'open transaction' : 'unsaved'} /> : undefined}
      onShow={() => showDocument(document.id)}
      onClose={() => requestClose(document.id)}
    />
  );
}

/** The open documents and the welcome page; wheel scrolls it, the middle button closes, dragging moves. */
export function TabStrip() {
  const documents = useDocumentFaces();
  const activeId = useDocuments((state) => state.activeId);
  const welcome = useLayout((state) => state.welcome);
  const shown = welcome !== 'closed' || documents.length === 0;
  const welcomeFront = welcome === 'front' || documents.length === 0;
  return (
    <div className={styles.strip}>
      <div
        className={styles.tabs}
        role="tablist"
        aria-label="Open tabs"
        onWheel={(event) => {
          event.currentTarget.scrollLeft += event.deltaY + event.deltaX;
        }}
      >
        {shown ? (
          <TabFace id="welcome" front={welcomeFront} icon={<IconHome size={14} stroke={1.7} aria-hidden />} title="Welcome" hint="Welcome" onShow={showWelcome} onClose={closeWelcome} />
        ) : null}
        {documents.map((document, index) => (
          <DocumentTab key={document.id} document={document} front={!welcomeFront && document.id === activeId} index={index} />
        ))}
      </div>
      <Tooltip label="New query (Ctrl+T)">
        <ActionIcon size={24} m={6} aria-label="New query" onClick={() => newQuery()}>
          <IconPlus size={15} />
        </ActionIcon>
      </Tooltip>
      <span className={styles.spring} />
      {documents.length > 0 ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={24} m={6} aria-label="All open tabs" title="All open tabs">
              <IconChevronDown size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown mah={420} maw={360} style={{ overflowY: 'auto' }}>
            {documents.map((document) => {
              const Icon = kindIcon[document.kind];
              return (
                <Menu.Item key={document.id} leftSection={<Icon size={14} />} fw={document.id === activeId ? 600 : undefined} onClick={() => showDocument(document.id)}>
                  {document.title}
                </Menu.Item>
              );
            })}
            <Menu.Divider />
            <Menu.Item leftSection={<IconX size={14} />} onClick={() => documents.filter((document) => document.id !== activeId).forEach((document) => requestClose(document.id))}>
              Close other tabs
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </div>
  );
}
