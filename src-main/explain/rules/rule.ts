import type { Node } from '@pgsql/types';
import type { ExplainContext } from '../context';
import type { Draft } from '../draft';
import type { namesOf } from '../names';
import type { Span } from '../source';

/** A statement as the rules see it. */
export interface Subject {
  readonly draft: Draft;
  readonly root: Node;
  readonly names: ReturnType<typeof namesOf>;
  readonly context: ExplainContext;
}

export interface Advice {
  readonly level: 'note' | 'warning' | 'serious';
  /** What is unusual and what may help, as sentences. */
  readonly text: string;
  readonly span: Span | null;
}

/** One rule of advice on the text of a statement: one file, one case in the test. `check` is pure. */
export interface ExplainRule {
  readonly id: string;
  check(subject: Subject): Advice[];
}
