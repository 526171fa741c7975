import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDollars, formatDuration, relativeTime } from './format';

describe('numbers for people', () => {
  it.each([[0, '0 B'], [812, '812 B'], [1024, '1.00 kB'], [1_269_000, '1.21 MB'], [10_737_418_240, '10.0 GB'], [999.6 * 1024, '0.98 MB']])('%d bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
  it.each([[0.4, '0.4 ms'], [312.4, '312 ms'], [999.6, '1.00 s'], [1240, '1.24 s'], [185_000, '3 min 05 s'], [7_500_000, '2 h 05 min']])('%d milliseconds', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
  it.each([[0, '$0'], [0.00001, '< $0.0001'], [0.0042, '$0.0042'], [1.273, '$1.27']])('%d dollars', (dollars, text) => {
    expect(formatDollars(dollars)).toBe(text);
  });
  it('groups thousands', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
  });
});

describe('times', () => {
  const now = Date.parse('2026-03-12T12:00:00Z');
  it.each([
    ['2026-03-12T11:59:30Z', 'just now'],
    ['2026-03-12T11:56:00Z', '4 min ago'],
    ['2026-03-12T09:00:00Z', '3 h ago'],
    ['2026-03-11T10:00:00Z', 'yesterday'],
    ['2026-03-09T10:00:00Z', '3 days ago'],
    ['2025-12-01T12:00:00Z', '1 Dec 2025'],
    ['nonsense', 'nonsense'],
  ])('%s', (iso, text) => {
    expect(relativeTime(iso, now)).toBe(text);
  });
});
