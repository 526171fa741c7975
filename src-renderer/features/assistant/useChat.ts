import { useCallback, useEffect, useRef, useState } from 'react';
import type { AnswerPart, Message, Proposal } from '../../../src-preload/contract/assistant';
import type { Document } from '../../../src-preload/contract/documents';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { markTab } from '../../shell/tabs';
import { openConnection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { applyAnswer, beforeAnswer, PENDING, withMessage, withProposal, withQuestion } from './chat';

/** What an assistant tab keeps in its document's text. */
export interface AssistantTabState {
  /** Null until the first question was asked. */
  readonly conversationId: string | null;
  /** The question that is being written. */
  readonly draft: string;
}

/** Reads a tab's text; a damaged one is an empty new conversation. */
export function parseAssistantTab(text: string): AssistantTabState {
  try {
    const state = JSON.parse(text) as Partial<AssistantTabState>;
    return { conversationId: typeof state.conversationId === 'string' ? state.conversationId : null, draft: typeof state.draft === 'string' ? state.draft : '' };
  } catch {
    return { conversationId: null, draft: '' };
  }
}

export interface Chat {
  readonly messages: readonly Message[];
  readonly loading: boolean;
  readonly answering: boolean;
  /** What could not be read or asked at all; failures of an answer are part of it. */
  readonly error: AppErrorData | null;
  readonly ask: (question: string, replaceFrom?: string) => Promise<void>;
  /** Answers once more, with another model if one is named. */
  readonly regenerate: (answerId: string, model?: string) => Promise<void>;
  /** Shows the branch through a message. */
  readonly showBranch: (messageId: string) => Promise<void>;
  readonly removeBranch: (messageId: string) => Promise<void>;
  readonly stop: () => void;
  readonly reload: () => void;
  readonly showProposal: (proposal: Proposal) => void;
}

interface AnswerOptions {
  readonly signal: AbortSignal;
  readonly onPart: (piece: AnswerPart) => void;
}

interface Answered {
  readonly conversationId: string;
  readonly message: Message;
}

const update = (documentId: string, patch: Partial<AssistantTabState>): void => {
  const store = useDocuments.getState();
  const document = store.documents.find((other) => other.id === documentId);
  if (document) store.updateDocument(documentId, { text: JSON.stringify({ ...parseAssistantTab(document.text), ...patch }) });
};

/** Stores what is being typed. */
export const saveDraft = (documentId: string, draft: string): void => update(documentId, { draft });

/** The conversation of a tab: reads it, asks, follows the answer as it grows. It is created with the first question. */
export function useChat(document: Document): Chat {
  const { id: documentId, connectionId } = document;
  const { conversationId } = parseAssistantTab(document.text);
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [loading, setLoading] = useState(conversationId !== null);
  const [answering, setAnswering] = useState(false);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [turn, setTurn] = useState(0);
  const running = useRef<AbortController | null>(null);
  /** The conversation whose messages are in the state, so that a new one is not read while it is being answered. */
  const shown = useRef<string | null>(null);

  useEffect(() => {
    if (conversationId === null || shown.current === conversationId) return;
    setLoading(true);
    client.assistant
      .messages({ conversationId })
      .then(
        (read) => {
          shown.current = conversationId;
          setMessages(read);
          setError(null);
        },
        (failure: unknown) => setError(errorData(failure)),
      )
      .finally(() => setLoading(false));
  }, [conversationId, turn]);

  useEffect(
    () =>
      client.assistant.on('conversationChanged', (changed) => {
        if (changed.id === conversationId) useDocuments.getState().updateDocument(documentId, { title: changed.title });
      }),
    [conversationId, documentId],
  );

  useEffect(() => () => running.current?.abort(), []);

  /** Follows one answer; `begin` shows what is known before main says anything, `send` asks main. A new branch is read anew at the end. */
  const follow = useCallback(
    async (begin: (now: readonly Message[]) => readonly Message[], send: (options: AnswerOptions) => Promise<Answered>, branches: boolean, failed: () => void): Promise<void> => {
      if (running.current || connectionId === null) return;
      const abort = new AbortController();
      running.current = abort;
      setAnswering(true);
      setError(null);
      markTab(documentId, { running: true });
      setMessages(begin);
      try {
        await openConnection(connectionId);
        const { message, conversationId: id } = await send({ signal: abort.signal, onPart: (piece) => setMessages((now) => applyAnswer(now, piece)) });
        if (branches) setMessages(await client.assistant.messages({ conversationId: id }));
        else setMessages((now) => withMessage(now, message));
      } catch (failure) {
        setMessages((now) => (now.at(-1)?.id === PENDING ? now.slice(0, -1) : now));
        failed();
        shown.current = null;
        setTurn((now) => now + 1);
        if (errorData(failure).code !== 'cancelled') setError(errorData(failure));
      } finally {
        running.current = null;
        setAnswering(false);
        markTab(documentId, { running: false });
      }
    },
    [connectionId, documentId],
  );

  const ask = useCallback(
    (question: string, replaceFrom?: string): Promise<void> =>
      follow(
        (now) => withQuestion(now, { text: question, replaceFrom, at: new Date().toISOString() }),
        async (options) => {
          let id = conversationId;
          if (id === null) {
            id = (await client.assistant.create({ connectionId: connectionId ?? '' })).id;
            shown.current = id;
          }
          update(documentId, { conversationId: id, draft: '' });
          return { conversationId: id, message: await client.assistant.ask({ conversationId: id, question, ...(replaceFrom === undefined ? {} : { replaceFrom }) }, options) };
        },
        replaceFrom !== undefined,
        // The question goes back into the box, so that nothing typed is lost.
        () => replaceFrom === undefined && update(documentId, { draft: question }),
      ),
    [connectionId, conversationId, documentId, follow],
  );

  const regenerate = useCallback(
    async (answerId: string, model?: string): Promise<void> => {
      if (conversationId === null) return;
      await follow(
        (now) => beforeAnswer(now, answerId),
        async (options) => ({ conversationId, message: await client.assistant.regenerate({ conversationId, answerId, ...(model === undefined ? {} : { model }) }, options) }),
        true,
        () => undefined,
      );
    },
    [conversationId, follow],
  );

  const change = useCallback(
    async (work: (conversationId: string) => Promise<Message[]>): Promise<void> => {
      if (conversationId === null || running.current) return;
      try {
        setMessages(await work(conversationId));
      } catch (failure) {
        setError(errorData(failure));
      }
    },
    [conversationId],
  );
  const showBranch = useCallback((messageId: string) => change((id) => client.assistant.showBranch({ conversationId: id, messageId })), [change]);
  const removeBranch = useCallback((messageId: string) => change((id) => client.assistant.removeBranch({ conversationId: id, messageId })), [change]);

  const stop = useCallback(() => running.current?.abort(), []);
  const reload = useCallback(() => {
    shown.current = null;
    setError(null);
    setTurn((now) => now + 1);
  }, []);
  const showProposal = useCallback((proposal: Proposal) => setMessages((now) => withProposal(now, proposal)), []);
  return { messages, loading, answering, error, ask, regenerate, showBranch, removeBranch, stop, reload, showProposal };
}
