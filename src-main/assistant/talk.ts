import type Anthropic from '@anthropic-ai/sdk';
import type { NotesProposal, Proposal } from '../../src-preload/contract/assistant';
import type { StoredMessage, WireMessage } from './conversations';

type Block = Anthropic.Messages.ContentBlockParam;

export interface TalkContext {
  /** The model that is asked now: thinking of another model is left out, its signatures mean nothing here. */
  readonly model: string;
  readonly proposals: (messageId: string) => readonly Proposal[];
  readonly notes: (messageId: string) => readonly NotesProposal[];
  readonly redact: (text: string) => string;
  /** What stands before a question, by its message's id; the same each time it is sent, so that the prompt cache holds the talk. */
  readonly beforeQuestion: ReadonlyMap<string, string>;
}

/** Everything that was said before, with the question at the end, as the model is to read it. */
export function talkOf(messages: readonly StoredMessage[], context: TalkContext): WireMessage[] {
  const talk: WireMessage[] = [];
  let notes: string[] = [];
  for (const { message, transcript } of messages) {
    if (message.role === 'user') {
      const question = message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      const before = context.beforeQuestion.get(message.id);
      talk.push({ role: 'user', content: [...notes, ...[before ?? [], question].flat().map(context.redact)].map((text) => ({ type: 'text', text })) });
      notes = [];
      continue;
    }
    talk.push(...(message.model === context.model ? transcript : transcript.map(withoutThinking).filter((entry) => entry.content.length > 0)));
    notes = [...context.proposals(message.id).flatMap(decisionNote), ...context.notes(message.id).flatMap(notesNote)];
  }
  return talk;
}

/** Marks the end of the talk for the prompt cache, so that the next step reads all before it from there. */
export function withBreakpoint(talk: readonly WireMessage[]): WireMessage[] {
  const last = talk.at(-1);
  if (!last) return [];
  const content = last.content.map((block, index): Block => (index === last.content.length - 1 && canBeMarked(block) ? { ...block, cache_control: { type: 'ephemeral' } } : block));
  return [...talk.slice(0, -1), { ...last, content }];
}

function canBeMarked(block: Block): block is Anthropic.Messages.TextBlockParam | Anthropic.Messages.ToolResultBlockParam {
  return block.type === 'text' || block.type === 'tool_result';
}

function withoutThinking(entry: WireMessage): WireMessage {
  return { ...entry, content: entry.content.filter((block) => block.type !== 'thinking' && block.type !== 'redacted_thinking') };
}

function notesNote({ state }: NotesProposal): string[] {
  return state === 'pending' ? [] : [`(Note of the program: the person ${state} your change of the notes.)`];
}

/** What became of a proposal, in words of the host alone: the server's own message stays out, it may carry data. */
function decisionNote(proposal: Proposal): string[] {
  if (proposal.state === 'pending') return [];
  const outcome = { approved: 'approved and is running', rejected: 'rejected', done: 'approved and run', failed: 'approved, and failed' }[proposal.state];
  return [`(Note of the program: the person’s decision on your proposal with the hash ${proposal.hash.slice(0, 12)}: ${outcome}.)`];
}
