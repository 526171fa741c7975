import type { Document } from '../../src-preload/contract/documents';
import { AssistantTab } from '../features/assistant/AssistantTab';
import { ObjectTab } from '../features/catalog/ObjectTab';
import { QueryTab } from '../features/queries/QueryTab';

export interface TabProps {
  readonly document: Document;
  /** Whether it is the tab in front; others stay mounted so that nothing is lost, but hidden. */
  readonly active: boolean;
}

/** The content of a tab by its kind. */
export function TabContent({ document, active }: TabProps) {
  switch (document.kind) {
    case 'query':
      return <QueryTab document={document} active={active} />;
    case 'table':
      return <ObjectTab document={document} active={active} />;
    case 'assistant':
      return <AssistantTab document={document} active={active} />;
  }
}
