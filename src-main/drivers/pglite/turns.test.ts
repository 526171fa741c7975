import { describe, expect, it, vi } from 'vitest';
import { HeldByTransaction, Turns } from './turns';

const [one, two, three] = [{ name: 'one' }, { name: 'two' }, { name: 'three' }];

describe('Turns', () => {
  it('hands the backend on in the order of asking', async () => {
    const turns = new Turns<object>();
    const order: string[] = [];
    await turns.acquire(one);
    const second = turns.acquire(two).then(() => order.push('two'));
    const third = turns.acquire(three).then(() => order.push('three'));
    turns.release(one, false);
    await second;
    expect(turns.holds(two)).toBe(true);
    expect(order).toEqual(['two']);
    turns.release(two, false);
    await third;
    expect(order).toEqual(['two', 'three']);
  });

  it('lets those in line wait for a transaction that goes on at once, and refuses them when it pauses', async () => {
    vi.useFakeTimers();
    const turns = new Turns<object>();
    await turns.acquire(one);
    const waiting = turns.acquire(two);
    turns.release(one, true);
    vi.advanceTimersByTime(100);
    await turns.acquire(one);
    vi.advanceTimersByTime(1000);
    turns.release(one, true);
    vi.advanceTimersByTime(1000);
    await expect(waiting).rejects.toBeInstanceOf(HeldByTransaction);
    await expect(turns.acquire(three)).rejects.toMatchObject({ holder: one });
    await turns.acquire(one);
    turns.release(one, false);
    await turns.acquire(three);
    vi.useRealTimers();
  });

  it('takes one out of the line', async () => {
    const turns = new Turns<object>();
    await turns.acquire(one);
    const waiting = turns.acquire(two);
    expect(turns.withdraw(two, new Error('cancelled'))).toBe(true);
    expect(turns.withdraw(two, new Error('cancelled'))).toBe(false);
    await expect(waiting).rejects.toThrow('cancelled');
    turns.release(one, false);
    await turns.acquire(three);
  });
});
