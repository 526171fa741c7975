import { describe, expect, it } from 'vitest';
import { currentOffset, errorMark, lineAndColumn } from './errorMark';
import { describeDone, RunGatherer, summary } from './runState';

const count = (value: number): string => String(value);
const error = (position?: number) => ({ code: 'server_error' as const, message: 'column "bad" does not exist', ...(position === undefined ? {} : { position }) });

describe('errorMark', () => {
  const statement = { from: 10, to: 25 };

  it('maps an offset of the ran text to the document, over the token there', () => {
    const ran = { text: 'SELECT bad FROM t', offset: 6 };
    expect(errorMark('-- x\n\nSELECT bad FROM t', ran, error(7), { from: 0, to: 17 })).toMatchObject({ from: 13, to: 16 });
  });

  it('finds the text again when something was typed before it, and gives up when it was changed or is there twice', () => {
    const ran = { text: 'SELECT bad', offset: 0 };
    expect(currentOffset('-- new\nSELECT bad', ran)).toBe(7);
    expect(currentOffset('SELECT good', ran)).toBeNull();
    expect(currentOffset('-- SELECT bad\nSELECT bad', { ...ran, offset: 5 })).toBeNull();
  });

  it('marks the first word of the statement without a position, and the last character at the end of the input', () => {
    const text = 'SELECT 1;\n UPDATE t SET x';
    expect(errorMark(text, { text, offset: 0 }, error(), statement)).toMatchObject({ from: 11, to: 17 });
    expect(errorMark(text, { text, offset: 0 }, error(text.length), statement)).toMatchObject({ from: text.length - 1, to: text.length });
  });

  it('tells lines and columns from 1', () => {
    expect(lineAndColumn('a\nbc', 3)).toEqual({ line: 2, column: 2 });
    expect(lineAndColumn('abc', 0)).toEqual({ line: 1, column: 1 });
  });
});

describe('RunGatherer', () => {
  const begin = (gatherer: RunGatherer, index: number, all: number): void => gatherer.add({ kind: 'statement', index, count: all, range: { from: 0, to: 1 }, class: 'read' });

  it('gathers results, notices and outcomes of each statement', () => {
    const gatherer = new RunGatherer();
    begin(gatherer, 0, 2);
    gatherer.add({ kind: 'result', statement: 0, resultId: 'r', columns: [] });
    gatherer.add({ kind: 'progress', resultId: 'r', rows: 5, bytes: 50 });
    expect(gatherer.snapshot().results[0]).toMatchObject({ rows: 5, complete: false });
    gatherer.add({ kind: 'done', statement: 0, resultId: 'r', command: 'SELECT 7', rowsAffected: null, rows: 7, milliseconds: 3 });
    begin(gatherer, 1, 2);
    gatherer.add({ kind: 'notice', statement: 1, notice: { severity: 'NOTICE', message: 'hello' } });
    gatherer.add({ kind: 'failed', statement: 1, error: error(), milliseconds: 1 });
    const log = gatherer.snapshot();
    expect(log.results[0]).toMatchObject({ rows: 7, complete: true, milliseconds: 3 });
    expect(log.statements[1]).toMatchObject({ state: 'failed', notices: [{ message: 'hello' }] });
    expect(summary(log, count)).toBe('1 of 2 done, 1 failed');
  });

  it('never leaves a statement running after the end', () => {
    const gatherer = new RunGatherer();
    begin(gatherer, 0, 3);
    gatherer.end(null);
    expect(gatherer.snapshot().statements[0]?.state).toBe('unknown');
    expect(summary(gatherer.snapshot(), count)).toBe('0 of 3 done, 2 not run');
  });

  it('believes the count of failures where a stopped statement told nothing more', () => {
    const gatherer = new RunGatherer();
    begin(gatherer, 0, 1);
    gatherer.end(1);
    expect(summary(gatherer.snapshot(), count)).toBe('Cancelled');
  });

  it('says what a statement did in words', () => {
    const base = { index: 0, from: 0, to: 1, class: 'write' as const, state: 'done' as const, milliseconds: 1, error: null, notices: [], rows: 0, resultId: null };
    expect(describeDone({ ...base, command: 'INSERT 0 1', rowsAffected: 1 }, count)).toBe('INSERT, 1 row affected');
    expect(describeDone({ ...base, command: 'SELECT 2', rowsAffected: null, rows: 2, resultId: 'r' }, count)).toBe('SELECT, 2 rows');
    expect(describeDone({ ...base, command: 'CREATE TABLE', rowsAffected: null }, count)).toBe('CREATE TABLE');
  });
});
