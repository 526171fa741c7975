import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSaver } from './saver';

/** A store whose writes end when the test says so. */
function slowStore() {
  const written: string[] = [];
  const open: { value: string; end(): void; fail(): void }[] = [];
  const write = (value: string): Promise<void> =>
    new Promise((resolve, reject) => {
      open.push({
        value,
        end: () => {
          written.push(value);
          resolve();
        },
        fail: () => reject(new Error('disk full')),
      });
    });
  return { write, written, open };
}

describe('createSaver', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const events = () => ({ onSaved: vi.fn(), onFailed: vi.fn() });

  it('writes the newest value once after the delay, and is not put off by more typing', async () => {
    const { write, open } = slowStore();
    const saver = createSaver(write, events());
    saver.schedule('a', 'h', 250);
    await vi.advanceTimersByTimeAsync(200);
    saver.schedule('a', 'hello', 250);
    await vi.advanceTimersByTimeAsync(50);
    expect(open.map((item) => item.value)).toEqual(['hello']);
  });

  it('never runs two writes of one key at once, and writes what came meanwhile afterwards', async () => {
    const { write, open, written } = slowStore();
    const saver = createSaver(write, events());
    saver.schedule('a', '1', 0);
    saver.schedule('a', '2', 0);
    saver.schedule('a', '3', 0);
    await vi.advanceTimersByTimeAsync(0);
    expect(open).toHaveLength(1);
    open[0]?.end();
    await vi.advanceTimersByTimeAsync(0);
    open[1]?.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(written).toEqual(['1', '3']);
    expect(saver.pending()).toBe(false);
  });

  it('keeps a value whose write failed and tries again, unless a newer one came', async () => {
    const { write, open, written } = slowStore();
    const told = events();
    const saver = createSaver(write, told);
    saver.schedule('a', 'text', 0);
    await vi.advanceTimersByTimeAsync(0);
    open[0]?.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.onFailed).toHaveBeenCalledOnce();
    expect(saver.pending()).toBe(true);
    await vi.advanceTimersByTimeAsync(2_000);
    open[1]?.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(written).toEqual(['text']);
    expect(told.onSaved).toHaveBeenCalledOnce();
  });

  it('flushes at once, and finishes a key after its running write without writing it again', async () => {
    const { write, open } = slowStore();
    const saver = createSaver(write, events());
    saver.schedule('a', 'x', 10_000);
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(open).toHaveLength(1);
    saver.schedule('a', 'y', 10_000);
    const removed: string[] = [];
    const finished = saver.finish('a', () => Promise.resolve(void removed.push('a')));
    await vi.advanceTimersByTimeAsync(0);
    expect(removed).toEqual([]);
    open[0]?.end();
    await Promise.all([flushed, finished]);
    expect(removed).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(open).toHaveLength(1);
  });
});
