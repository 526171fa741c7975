import { describe, expect, it } from 'vitest';
import type { AnswerPart, Message } from '../../../src-preload/contract/assistant';
import { applyAnswer, beforeAnswer, branchPlace, questionText, totals, withMessage, withProposal, withQuestion } from './chat';

const at = '2026-01-01T00:00:00.000Z';
const said = (id: string, role: Message['role'], text: string): Message => ({ id, role, at, parts: [{ kind: 'text', text }], usage: null, model: null, stopped: false, siblings: [id] });
const earlier = [said('q1', 'user', 'one'), said('a1', 'assistant', 'eins'), said('q2', 'user', 'two'), said('a2', 'assistant', 'zwei')];
const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 1, cacheWriteTokens: 2, dollars: 0.01 };
const play = (messages: readonly Message[], pieces: AnswerPart[]): readonly Message[] => pieces.reduce(applyAnswer, messages);

describe('a growing answer', () => {
  it('shows the question at once, gets its id, and grows by deltas', () => {
    const asked = withQuestion(earlier, { text: 'three', replaceFrom: undefined, at });
    expect(asked.at(-1)).toMatchObject({ id: 'pending', role: 'user' });
    const answered = play(asked, [
      { kind: 'started', messageId: 'a3', questionId: 'q3' },
      { kind: 'part', index: 0, part: { kind: 'thinking', text: '' } },
      { kind: 'delta', index: 0, text: 'hm' },
      { kind: 'part', index: 1, part: { kind: 'text', text: '' } },
      { kind: 'delta', index: 1, text: 'dr' },
      { kind: 'delta', index: 1, text: 'ei' },
      { kind: 'part', index: 0, part: { kind: 'thinking', text: 'hm.' } },
      { kind: 'usage', usage },
    ]);
    expect(answered.map(({ id }) => id)).toEqual(['q1', 'a1', 'q2', 'a2', 'q3', 'a3']);
    expect(answered.at(-1)).toMatchObject({ parts: [{ kind: 'thinking', text: 'hm.' }, { kind: 'text', text: 'drei' }], usage });
    expect(answered[1]).toBe(earlier[1]);
  });

  it('drops an edited question and what came after it', () => {
    const asked = withQuestion(earlier, { text: 'zwo', replaceFrom: 'q2', at });
    expect(asked.map(questionText)).toEqual(['one', 'eins', 'zwo']);
  });

  it('ignores deltas for parts that are no text, and pieces without an answer', () => {
    expect(play([said('q', 'user', 'x')], [{ kind: 'delta', index: 0, text: 'y' }]).map(questionText)).toEqual(['x']);
    const tool = { kind: 'tool' as const, id: 't', name: 'plan', title: 'Plan', input: '', state: 'running' as const, summary: '', milliseconds: null };
    const messages = play([said('q', 'user', 'x')], [{ kind: 'started', messageId: 'a', questionId: 'q' }, { kind: 'part', index: 0, part: tool }, { kind: 'delta', index: 0, text: 'y' }]);
    expect(messages.at(-1)?.parts).toEqual([tool]);
  });

  it('ends with main’s own message', () => {
    expect(withMessage(earlier, said('a2', 'assistant', 'zwei!')).map(questionText)).toEqual(['one', 'eins', 'two', 'zwei!']);
  });
});

describe('around answers', () => {
  it('shows the question alone while an answer is made anew', () => {
    expect(beforeAnswer(earlier, 'a2').map(({ id }) => id)).toEqual(['q1', 'a1', 'q2']);
    expect(beforeAnswer(earlier, 'gone')).toBe(earlier);
  });
  it('knows the place of a version among its siblings', () => {
    const { at, count, step } = branchPlace({ id: 'b', siblings: ['a', 'b', 'c'] });
    expect([at, count, step(-1), step(1)]).toEqual([1, 3, 'a', 'c']);
    expect(branchPlace({ id: 'c', siblings: ['a', 'b', 'c'] }).step(1)).toBeNull();
  });
  it('updates a proposal wherever it stands', () => {
    const proposal = { id: 'p', text: 'DELETE', hash: 'h', objects: [], estimatedRows: 1, purpose: '', state: 'pending' as const, result: null };
    const messages = [{ ...said('a', 'assistant', ''), parts: [{ kind: 'proposal' as const, proposal }] }];
    expect(withProposal(messages, { ...proposal, state: 'done' })[0]?.parts[0]).toMatchObject({ proposal: { state: 'done' } });
  });
  it('adds up tokens and money, and does not guess an unknown price', () => {
    expect(totals([{ ...said('a', 'assistant', ''), usage }, { ...said('b', 'assistant', ''), usage }])).toEqual({ tokens: 36, dollars: 0.02 });
    expect(totals([{ ...said('a', 'assistant', ''), usage }, { ...said('b', 'assistant', ''), usage: { ...usage, dollars: null } }]).dollars).toBeNull();
  });
});
