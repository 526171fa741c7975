import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Proposal } from '../../src-preload/contract/assistant';
import { blocksOf, lastToolResults } from '../../e2e/servers/model/script';
import { AppError } from '../errors';
import { profile } from '../../e2e/assistant/fakes';
import { kit, type Kit } from '../../e2e/assistant/kit';

const open: Kit[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const text = "UPDATE shop.orders\n   SET status = 'paid' -- ü\n WHERE id = 7;";
const never = new AbortController().signal;

async function proposed(): Promise<Kit & { conversationId: string; proposal: Proposal }> {
  const made = await kit([{ tools: [{ name: 'propose_write', input: { sql: text, purpose: 'Mark order 7\nas paid.' } }] }, { text: 'Please decide.' }, { text: 'I see.' }]);
  open.push(made);
  const { message, conversationId } = await made.ask('Mark order 7 as paid.');
  const proposal = message.parts.flatMap((part) => (part.kind === 'proposal' ? [part.proposal] : []))[0];
  if (!proposal) throw new Error('nothing was proposed');
  return { ...made, conversationId, proposal };
}

const decisionOf = (made: { conversationId: string; proposal: Proposal }, more: Partial<{ approve: boolean; hash: string; conversationId: string }> = {}) => ({
  ...{ conversationId: made.conversationId, proposalId: made.proposal.id, approve: true, hash: made.proposal.hash },
  ...more,
});

describe('a proposed write', () => {
  it('shows the exact text, its hash, objects, estimate and purpose, and runs nothing', async () => {
    const { proposal, server, model } = await proposed();
    expect(proposal).toMatchObject({ text, hash: createHash('sha256').update(text).digest('hex'), objects: ['shop.orders'], estimatedRows: 7, purpose: 'Mark order 7 as paid.', state: 'pending', result: null });
    expect(server.writes).toEqual([]);
    expect(server.reads).toEqual(['EXPLAIN (FORMAT JSON) SELECT 1 FROM shop.orders WHERE id = 7']);
    expect(lastToolResults(model.questions()[1]?.body ?? {})[0]?.text).toContain('It has not run.');
  });

  it('runs as written once it is approved, once only, and the decision is on record', async () => {
    const made = await proposed();
    const done = await made.assistant.decide(decisionOf(made), never);
    expect(done).toMatchObject({ state: 'done', result: 'UPDATE 3' });
    expect(made.server.writes).toEqual([text]);
    await expect(made.assistant.decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused', message: 'This proposal was decided before (done).' });
    await expect(made.assistant.decide(decisionOf(made, { approve: false }), never)).rejects.toMatchObject({ code: 'refused' });
    expect(made.server.writes).toHaveLength(1);
    const file = path.join(made.folder, 'audit.ndjson');
    const count = await made.assistant.exportAudit(made.conversationId, file);
    const exported = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { id: number });
    expect(exported).toHaveLength(count);
    expect(exported).toEqual(made.assistant.audit({ conversationId: made.conversationId, limit: 100 }).reverse());
    expect(await made.assistant.exportAudit('another', file)).toBe(0);
    expect(made.assistant.audit({ conversationId: made.conversationId, limit: 10 })[0]).toMatchObject({ tool: 'person: decide', input: text, verdict: 'decided by the person', outcome: 'approved and run: UPDATE 3', rows: 3 });
    expect(made.history.entries).toEqual([{ text, status: 'done' }]);
    expect(made.assistant.messages(made.conversationId)[1]?.parts.find((part) => part.kind === 'proposal')).toMatchObject({ proposal: { state: 'done' } });
  });

  it('runs once when two approvals come at the same time', async () => {
    const made = await proposed();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => made.again().decide(decisionOf(made), never)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(made.server.writes).toHaveLength(1);
  });

  it.each([
    ['another hash', { hash: createHash('sha256').update('UPDATE shop.orders SET status = 1').digest('hex') }, 'refused'],
    ['an empty hash', { hash: '' }, 'refused'],
    ['another conversation', { conversationId: 'other' }, 'not_found'],
  ])('is not run by %s', async (_name, more, code) => {
    const made = await proposed();
    await expect(made.assistant.decide(decisionOf(made, more), never)).rejects.toMatchObject({ code });
    expect(made.server.writes).toEqual([]);
    expect(made.assistant.messages(made.conversationId)[1]?.parts.find((part) => part.kind === 'proposal')).toMatchObject({ proposal: { state: 'pending' } });
  });

  it('is not run when its stored text was changed, the connection became read-only, or points elsewhere', async () => {
    const made = await proposed();
    made.server.profile = { ...profile, readOnly: true };
    await expect(made.assistant.decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused', message: 'shop is read-only.' });
    made.server.profile = { ...profile, target: { ...profile.target, engine: 'postgresql', host: 'production.example', port: 5432, database: 'shop', user: 'reader', tls: { mode: 'disable' } } };
    await expect(made.assistant.decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused', message: 'shop points to another database than when this was proposed.' });
    made.server.profile = profile;
    made.store.run("UPDATE proposals SET text = 'DROP TABLE shop.orders'");
    await expect(made.assistant.decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused' });
    expect(made.server.writes).toEqual([]);
  });

  it('that is rejected stays so, and Claude is told with the next question', async () => {
    const made = await proposed();
    expect(await made.assistant.decide(decisionOf(made, { approve: false, hash: '' }), never)).toMatchObject({ state: 'rejected' });
    await expect(made.assistant.decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused' });
    await made.ask('Why not?', { conversationId: made.conversationId });
    const texts = blocksOf(made.model.questions().at(-1)?.body.messages?.at(-1)).map((block) => block.text);
    expect(texts).toEqual([`(Note of the program: the person’s decision on your proposal with the hash ${made.proposal.hash.slice(0, 12)}: rejected.)`, 'Why not?']);
  });

  it('that the server refuses shows the server’s words', async () => {
    const made = await proposed();
    made.server.onWrite = () => {
      throw new AppError('server_error', 'new row violates check constraint', { serverCode: '23514' });
    };
    expect(await made.assistant.decide(decisionOf(made), never)).toMatchObject({ state: 'failed', result: 'new row violates check constraint (23514)' });
    await expect(made.assistant.decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused' });
  });

  it('that ran when the program died is not called done, and cannot run again', async () => {
    const made = await proposed();
    made.store.run("UPDATE proposals SET state = 'approved', owner = '999999999-0'");
    expect(made.again().messages(made.conversationId)[1]?.parts.find((part) => part.kind === 'proposal')).toMatchObject({ proposal: { state: 'failed', result: expect.stringContaining('not known') as string } });
    await expect(made.again().decide(decisionOf(made), never)).rejects.toMatchObject({ code: 'refused' });
    expect(made.server.writes).toEqual([]);
  });

  it.each([
    ['on a read-only connection', 'UPDATE t SET a = 1', true, 'read-only'],
    ['with a character that turns the text around', 'UPDATE t SET a = 1 --\u202E WHERE', false, 'U+202E'],
    ['with a character that shows nothing', 'DELETE FROM t\u200B', false, 'U+200B'],
    ['that only reads', 'SELECT 1', false, 'only reads'],
  ])('is refused %s', async (_name, sql, readOnly, why) => {
    const made = await kit([{ tools: [{ name: 'propose_write', input: { sql, purpose: 'x' } }] }, { text: 'No.' }]);
    open.push(made);
    made.server.profile = { ...profile, readOnly };
    const { message } = await made.ask('?');
    expect(message.parts.some((part) => part.kind === 'proposal')).toBe(false);
    expect(message.parts[0]).toMatchObject({ state: 'refused', summary: expect.stringContaining(why) as string });
  });
});
