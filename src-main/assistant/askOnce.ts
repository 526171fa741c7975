import type { AnswerPart, MessagePart } from '../../src-preload/contract/assistant';
import { AppError } from '../errors';
import type { AskOutcome, AssistantService, SqlPart } from './service';

/** See `AssistantService.askOnce`. */
export async function askOnce(
  assistant: Pick<AssistantService, 'create' | 'ask' | 'runSql'>,
  { connectionId, question, run }: { connectionId: string; question: string; run: boolean },
  emit: (part: AnswerPart) => void,
  signal: AbortSignal,
): Promise<AskOutcome> {
  const conversation = await assistant.create(connectionId);
  const message = await assistant.ask({ conversationId: conversation.id, question }, emit, signal);
  const failed = message.parts.find((part) => part.kind === 'error');
  if (failed) {
    const { code, message: words, ...rest } = failed.error;
    throw new AppError(code, words, rest);
  }
  if (message.stopped) throw new AppError('cancelled', 'Stopped.', { hint: 'What came is kept in the conversation.' });
  const shown = message.parts.findLast((part): part is SqlPart => part.kind === 'sql') ?? null;
  const ran = shown && run && shown.resultId === null ? { ...(await assistant.runSql({ conversationId: conversation.id, text: shown.text }, signal)), title: shown.title } : shown;
  return {
    conversationId: conversation.id,
    message,
    text: textOf(message.parts),
    sql: ran,
    proposals: message.parts.flatMap((part) => (part.kind === 'proposal' ? [part.proposal] : [])),
  };
}

function textOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n');
}
