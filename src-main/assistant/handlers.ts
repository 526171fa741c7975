import type { assistantContract } from '../../src-preload/contract/assistant';
import type { Handlers } from '../../src-preload/contract/core';
import type { AssistantService } from './service';

/** Binds the contract to the service; `conversationChanged` is sent by whoever listens to `onConversationChange`. `checkedPath` throws for a file that the window may not name. */
export function assistantHandlers(assistant: AssistantService, checkedPath: (path: string) => string): Handlers<typeof assistantContract> {
  return {
    settings: () => assistant.settings(),
    saveSettings: (change) => assistant.saveSettings(change),
    probeEndpoint: (_nothing, { signal }) => assistant.probeEndpoint(signal),
    models: (_nothing, { signal }) => assistant.models(signal),
    conversations: (query) => assistant.conversations(query),
    create: ({ connectionId }) => assistant.create(connectionId),
    remove: ({ id }) => assistant.remove(id).then(() => undefined),
    messages: ({ conversationId }) => assistant.messages(conversationId),
    ask: (input, context) => assistant.ask(input, (part) => context.emit(part), context.signal),
    regenerate: (input, context) => assistant.regenerate(input, (part) => context.emit(part), context.signal),
    showBranch: ({ conversationId, messageId }) => assistant.showBranch(conversationId, messageId),
    removeBranch: ({ conversationId, messageId }) => assistant.removeBranch(conversationId, messageId),
    exportMarkdown: ({ conversationId, path }) => assistant.exportMarkdown(conversationId, checkedPath(path)),
    runSql: (input, { signal }) => assistant.runSql(input, signal),
    decide: (input, { signal }) => assistant.decide(input, signal),
    exportAudit: async ({ conversationId, path }) => ({ entries: await assistant.exportAudit(conversationId, checkedPath(path)) }),
    audit: (query) => assistant.audit(query),
    tryProposal: (input, { signal }) => assistant.tryProposal(input, signal),
    notes: ({ connectionId }) => assistant.notes(connectionId),
    saveNotes: ({ connectionId, ...change }) => assistant.saveNotes(connectionId, change),
    decideNotes: (input) => assistant.decideNotes(input),
    remember: (input, { signal }) => assistant.remember(input, signal),
    remembered: (query) => assistant.remembered(query),
    forget: ({ connectionId, id }) => assistant.forget(connectionId, id),
    sent: (query) => assistant.sent(query),
    sentText: ({ id }) => ({ text: assistant.sentText(id) }),
    saveSent: ({ id, path }) => assistant.saveSent(id, checkedPath(path)),
  };
}
