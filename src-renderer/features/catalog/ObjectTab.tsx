import { ActionIcon, Button, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconCopy, IconPencil, IconSparkles } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { ObjectDetail, ObjectRef } from '../../../src-preload/contract/catalog';
import type { Document } from '../../../src-preload/contract/documents';
import type { StructureEdit, StructureModel } from '../../../src-preload/contract/structureModel';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { SqlText } from '../../components/SqlText';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { openAssistant, parseObjectTab, structureEditsOf, withStructureEdits, type ObjectTabState, type TablePlace } from '../../shell/documentActions';
import { showDone, showError } from '../../shell/errors';
import { formatBytes, formatCount } from '../../shell/format';
import { useCommand } from '../../shell/commands';
import { openConnection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { DataView } from './DataView';
import { kindFaces } from './kinds';
import { qualifiedName } from './names';
import { changeTab, currentPlace, stepped } from './place';
import { StructureView } from './StructureView';
import { useCatalog } from './store';
import styles from './Catalog.module.css';

const ObjectStructure = lazy(async () => ({ default: (await import('../structure/ObjectStructure')).ObjectStructure }));
const GrantsView = lazy(async () => ({ default: (await import('../roles/GrantsView')).GrantsView }));

/** Kinds whose structure can be edited. */
const editable = (kind: ObjectRef['kind']): boolean => kind === 'table' || kind === 'view' || kind === 'materialized_view';

interface DetailState {
  readonly detail: ObjectDetail | null;
  readonly error: AppErrorData | null;
  readonly retry: () => void;
}

/** An object's description, read anew when the catalog was refreshed. */
function useDetail(connectionId: string, object: ObjectRef): DetailState {
  const [state, setState] = useState<{ detail: ObjectDetail | null; error: AppErrorData | null }>({ detail: null, error: null });
  const [turn, setTurn] = useState(0);
  const version = useCatalog(({ versions }) => versions[connectionId] ?? 0);
  const key = JSON.stringify(object);
  useEffect(() => {
    const abort = new AbortController();
    openConnection(connectionId)
      .then(() => client.catalog.detail({ connectionId, object: JSON.parse(key) as ObjectRef }, { signal: abort.signal }))
      .then(
        (detail) => setState({ detail, error: null }),
        (failure: unknown) => {
          if (!abort.signal.aborted) setState((now) => ({ ...now, error: errorData(failure) }));
        },
      );
    return () => abort.abort();
  }, [connectionId, key, turn, version]);
  return {
    ...state,
    retry: () => {
      setState({ detail: null, error: null });
      setTurn((now) => now + 1);
    },
  };
}

function facts(detail: ObjectDetail): string {
  return [
    detail.rows === null ? '' : `about ${formatCount(detail.rows)} rows`,
    detail.bytes === null ? '' : `${formatBytes(detail.bytes.total)} (${formatBytes(detail.bytes.indexes)} of it indexes)`,
    detail.owner === null ? '' : `owner ${detail.owner}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function Ddl({ text }: { readonly text: string }) {
  const copy = (): void => {
    client.application.copyText({ text }).then(
      () => showDone('Copied the DDL'),
      (error: unknown) => showError('Could not copy', error),
    );
  };
  return (
    <div className={styles.ddl}>
      <Button variant="default" size="compact-xs" leftSection={<IconCopy size={13} />} mb="xs" onClick={copy}>
        Copy
      </Button>
      <SqlText text={text} label="DDL" />
    </div>
  );
}

/** The structure with its pending edits, which are kept with the tab. */
function Editing({ document, connectionId, state, active }: { readonly document: Document; readonly connectionId: string; readonly state: ObjectTabState; readonly active: boolean }) {
  const keep = (edits: readonly StructureEdit[]): void => changeTab(document.id, (now) => withStructureEdits(now, edits));
  const applied = (target: StructureModel): void => {
    changeTab(document.id, (now) => ({ ...withStructureEdits(now, []), editing: 'structure', object: { schema: target.schema, name: target.name, kind: state.object.kind } }));
    useDocuments.getState().updateDocument(document.id, { title: target.name });
  };
  return (
    <Suspense fallback={<Skeleton height={12} m={16} width="60%" />}>
      <ObjectStructure
        connectionId={connectionId}
        object={state.object}
        edits={structureEditsOf(state)}
        newIndex={state.editing === 'index'}
        active={active}
        onEdits={keep}
        onApplied={applied}
        onClose={() => changeTab(document.id, (now) => ({ ...now, editing: undefined }))}
      />
    </Suspense>
  );
}

function Body({ document, connectionId, state, detail, active }: { readonly document: Document; readonly connectionId: string; readonly state: ObjectTabState; readonly detail: ObjectDetail; readonly active: boolean }) {
  const data = state.view === 'data' && kindFaces[state.object.kind].data;
  const [shown, setShown] = useState(data);
  const placeKey = JSON.stringify(currentPlace(state));
  const place = useMemo(() => JSON.parse(placeKey) as TablePlace, [placeKey]);
  if (data && !shown) setShown(true);
  return (
    <>
      {shown ? (
        // It stays, so that its filters and rows are still there after a look at the structure.
        <div className={styles.dataPane} hidden={!data}>
          <DataView document={document} connectionId={connectionId} object={state.object} place={place} columns={detail.columns.map((column) => column.name)} estimate={detail.rows} active={active && data} />
        </div>
      ) : null}
      {state.view === 'structure' && state.editing === undefined ? <StructureView detail={detail} connectionId={connectionId} /> : null}
      {state.view === 'structure' && state.editing !== undefined ? <Editing document={document} connectionId={connectionId} state={state} active={active} /> : null}
      {state.view === 'grants' ? (
        <Suspense fallback={<Skeleton height={12} m={16} width="60%" />}>
          <GrantsView connectionId={connectionId} object={state.object} columns={detail.columns.map((column) => column.name)} />
        </Suspense>
      ) : null}
      {state.view === 'ddl' || (state.view === 'data' && !data) ? <Ddl text={detail.ddl} /> : null}
    </>
  );
}

/** The way into editing the structure, as a button and as commands. */
function EditStructure({ documentId, state, active }: { readonly documentId: string; readonly state: ObjectTabState; readonly active: boolean }) {
  const edit = (editing: 'structure' | 'index'): void => changeTab(documentId, (now) => ({ ...now, view: 'structure', editing }));
  const canEdit = editable(state.object.kind);
  useCommand({ id: 'structure.edit', title: `Edit the structure of ${state.object.name}`, group: 'View', icon: IconPencil, keywords: 'alter table column', run: () => edit('structure') }, active && canEdit);
  useCommand({ id: 'structure.index', title: `New index on ${state.object.name}`, group: 'View', icon: IconPencil, keywords: 'create index', run: () => edit('index') }, active && state.object.kind === 'table');
  const pending = structureEditsOf(state).length;
  if (!canEdit || state.view !== 'structure' || state.editing !== undefined) return null;
  return (
    <Button size="compact-xs" variant="light" leftSection={<IconPencil size={14} />} onClick={() => edit('structure')}>
      {pending > 0 ? `Edit structure (${pending} pending)` : 'Edit structure'}
    </Button>
  );
}

/** The way back to the rows before a jump to other rows, as buttons and as commands. */
function TabHistory({ documentId, state, active }: { readonly documentId: string; readonly state: ObjectTabState; readonly active: boolean }) {
  const step = (direction: 'back' | 'forward') => (): void => changeTab(documentId, (now) => stepped(now, direction));
  const [canBack, canForward] = [(state.back ?? []).length > 0, (state.forward ?? []).length > 0];
  useCommand({ id: 'table.back', title: 'Back to the rows before', group: 'Results', keys: ['Alt+ArrowLeft'], enabled: () => canBack, run: step('back') }, active);
  useCommand({ id: 'table.forward', title: 'Forward again', group: 'Results', keys: ['Alt+ArrowRight'], enabled: () => canForward, run: step('forward') }, active);
  if (!canBack && !canForward) return null;
  return (
    <>
      <ActionIcon aria-label="Back to the rows before" title="Back to the rows before (Alt ←)" disabled={!canBack} onClick={step('back')}>
        <IconArrowLeft size={15} />
      </ActionIcon>
      <ActionIcon aria-label="Forward again" title="Forward again (Alt →)" disabled={!canForward} onClick={step('forward')}>
        <IconArrowRight size={15} />
      </ActionIcon>
    </>
  );
}

function viewsOf({ kind }: ObjectRef): { value: string; label: string }[] {
  const face = kindFaces[kind];
  return [
    ...(face.data ? [{ value: 'data', label: 'Data' }] : []),
    ...(face.columns ? [{ value: 'structure', label: 'Structure' }] : []),
    { value: 'ddl', label: 'DDL' },
    ...(kind === 'extension' ? [] : [{ value: 'grants', label: 'Grants' }]),
  ];
}

function ObjectContent({ document, connectionId, state, active }: { readonly document: Document; readonly connectionId: string; readonly state: ObjectTabState; readonly active: boolean }) {
  const { detail, error, retry } = useDetail(connectionId, state.object);
  const face = kindFaces[state.object.kind];
  const Icon = face.icon;
  const show = (view: string): void => changeTab(document.id, (now) => ({ ...now, view: view as ObjectTabState['view'] }));
  return (
    <div className={styles.object}>
      <div className={styles.head}>
        <TabHistory documentId={document.id} state={state} active={active} />
        <Icon size={17} stroke={1.6} aria-hidden />
        <span className={styles.headName} title={`${state.object.schema}.${state.object.name}`}>
          <Text span inherit c="dimmed" fw={400}>
            {state.object.schema}.
          </Text>
          {state.object.name}
        </span>
        <Text size="xs" c="dimmed" truncate title={detail ? [facts(detail), detail.comment].filter(Boolean).join('\n') : undefined} className={styles.headFacts}>
          {face.one}
          {detail ? ` · ${facts(detail)}` : ''}
          {detail?.comment ? ` · ${detail.comment}` : ''}
        </Text>
        <div className={styles.headTools}>
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconSparkles size={14} />} onClick={() => openAssistant({ connectionId, draft: `About the ${face.one} ${qualifiedName(state.object)}: ` })}>
            Ask
          </Button>
          <EditStructure documentId={document.id} state={state} active={active} />
          <SegmentedControl aria-label="View" data={viewsOf(state.object)} value={state.view} onChange={show} />
        </div>
      </div>
      {error ? (
        <div style={{ padding: 12 }}>
          <ErrorPanel error={error} title={`${state.object.name} could not be read`} onRetry={retry} />
        </div>
      ) : null}
      {!detail && !error ? (
        <div style={{ padding: 16 }} role="status" aria-label={`Reading ${state.object.name}`}>
          {[60, 80, 70, 75].map((width) => (
            <Skeleton key={width} height={12} width={`${width}%`} mb={14} />
          ))}
        </div>
      ) : null}
      {detail ? <Body document={document} connectionId={connectionId} state={state} detail={detail} active={active} /> : null}
    </div>
  );
}

/** The tab of a table, a view or another object: its data, its structure, its DDL. */
export function ObjectTab({ document, active }: { readonly document: Document; readonly active: boolean }) {
  const state = parseObjectTab(document.text);
  if (!state || document.connectionId === null) {
    return (
      <EmptyPanel icon={IconSparkles} title="This tab cannot be shown any more">
        Its stored text is damaged. Close it and open the object from the tree again.
      </EmptyPanel>
    );
  }
  return <ObjectContent key={JSON.stringify(state.object)} document={document} connectionId={document.connectionId} state={state} active={active} />;
}
