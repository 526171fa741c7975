import { lazy, Suspense } from 'react';
import type { Document } from '../../src-preload/contract/documents';
import { memo } from 'react';
import { QueryTab } from '../features/queries/QueryTab';
import { AssistantTab, DashboardTab, ImportTab, NewStructureTab, ObjectTab, ProcessesTab, RolesTab, SettingsTab } from './laterParts';

const ChartTab = lazy(() => import('../features/charts/ChartTab').then((module) => ({ default: module.ChartTab })));

export interface TabProps {
  readonly document: Document;
  /** Whether it is the tab in front; others stay mounted so that nothing is lost, but hidden. */
  readonly active: boolean;
}

/** The content of a tab by its kind. */
export const TabContent = memo(function TabContent({ document, active }: TabProps) {
  switch (document.kind) {
    case 'query':
      return <QueryTab document={document} active={active} />;
    case 'table':
      return <ObjectTab document={document} active={active} />;
    case 'chart':
      return (
        <Suspense fallback={null}>
          <ChartTab document={document} active={active} />
        </Suspense>
      );
    case 'dashboard':
      return <DashboardTab document={document} active={active} />;
    case 'assistant':
      return <AssistantTab document={document} active={active} />;
    case 'structure':
      return <NewStructureTab document={document} active={active} />;
    case 'processes':
      return <ProcessesTab document={document} active={active} />;
    case 'roles':
      return <RolesTab document={document} />;
    case 'import':
      return <ImportTab document={document} active={active} />;
    case 'settings':
      return <SettingsTab document={document} active={active} />;
  }
});
