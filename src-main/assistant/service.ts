import type { AnswerPart, Message } from '../../src-preload/contract/assistant';

/** Questions in plain words; the part of the assistant that the command and the window share. */
export interface AssistantService {
  ask(input: { conversationId: string; question: string; replaceFrom?: string | undefined }, emit: (part: AnswerPart) => void, signal: AbortSignal): Promise<Message>;
}
