import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { Dispatcher, type AllHandlers, type Caller } from './dispatcher';

function setUp(member: (input: never, context: { signal: AbortSignal; emit(part: unknown): void }) => unknown) {
  const errors: AppError[] = [];
  const parts: unknown[] = [];
  const handlers = { documents: { remove: member }, queries: { run: member } } as unknown as AllHandlers;
  const dispatcher = new Dispatcher(handlers, { onError: (error) => errors.push(error), redact: (text) => text.replaceAll('hunter22', '***') });
  const caller: Caller = { key: 'w1', part: (id, part) => parts.push([id, part]) };
  const remove = (input: unknown) => dispatcher.request({ id: 1, feature: 'documents', member: 'remove', input }, caller);
  return { dispatcher, caller, errors, parts, remove };
}

describe('Dispatcher', () => {
  it('hands the checked input to the handler and returns its value', async () => {
    const { remove } = setUp((input) => ({ got: input }));
    expect(await remove({ id: 'a', extra: true })).toEqual({ ok: true, value: { got: { id: 'a' } } });
  });

  it('answers unusable input with a named error that says which field', async () => {
    const { remove } = setUp(() => undefined);
    expect(await remove({ id: 7 })).toMatchObject({ ok: false, error: { code: 'bad_input', detail: expect.stringContaining('id:') as string } });
  });

  it.each([['nope', 'x'], ['documents', 'nope'], ['documents', 'constructor'], ['__proto__', 'x'], ['jobs', 'changed']])('refuses %s.%s', async (feature, member) => {
    const { dispatcher, caller } = setUp(() => undefined);
    expect(await dispatcher.request({ id: 1, feature, member, input: undefined }, caller)).toMatchObject({ ok: false, error: { code: 'bad_input' } });
  });

  it('refuses an envelope that is none', async () => {
    const { dispatcher, caller } = setUp(() => undefined);
    expect(await dispatcher.request('nonsense', caller)).toMatchObject({ ok: false, error: { code: 'bad_input' } });
  });

  it('carries an abort to the handler, and aborts all when the window is gone', async () => {
    const waits = (_input: never, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.'))));
    const { dispatcher, remove } = setUp(waits);
    const first = remove({ id: 'a' });
    dispatcher.abort('another', 1);
    dispatcher.abort('w1', 1);
    expect(await first).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const second = remove({ id: 'a' });
    dispatcher.callerGone('w1');
    expect(await second).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  it('sends parts to the caller, after an abort too, for they tell how the work ended', async () => {
    const { dispatcher, caller, parts } = setUp((_input, { emit }) => {
      emit('one');
      dispatcher.abort('w1', 9);
      emit('two');
    });
    const input = { connectionId: 'c', sessionKey: 's', text: 'select 1' };
    await dispatcher.request({ id: 9, feature: 'queries', member: 'run', input }, caller);
    expect(parts).toEqual([
      [9, 'one'],
      [9, 'two'],
    ]);
  });

  it('reports a defect to the log and keeps secrets and stacks out of the answer', async () => {
    const { remove, errors } = setUp(() => {
      throw new TypeError('cannot use hunter22');
    });
    const reply = await remove({ id: 'a' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal', message: 'cannot use ***' } });
    expect(JSON.stringify(reply)).not.toContain('dispatcher.test');
    expect(errors).toHaveLength(1);
  });
});
