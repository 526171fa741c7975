import { describe, expect, it } from 'vitest';
import { dollarsOf } from './prices';

const tokens = { input: 1_000_000, output: 1_000_000, cacheRead: 1_000_000, cacheWrite: 1_000_000 };

describe('dollarsOf', () => {
  it('adds input, output, cache reads and cache writes at their own rates', () => {
    expect(dollarsOf('claude-opus-5-5', tokens)).toBeCloseTo(4 + 20 + 0.2 + 5, 10);
  });

  it('knows no price of a model that is not in the table', () => {
    expect(dollarsOf('llama-local', tokens)).toBeNull();
  });

  it('reads a dated id as its model', () => {
    expect(dollarsOf('claude-haiku-4-5-20251001', { input: 1_000_000, output: 0, cacheRead: 0, cacheWrite: 0 })).toBe(1);
  });

  it('charges the whole request more once the prompt, cache included, passes the threshold', () => {
    expect(dollarsOf('claude-haiku-5-5', { input: 50_000, output: 1000, cacheRead: 50_000, cacheWrite: 0 })).toBeCloseTo(0.005 + 0.0005 + 0.0005, 10);
    expect(dollarsOf('claude-haiku-5-5', { input: 50_001, output: 1000, cacheRead: 50_000, cacheWrite: 0 })).toBeCloseTo(0.0250005 + 0.0025 + 0.0025, 10);
  });
});
