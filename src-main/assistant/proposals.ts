import { createHash, randomUUID } from 'node:crypto';
import type { DryRun, Proposal } from '../../src-preload/contract/assistant';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { AppError, toAppError } from '../errors';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import type { ResultSink } from '../drivers/driver';
import type { GuardService } from '../guard/service';
import type { HistoryService } from '../queries/service';
import { currentOwner, ownerAlive, type Store } from '../store/service';
import type { AuditLog } from './audit';
import { dryRun } from './dryRun';

export interface NewProposal {
  readonly conversationId: string;
  readonly messageId: string;
  readonly profile: ConnectionProfile;
  readonly text: string;
  readonly objects: readonly string[];
  readonly warnings: readonly string[];
  readonly estimatedRows: number | null;
  readonly purpose: string;
}

/** Writes that Claude proposed: recorded with their exact text, decided once by a person, run as written. */
export interface Proposals {
  add(proposal: NewProposal): Proposal;
  get(id: string): Proposal | undefined;
  ofMessage(messageId: string): Proposal[];
  /** Those that nobody decided can no longer be approved. */
  withdraw(where: { messageIds: readonly string[] }): void;
  /** A run that is rolled back. Rejects with `refused` where it was decided before, the connection is read-only or points elsewhere, or it cannot be tried. */
  attempt(input: { conversationId: string; proposalId: string }, signal: AbortSignal): Promise<DryRun>;
  decide(input: { conversationId: string; proposalId: string; approve: boolean; hash: string }, signal: AbortSignal): Promise<Proposal>;
}

export interface ProposalDependencies {
  readonly store: Store;
  readonly connections: ConnectionsService;
  readonly catalog: CatalogService;
  readonly guard: GuardService;
  readonly history: HistoryService;
  readonly audit: AuditLog;
  readonly redact: (text: string) => string;
}

interface ProposalRow {
  id: string;
  conversation_id: string;
  message_id: string;
  connection_id: string;
  target: string;
  text: string;
  hash: string;
  objects: string;
  warnings: string;
  estimated_rows: number | null;
  purpose: string;
  state: Proposal['state'];
  result: string | null;
  owner: string;
}

/** Shown in the server's session list while an approved write runs. */
const APPLICATION_NAME = 'ai-shell approved change';
const unknownEnd = 'The program ended while this ran. Whether it took effect is not known: look at the data before running it again.';

export function createProposals({ store, connections, catalog, guard, history, audit, redact }: ProposalDependencies): Proposals {
  const owner = currentOwner();
  const row = (id: string): ProposalRow | undefined => store.get<ProposalRow>('SELECT * FROM proposals WHERE id = ?', id);
  const get = (id: string): Proposal | undefined => {
    const found = row(id);
    return found && proposalOf(found);
  };
  /** True when this call moved it on; the condition on the old state makes it happen once, whoever else tries. */
  const move = (id: string, from: Proposal['state'], to: Proposal['state'], result: string | null): boolean =>
    store.run('UPDATE proposals SET state = ?, result = ?, owner = ?, decided_at = coalesce(decided_at, ?) WHERE id = ? AND state = ?', to, result, owner, new Date().toISOString(), id, from).changes === 1;

  const decided = (found: ProposalRow, outcome: string, started: number, rows: number | null): Proposal => {
    audit.add({ conversationId: found.conversation_id, connectionId: found.connection_id, tool: 'person: decide', input: found.text, verdict: 'decided by the person', outcome, rows, milliseconds: performance.now() - started, tokens: 0 });
    return proposalOf(row(found.id) ?? found);
  };

  const execute = async (found: ProposalRow, profile: ConnectionProfile, signal: AbortSignal): Promise<Proposal> => {
    const started = performance.now();
    const entry = history.begin({ connectionId: profile.id, connectionName: profile.name, text: found.text, origin: 'assistant' });
    const sink = outcomeSink();
    try {
      await connections.withSession(profile.id, { applicationName: APPLICATION_NAME, signal }, (connection) => connection.run({ text: found.text }, sink, { signal }));
      const milliseconds = performance.now() - started;
      history.end(entry, { status: 'done', milliseconds, rows: sink.rowsAffected, error: null });
      move(found.id, 'approved', 'done', sink.text());
      return decided(found, `approved and run: ${sink.text()}`, started, sink.rowsAffected);
    } catch (thrown) {
      const error = toAppError(thrown);
      const message = redact([error.message, error.data.serverCode && `(${error.data.serverCode})`, error.code === 'connection_lost' && unknownEnd].filter(Boolean).join(' '));
      history.end(entry, { status: signal.aborted ? 'cancelled' : 'failed', milliseconds: performance.now() - started, rows: null, error: message });
      move(found.id, 'approved', 'failed', message);
      return decided(found, `approved and failed: ${message}`, started, null);
    } finally {
      catalog.invalidate(profile.id);
    }
  };

  const pendingRow = (conversationId: string, proposalId: string): ProposalRow => {
    const found = row(proposalId);
    if (!found || found.conversation_id !== conversationId) throw new AppError('not_found', 'This proposal is no longer there.', { hint: 'Open the conversation again.' });
    if (found.state !== 'pending') throw decidedBefore(found.state);
    return found;
  };
  const writableProfile = async (found: ProposalRow): Promise<ConnectionProfile> => {
    const profile = await connections.resolve(found.connection_id);
    if (profile.readOnly) throw new AppError('refused', `${profile.name} is read-only.`, { hint: 'Nothing was run. The connection can be changed in its settings.', connection: profile.name });
    if (targetOf(profile) !== found.target) {
      throw new AppError('refused', `${profile.name} points to another database than when this was proposed.`, { hint: 'Nothing was run. Ask again, so that the proposal is made for this database.', connection: profile.name });
    }
    return profile;
  };

  return {
    async attempt({ conversationId, proposalId }, signal) {
      const started = performance.now();
      const found = pendingRow(conversationId, proposalId);
      const profile = await writableProfile(found);
      const record = (outcome: string): void => audit.add({ conversationId, connectionId: profile.id, tool: 'person: try', input: found.text, verdict: 'rolled back', outcome, rows: null, milliseconds: performance.now() - started, tokens: 0 });
      try {
        const tried = await dryRun(found.text, { connections, catalog, guard }, profile, signal);
        record('tried');
        return tried;
      } catch (thrown) {
        record(`not tried to its end: ${redact(toAppError(thrown).message)}`);
        throw thrown;
      }
    },
    add({ conversationId, messageId, profile, text, objects, warnings, estimatedRows, purpose }) {
      const id = randomUUID();
      store.run(
        `INSERT INTO proposals (id, conversation_id, message_id, connection_id, target, text, hash, objects, warnings, estimated_rows, purpose, state, result, owner, created_at, decided_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', NULL, ?, ?, NULL)`,
        ...[id, conversationId, messageId, profile.id, targetOf(profile), text, hashOf(text), JSON.stringify(objects), JSON.stringify(warnings), estimatedRows, purpose, owner, new Date().toISOString()],
      );
      const added = get(id);
      if (!added) throw new AppError('internal', 'The proposal was not stored.', { hint: 'Ask again.' });
      return added;
    },
    get,
    ofMessage: (messageId) => store.all<ProposalRow>('SELECT * FROM proposals WHERE message_id = ? ORDER BY created_at, id', messageId).map(proposalOf),
    withdraw({ messageIds }) {
      for (const id of messageIds) store.run("UPDATE proposals SET state = 'rejected', result = 'withdrawn with its question' WHERE message_id = ? AND state = 'pending'", id);
    },
    async decide({ conversationId, proposalId, approve, hash }, signal) {
      const started = performance.now();
      const found = pendingRow(conversationId, proposalId);
      if (!approve) {
        if (!move(found.id, 'pending', 'rejected', null)) throw decidedBefore('rejected');
        return decided(found, 'rejected', started, null);
      }
      if (hash !== found.hash || hashOf(found.text) !== found.hash) {
        throw new AppError('refused', 'The text that was approved is not the text of this proposal.', { hint: 'Open the conversation again and read the statement once more.' });
      }
      const profile = await writableProfile(found);
      if (!move(found.id, 'pending', 'approved', null)) throw decidedBefore('approved');
      // What a person approved must be on record before it can take effect.
      await store.durable();
      return execute(found, profile, signal);
    },
  };
}

/** SHA-256 of a statement's UTF-8 bytes, hex. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function targetOf(profile: ConnectionProfile): string {
  return JSON.stringify(profile.target, Object.keys(flatKeys(profile.target)).sort());
}

/** Every key at any depth, so that the order in a file does not matter. */
function flatKeys(value: object): Record<string, true> {
  const keys: Record<string, true> = {};
  for (const [key, inner] of Object.entries(value)) {
    keys[key] = true;
    if (typeof inner === 'object' && inner !== null) Object.assign(keys, flatKeys(inner as object));
  }
  return keys;
}

function decidedBefore(state: string): AppError {
  return new AppError('refused', `This proposal was decided before (${state}).`, { hint: 'It runs once at most. Ask again for a new proposal.' });
}

function proposalOf(row: ProposalRow): Proposal {
  const lost = row.state === 'approved' && !ownerAlive(row.owner);
  return {
    id: row.id,
    text: row.text,
    hash: row.hash,
    objects: JSON.parse(row.objects) as string[],
    warnings: JSON.parse(row.warnings) as string[],
    estimatedRows: row.estimated_rows,
    purpose: row.purpose,
    state: lost ? 'failed' : row.state,
    result: lost ? unknownEnd : row.result,
  };
}

function outcomeSink(): ResultSink & { readonly rowsAffected: number | null; text(): string } {
  let command = '';
  let rowsAffected: number | null = null;
  return {
    columns: () => undefined,
    rows: () => undefined,
    notice: () => undefined,
    complete(result) {
      command = result.command;
      rowsAffected = result.rowsAffected;
    },
    get rowsAffected() {
      return rowsAffected;
    },
    text: () => (rowsAffected === null || /\d/.test(command) ? command : `${command} ${rowsAffected}`),
  };
}
