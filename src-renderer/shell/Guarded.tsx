import { Component, type ReactNode } from 'react';
import { errorData } from '../client';
import { ErrorPanel } from './ErrorPanel';

interface GuardedProps {
  /** What is inside, as the subject of a sentence. */
  readonly what: string;
  readonly children: ReactNode;
}

/** Keeps a part that cannot be drawn, such as a tab with damaged contents, from taking the window with it. */
export class Guarded extends Component<GuardedProps, { readonly failure: unknown }> {
  override state = { failure: null };

  static getDerivedStateFromError(failure: unknown): { failure: unknown } {
    return { failure: failure ?? new Error('Unknown') };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return (
      <div style={{ padding: 16 }}>
        <ErrorPanel
          title={`${this.props.what} could not be shown`}
          error={{ ...errorData(failure), hint: 'Everything else in the window goes on working. Try again, or close it.' }}
          onRetry={() => this.setState({ failure: null })}
        />
      </div>
    );
  }
}
