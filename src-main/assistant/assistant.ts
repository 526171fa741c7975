import { randomBytes } from 'node:crypto';
import type { AnswerPart, Conversation, EndpointAbilities, Message, MessagePart } from '../../src-preload/contract/assistant';
import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import { settingSpecs } from '../../src-preload/contract/settingSpecs';
import { writeFileAtomic } from '../atomicFile';
import { AppError, toAppError } from '../errors';
import type { CatalogService } from '../catalog/service';
import type { ChartsService } from '../charts/service';
import type { ConnectionsService } from '../connections/service';
import type { GuardService } from '../guard/service';
import type { HistoryService, ResultStore } from '../queries/service';
import type { Store } from '../store/service';
import { Answer } from './answer';
import { askOnce } from './askOnce';
import { createAuditLog } from './audit';
import { wrapStableData } from './boundary';
import { conversationMarkdown } from './conversationMarkdown';
import { createConversationStore, type Begun } from './conversations';
import { schemaDigest } from './digest';
import { createEndpoints, probeEndpoint } from './endpoints';
import { createLane } from './lane';
import { createLinking } from './linking/linking';
import { defaultTiming, type ModelTiming } from './modelTiming';
import { connectionPrompt, digestPrompt, systemPrompt } from './prompt';
import { privatePrompt, rememberedPrivateCatalogs } from './privateCatalog';
import { createConnectionNotes, notesPrompt } from './notes';
import { createProposals } from './proposals';
import { createRememberedAnswers, rememberedPrompt, type SimilarAnswer } from './remembered';
import { relatedTables } from './relatedTables';
import { runPersonsQuery } from './runSql';
import { createSentLog } from './sentLog';
import { sentText } from './sentText';
import type { AssistantModel, AssistantService } from './service';
import { createAssistantSettings, type SettingsDependencies } from './settings';
import { talkOf } from './talk';
import { createToolRunner } from './toolRunner';
import { toolParams } from './tools/all';
import type { ToolContext } from './tools/tool';

export interface AssistantDependencies extends SettingsDependencies {
  readonly connections: ConnectionsService;
  readonly catalog: CatalogService;
  readonly guard: GuardService;
  readonly results: ResultStore;
  readonly history: HistoryService;
  /** What is unusual in a statement, for a person and the model; the gravest first. */
  readonly advise: (text: string, snapshot: CatalogSnapshot) => Promise<string[]>;
  readonly charts: Pick<ChartsService, 'suggest'>;
  /** What a query that the model runs by itself may cost; default the setting's. */
  readonly costLimit?: () => number;
  /** Default: `defaultTiming`. */
  readonly timing?: Partial<ModelTiming>;
}

/**
 * Builds the assistant; it runs under plain Node as well as in the window's main process. What speaks to the model is loaded with the
 * first question, for its SDK is the largest package of the program.
 */
export function createAssistantService(dependencies: AssistantDependencies): AssistantService {
  const { connections, catalog, guard, results, history, charts, secrets, store } = dependencies;
  const timing = { ...defaultTiming, ...dependencies.timing };
  const redact = (text: string): string => secrets.redact(text);
  const endpoints = createEndpoints(store);
  const settings = createAssistantSettings(dependencies, endpoints);
  const conversations = createConversationStore(store);
  const audit = createAuditLog(store, redact);
  const proposals = createProposals({ store, connections, catalog, guard, history, audit, redact });
  const sentLog = createSentLog(store, redact);
  const remembered = createRememberedAnswers(store);
  const notes = createConnectionNotes({ workspace: dependencies.workspace, store, audit });
  const linking = createLinking();
  const privateCatalogs = rememberedPrivateCatalogs();
  const running = new Map<string, { readonly stop: AbortController; readonly done: Promise<Message> }>();
  const listeners = new Set<(conversation: Conversation) => void>();
  /** Results of this run; those of earlier runs are gone from the disk. */
  const liveResults = new Set<string>();

  const changed = (conversation: Conversation): void => listeners.forEach((listener) => listener(conversation));
  const current = (message: Message): Message => ({ ...message, parts: message.parts.map(currentPart) });
  const currentPart = (part: MessagePart): MessagePart => {
    if (part.kind === 'proposal') return { kind: 'proposal', proposal: proposals.get(part.proposal.id) ?? part.proposal };
    if (part.kind === 'notes') return { kind: 'notes', proposal: notes.get(part.proposal.id) ?? part.proposal };
    if (part.kind === 'sql' && part.resultId !== null && !liveResults.has(part.resultId)) return { ...part, resultId: null };
    return part;
  };
  const drop = (messages: readonly Message[]): void => {
    const messageIds = messages.map((message) => message.id);
    proposals.withdraw({ messageIds });
    sentLog.forget(messageIds);
    notes.withdraw(messageIds);
    results.release(messages.flatMap((message) => message.parts.flatMap((part) => (part.kind === 'sql' && part.resultId !== null ? [part.resultId] : []))));
  };
  const keep = (part: AnswerPart): void => {
    if (part.kind === 'part' && part.part.kind === 'sql' && part.part.resultId !== null) liveResults.add(part.part.resultId);
  };

  const work = async ({ conversation, answerId }: Begun, model: string | undefined, answer: Answer, signal: AbortSignal): Promise<void> => {
    const [{ runAgent }, { createModelClient }] = await Promise.all([import('./agent'), import('./modelClient')]);
    const stored = await settings.active();
    const active = { ...stored, model: model ?? stored.model };
    const profile = await connections.resolve(conversation.connectionId);
    const { ask } = connections.driver(profile).capabilities;
    if (ask !== true) throw new AppError('unsupported', `Claude cannot be asked about ${profile.name}.`, { detail: ask, connection: profile.name });
    const known = privateCatalogs(await catalog.snapshot(profile.id, signal), profile);
    const { snapshot, hide } = known;
    const lane = createLane({ connections, guard, results }, profile, `assistant:${conversation.id}`);
    const context: ToolContext = {
      ...{ profile, lane, guard: guard.of(profile.target.engine), history, charts, snapshot, hide, signal },
      costLimit: dependencies.costLimit?.() ?? settingSpecs.limits.askCost.default,
      detail: async (relation) => known.detail(await catalog.detail(profile.id, relation, signal)),
      advise: (text) => dependencies.advise(text, snapshot),
      search: (words, limit) => linking.rank(profile.id, snapshot, words, limit),
      ranBefore: (text) => answer.ranBefore(text),
      lastRun: () => answer.lastRun(),
      showAs: (resultId, view) => answer.showAs(resultId, view),
      proposeNotes: (proposal) => notes.propose({ ...proposal, conversationId: conversation.id, messageId: answer.messageId, connectionId: profile.id }),
      propose: (proposal) => proposals.add({ ...proposal, conversationId: conversation.id, messageId: answer.messageId, profile }),
    };
    const earlier = conversations.messages(conversation.id).filter(({ message }) => message.id !== answerId);
    const digest = schemaDigest(snapshot);
    const noted = (await notes.read(profile.id)).text.trim();
    const facts = `${connectionPrompt(profile, connections.status(profile.id).server)}${privatePrompt(known.tables)}\n${digestPrompt}\n${wrapStableData(digest.text, boundarySecret(store))}${noted === '' ? '' : `\n${notesPrompt}\n${wrapStableData(noted, boundarySecret(store))}`}`;
    const beforeQuestion = digest.complete ? new Map<string, string>() : await relatedTables(earlier, (words, limit) => context.search(words, limit), boundarySecret(store));
    const question = earlier.at(-1)?.message;
    const confirmed = question ? remembered.similar(profile.id, questionOf(question), snapshot).filter(({ sql }) => hide(sql) === sql) : [];
    if (question && confirmed.length > 0) {
      answer.add(rememberedStep(confirmed));
      beforeQuestion.set(question.id, [beforeQuestion.get(question.id), rememberedPrompt(confirmed, boundarySecret(store))].filter(Boolean).join('\n'));
    }
    try {
      await runAgent({
        ...{ answer, signal, timing, abilities: endpoints.known(active.baseUrl, active.model) ?? everything },
        client: createModelClient(active, timing, (body) => sentLog.add({ conversationId: conversation.id, messageId: answer.messageId }, active.model, body)),
        request: active,
        system: [systemPrompt, redact(facts)].map((text) => ({ type: 'text', text, cache_control: { type: 'ephemeral' } })),
        tools: toolParams,
        talk: talkOf(earlier, { model: active.model, proposals: (id) => proposals.ofMessage(id), notes: (id) => notes.ofMessage(id), redact, beforeQuestion }),
        runner: createToolRunner({ context, answer, audit, conversationId: conversation.id, redact }),
      });
    } finally {
      await lane.close();
    }
  };

  const answerTo = async (begun: Begun, model: string | undefined, emit: (part: AnswerPart) => void, signal: AbortSignal): Promise<Message> => {
    drop(begun.dropped);
    changed(begun.conversation);
    const answer = new Answer(conversations, begun, (part) => {
      keep(part);
      emit(part);
    });
    try {
      await work(begun, model, answer, signal);
      return current(answer.finish(false));
    } catch (thrown) {
      const { isStop } = await import('./agent');
      if (isStop(thrown, signal)) return current(answer.finish(true));
      const { data } = toAppError(thrown);
      answer.add({ kind: 'error', error: { ...data, message: redact(data.message), detail: data.detail && redact(data.detail) } });
      return current(answer.finish(false));
    }
  };

  const idle = (conversationId: string): void => {
    conversations.get(conversationId);
    if (running.has(conversationId)) throw new AppError('busy', 'Claude is still answering in this conversation.', { hint: 'Wait for the answer, or stop it.' });
  };
  const oneAnswer = async (conversationId: string, begin: () => Begun, model: string | undefined, emit: (part: AnswerPart) => void, signal: AbortSignal): Promise<Message> => {
    idle(conversationId);
    const begun = begin();
    const stop = new AbortController();
    const done = answerTo(begun, model, emit, AbortSignal.any([signal, stop.signal]));
    running.set(conversationId, { stop, done });
    try {
      return await done;
    } finally {
      running.delete(conversationId);
      const still = conversations.find(conversationId);
      if (still) changed(still);
    }
  };

  const service: AssistantService = {
    settings: () => settings.read(),
    saveSettings: (change) => settings.save(change),
    async probeEndpoint(signal) {
      const [{ createModelClient }, { modelError }] = await Promise.all([import('./modelClient'), import('./modelErrors')]);
      const active = await settings.active();
      try {
        endpoints.keep(active.baseUrl, active.model, await probeEndpoint(createModelClient(active, timing), active.model, signal));
      } catch (thrown) {
        signal.throwIfAborted();
        throw modelError(thrown, active);
      }
      return settings.read();
    },
    async models(signal) {
      const [{ createModelClient }, { modelError }] = await Promise.all([import('./modelClient'), import('./modelErrors')]);
      const active = await settings.active();
      const found: AssistantModel[] = [];
      try {
        for await (const model of createModelClient(active, timing).models.list({ limit: 1000 }, { signal })) {
          if (model.lifecycle === 'retired') continue;
          found.push({ id: model.id, name: model.display_name ?? model.id, contextTokens: model.max_input_tokens ?? null });
        }
      } catch (thrown) {
        signal.throwIfAborted();
        throw modelError(thrown, active);
      }
      return found;
    },
    conversations: (query) => conversations.list(query),
    async create(connectionId) {
      const profile = await connections.resolve(connectionId);
      const conversation = conversations.create(profile.id);
      changed(conversation);
      return conversation;
    },
    async remove(id) {
      const run = running.get(id);
      run?.stop.abort();
      await run?.done;
      drop(conversations.allMessages(id));
      conversations.remove(id);
    },
    messages: (conversationId) => conversations.messages(conversationId).map(({ message }) => current(message)),
    ask: ({ conversationId, question, replaceFrom }, emit, signal) => oneAnswer(conversationId, () => conversations.begin(conversationId, question, replaceFrom), undefined, emit, signal),
    regenerate: ({ conversationId, answerId, model }, emit, signal) => oneAnswer(conversationId, () => conversations.beginAgain(conversationId, answerId), model, emit, signal),
    showBranch(conversationId, messageId) {
      idle(conversationId);
      conversations.show(conversationId, messageId);
      return service.messages(conversationId);
    },
    removeBranch(conversationId, messageId) {
      idle(conversationId);
      drop(conversations.removeBranch(conversationId, messageId));
      return service.messages(conversationId);
    },
    async exportMarkdown(conversationId, file) {
      const conversation = conversations.get(conversationId);
      const profile = await connections.resolve(conversation.connectionId).catch(() => null);
      await writeFileAtomic(file, conversationMarkdown(conversation, profile, service.messages(conversationId)));
    },
    async exportAudit(conversationId, file) {
      const lines = [...audit.lines(conversationId)];
      await writeFileAtomic(file, lines.join(''));
      return lines.length;
    },
    async runSql({ conversationId, text }, signal) {
      const conversation = conversations.get(conversationId);
      const profile = await connections.resolve(conversation.connectionId);
      const lane = createLane({ connections, guard, results }, profile, `assistant-run:${conversationId}`);
      try {
        const { snapshot, hide } = privateCatalogs(await catalog.snapshot(profile.id, signal), profile);
        const part = await runPersonsQuery(text, { profile, lane, guard: guard.of(profile.target.engine), history, audit, conversationId, signal, snapshot, hide, advise: (statement) => dependencies.advise(statement, snapshot) });
        if (part.resultId !== null) liveResults.add(part.resultId);
        return part;
      } finally {
        await lane.close();
      }
    },
    decide: (input, signal) => proposals.decide(input, signal),
    audit: (query) => audit.list(query),
    async remember({ conversationId, messageId, text }, signal) {
      const { connectionId } = conversations.get(conversationId);
      const messages = service.messages(conversationId);
      const question = messages[messages.findIndex(({ id }) => id === messageId) - 1];
      if (!question) throw new AppError('not_found', 'The question of this answer is not there any more.');
      const profile = await connections.resolve(connectionId);
      const snapshot = await catalog.snapshot(profile.id, signal);
      const { class: kind, objects } = await guard.of(profile.target.engine).classify(text, {});
      if (kind === 'unknown') throw new AppError('refused', 'Only one query that can be parsed is remembered.');
      remembered.add({ connectionId: profile.id, question: questionOf(question), sql: text, objects }, snapshot);
    },
    tryProposal: (input, signal) => proposals.attempt(input, signal),
    notes: (connectionId) => notes.read(connectionId),
    saveNotes: (connectionId, change) => notes.save(connectionId, change),
    decideNotes: (input) => notes.decide(input),
    remembered: (query) => remembered.list(query),
    forget: (connectionId, id) => remembered.forget(connectionId, id),
    sent: (query) => sentLog.list(query),
    sentText: (id) => sentText(sentLog.body(id)),
    saveSent: (id, file) => writeFileAtomic(file, sentLog.body(id)),
    async reply({ system, text }, onText, signal) {
      const [{ replyOnce }, { createModelClient }] = await Promise.all([import('./reply'), import('./modelClient')]);
      const active = await settings.active();
      const client = createModelClient(active, timing, (body) => sentLog.add(null, active.model, body));
      return { text: await replyOnce(client, active, timing, { system, text: redact(text) }, onText, signal), model: active.model };
    },
    askOnce: (input, emit, signal) => askOnce(service, input, emit, signal),
    onConversationChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      const runs = [...running.values()];
      for (const { stop } of runs) stop.abort();
      await Promise.allSettled(runs.map(({ done }) => done));
    },
  };
  return service;
}

/** Of Anthropic's own address, and of one that nobody has looked at. */
const everything: EndpointAbilities = { tools: true, thinking: true, caching: true };

function questionOf({ parts }: Message): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

/** What the person sees of it, before the answer's own steps. */
function rememberedStep(answers: readonly SimilarAnswer[]): MessagePart {
  const changed = answers.filter((answer) => answer.changed).length;
  const count = answers.length === 1 ? 'a remembered answer' : `${answers.length} remembered answers`;
  return { kind: 'tool', id: 'remembered', name: 'remembered', title: `Takes ${count} along`, input: answers.map(({ question, sql }) => `${question}\n${sql}`).join('\n\n'), state: 'done', summary: changed === 0 ? 'their tables are unchanged' : `${changed} may be outdated: tables have changed`, milliseconds: null };
}

/** Made once for this installation; see `wrapStableData`. */
function boundarySecret(store: Store): string {
  store.run("INSERT INTO assistant_secret (name, value) VALUES ('boundary', ?) ON CONFLICT (name) DO NOTHING", randomBytes(24).toString('hex'));
  return store.get<{ value: string }>("SELECT value FROM assistant_secret WHERE name = 'boundary'")?.value ?? randomBytes(24).toString('hex');
}
