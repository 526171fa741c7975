import { expect, it } from 'vitest';
import { kit, type Kit } from '../../e2e/assistant/kit';
import { shopSnapshot } from '../../e2e/assistant/snapshot';
import { createRememberedAnswers } from './remembered';

const sql = 'SELECT status, count(*) FROM shop.orders GROUP BY status';
const signal = new AbortController().signal;

async function rememberOne(made: Kit): Promise<void> {
  const { message, conversationId } = await made.ask('How many orders are there by status?');
  await made.assistant.remember({ conversationId, messageId: message.id, text: sql }, signal);
}
const lastRequest = (made: Kit): string => made.model.questions().at(-1)?.raw ?? '';

it('goes along with a question like it, marked as confirmed, also after a restart, and never once it is forgotten', async () => {
  const made = await kit(() => ({ text: 'Done.' }));
  try {
    await rememberOne(made);
    const { message } = await made.ask('Orders by status, please: how many?');
    expect(lastRequest(made).includes(sql)).toBe(true);
    expect(lastRequest(made).includes('its tables have not changed since')).toBe(true);
    expect(message.parts[0]).toMatchObject({ kind: 'tool', title: 'Takes a remembered answer along' });
    const again = made.again();
    const [kept] = again.remembered({ connectionId: 'c1', search: 'STATUS' });
    expect(kept).toMatchObject({ question: 'How many orders are there by status?', sql });
    await made.ask('Which customers live in Vienna?');
    expect(lastRequest(made).includes(sql)).toBe(false);
    again.forget('c1', kept?.id ?? 0);
    await made.ask('How many orders are there by status?');
    expect(lastRequest(made).includes(sql)).toBe(false);
    expect(again.remembered({ connectionId: 'c1', search: '' })).toEqual([]);
  } finally {
    await made.close();
  }
});

it('says that the schema has changed, and keeps one entry for the same answer', async () => {
  const made = await kit(() => ({ text: 'Done.' }));
  try {
    await rememberOne(made);
    await rememberOne(made);
    const answers = createRememberedAnswers(made.store);
    expect(answers.list({ connectionId: 'c1', search: '' })).toHaveLength(1);
    answers.add({ connectionId: 'c1', question: 'How many orders are there by status?', sql, objects: ['shop.orders'] }, shopSnapshot);
    const changed = { ...shopSnapshot, relations: shopSnapshot.relations.map((relation) => (relation.name === 'orders' ? { ...relation, columns: relation.columns.map((column, index) => (index === 0 ? { ...column, type: 'text' } : column)) } : relation)) };
    const asked = (snapshot: typeof shopSnapshot) => answers.similar('c1', 'orders by status', snapshot).map((answer) => answer.changed);
    expect(asked(shopSnapshot)).toEqual([false]);
    expect(asked(changed)).toEqual([true]);
    expect(answers.similar('another', 'orders by status', shopSnapshot)).toEqual([]);
  } finally {
    await made.close();
  }
});

it('tells at most three, the most alike first', async () => {
  const made = await kit(() => ({ text: 'Done.' }));
  try {
    const answers = createRememberedAnswers(made.store);
    const questions = ['Revenue by month', 'Revenue by month in 2025', 'Revenue by country and month', 'Revenue by product', 'Customers without orders', 'Average basket'];
    for (const question of questions) answers.add({ connectionId: 'c1', question, sql: `SELECT '${question}'`, objects: [] }, shopSnapshot);
    const found = answers.similar('c1', 'What is the revenue by month?', shopSnapshot).map(({ question }) => question);
    expect(found).toHaveLength(3);
    expect(found[0]).toBe('Revenue by month');
    expect(answers.similar('c1', 'Who is the oldest employee?', shopSnapshot)).toEqual([]);
  } finally {
    await made.close();
  }
});
