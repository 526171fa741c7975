import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lastToolResults } from '../../e2e/servers/model/script';
import { kit } from '../../e2e/assistant/kit';
import { realNeighbours } from '../../e2e/assistant/realServer';
import { createPgliteDriver } from '../drivers/pglite/driver';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-embedded-'));
// Building a database takes long on a busy machine; that is not what is tried here.
beforeAll(async () => {
  const driver = createPgliteDriver({ program: 'the tests' });
  const session = await driver.connect({ target: { engine: 'pglite', folder } }, { signal: new AbortController().signal, applicationName: 'tests', connectTimeoutMs: 150_000 });
  await session.close();
  await driver.close();
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('asks, checks, runs and proposes on the embedded database, which has one session', async () => {
  const never = new AbortController().signal;
  const propose = (sql: string) => ({ tools: [{ name: 'propose_write', input: { sql, purpose: 'As asked.' } }] });
  const query = { name: 'run_query', input: { sql: 'SELECT id, note FROM public.notes ORDER BY id', title: 'Notes' } };
  const real = realNeighbours({ target: { engine: 'pglite', folder }, password: '' });
  const made = await kit(
    [propose('CREATE TABLE public.notes AS SELECT n AS id, md5(n::text) AS note FROM generate_series(1, 60) AS n'), { text: 'Decide.' }, { tools: [query, { name: 'run_query', input: { sql: 'DELETE FROM public.notes', title: 'x' } }] }, { text: '60.' }],
    { neighbours: real.neighbours },
  );
  try {
    const { message, conversationId } = await made.ask('Make a table.');
    const proposal = message.parts.flatMap((part) => (part.kind === 'proposal' ? [part.proposal] : []))[0];
    expect(proposal).toMatchObject({ state: 'pending', estimatedRows: null });
    expect(await made.assistant.decide({ conversationId, proposalId: proposal?.id ?? '', approve: true, hash: proposal?.hash ?? '' }, never)).toMatchObject({ state: 'done' });
    const answer = await made.ask('Show it.', { conversationId });
    expect(answer.message.parts.map((part) => (part.kind === 'tool' ? part.state : part.kind))).toEqual(['done', 'sql', 'refused', 'text']);
    expect(answer.message.parts[1]).toMatchObject({ rows: 60, error: null, columns: [{ name: 'id' }, { name: 'note' }] });
    expect(lastToolResults(made.model.questions().at(-1)?.body ?? {})[0]?.text).toContain('["1","c4ca4238a0b923820dcc509a6f75849b"]');
    expect(await made.assistant.runSql({ conversationId, text: 'SELECT count(*) FROM public.notes' }, never)).toMatchObject({ rows: 1, error: null });
  } finally {
    await made.close();
    await real.close();
  }
}, 120_000);
