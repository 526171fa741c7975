import { lazy, Suspense, type ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { closeExplanation, useExplainView } from './store';
import classes from './WithExplanation.module.css';

const ExplainPane = lazy(async () => ({ default: (await import('./ExplainPane')).ExplainPane }));

interface WithExplanationProps {
  readonly tabId: string;
  /** Marks a part of the explained statement in the tab; without it the pane shows the statement itself. */
  readonly onSpan?: (span: { from: number; to: number } | null) => void;
  readonly children: ReactNode;
}

/** A tab's content, and beside it the explanation of a statement once one was asked for. */
export function WithExplanation({ tabId, onSpan, children }: WithExplanationProps) {
  const view = useExplainView(tabId);
  return (
    <Group orientation="horizontal" className={classes.panes}>
      <Panel id="work" minSize={300}>
        {children}
      </Panel>
      {view ? (
        <>
          <Separator className={classes.separator} aria-label="Width of the explanation" />
          <Panel id="explanation" defaultSize="40%" minSize={260}>
            <Suspense fallback={null}>
              <ExplainPane view={view} onClose={() => closeExplanation(tabId)} tabId={tabId} {...(onSpan ? { onSpan } : {})} />
            </Suspense>
          </Panel>
        </>
      ) : null}
    </Group>
  );
}
