import type { Proposal } from '../../../src-preload/contract/assistant';
import type { SqlPart } from './SqlCard';

/** What a message may ask of the chat that it stands in; stable, so that finished messages are not drawn again. */
export interface ChatActions {
  readonly ask: (question: string, replaceFrom?: string) => void;
  /** Answers once more, with the model of the settings unless one is named. */
  readonly regenerate: (answerId: string, model?: string) => void;
  readonly showBranch: (messageId: string) => void;
  readonly removeBranch: (messageId: string) => void;
  readonly showRows: (part: SqlPart) => void;
  /** Explains a query beside the chat. */
  readonly explain: (sql: string) => void;
  /** Shows what went to the model for an answer. */
  readonly showSent: (messageId: string) => void;
  readonly showProposal: (proposal: Proposal) => void;
}
