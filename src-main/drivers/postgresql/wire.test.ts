import { Duplex } from 'node:stream';
import fc from 'fast-check';
import type { BackendMessage, CommandCompleteMessage } from 'pg-protocol/dist/messages.js';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeRows } from '../rows';
import { Wire } from './wire';

/** A stream that gives out what it is told to, and swallows what is written. */
function source(chunks: readonly Buffer[]): Duplex {
  const left = [...chunks];
  return new Duplex({
    read() {
      this.push(left.shift() ?? null);
    },
    write(_chunk, _encoding, done) {
      done();
    },
  });
}

function commandComplete(tag: string): Buffer {
  const body = Buffer.from(`${tag}\0`);
  const head = Buffer.alloc(5);
  head.write('C');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Everything that came over the wire, in order: a row as its cells, any other message as its tag. */
function receive(chunks: readonly Buffer[], pauses: boolean): Promise<{ seen: unknown[]; ended: boolean }> {
  return new Promise((resolve) => {
    const wire = new Wire(source(chunks), { user: 'u', database: 'd', applicationName: 'a' });
    const seen: unknown[] = [];
    let busy = false;
    wire.takeOver({
      message: (message: BackendMessage) => {
        expect(busy).toBe(false);
        seen.push((message as CommandCompleteMessage).text);
      },
      rows: (bytes, count) => {
        expect(busy).toBe(false);
        // A batch must stay what it is after the next chunk has come.
        const index = seen.push(null) - 1;
        if (!pauses) {
          seen.splice(index, 1, ...decodeBatch({ bytes, count }));
          return undefined;
        }
        busy = true;
        return new Promise<void>((done) =>
          setImmediate(() => {
            busy = false;
            seen.splice(index, 1, ...decodeBatch({ bytes, count }));
            done();
          }),
        );
      },
      ended: (error) => resolve({ seen, ended: error === null }),
    });
    wire.connect();
  });
}

const message = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 30 }), { nil: null }), { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('A', 'D', ' ', '7'), maxLength: 20 }) },
);

describe('the wire', () => {
  it('brings rows and messages whole and in order, however the network cuts them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 30 }),
        fc.array(fc.nat(2000), { maxLength: 60 }),
        fc.boolean(),
        async (sent, cuts, pauses) => {
          const bytes = Buffer.concat(
            sent.map((item) => (typeof item === 'string' ? commandComplete(item) : Buffer.from(encodeRows([item]).bytes))),
          );
          const borders = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const chunks = borders
            .slice(1)
            .map((end, index) => bytes.subarray(borders[index], end))
            .filter((chunk) => chunk.length > 0);
          expect(await receive(chunks, pauses)).toEqual({ seen: sent, ended: true });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('puts a message of many chunks together once', async () => {
    const cell = 'x'.repeat(1_000_000);
    const bytes = Buffer.from(
      encodeRows([
        ['a', cell],
        ['b', null],
      ]).bytes,
    );
    const chunks = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, index) => bytes.subarray(index * 4096, (index + 1) * 4096));
    expect((await receive(chunks, false)).seen).toEqual([
      ['a', cell],
      ['b', null],
    ]);
  });

  it('hands on the rows of a chunk without copying them', async () => {
    const chunk = Buffer.concat([Buffer.from(encodeRows([['a'], ['b'], ['c']]).bytes), commandComplete('SELECT 3')]);
    const batches: Buffer[] = [];
    await new Promise<void>((resolve) => {
      const wire = new Wire(source([chunk]), { user: 'u', database: 'd', applicationName: 'a' });
      wire.takeOver({ message: () => undefined, rows: (bytes) => void batches.push(bytes), ended: () => resolve() });
      wire.connect();
    });
    expect(batches.map(({ buffer, length }) => [buffer === chunk.buffer, length])).toEqual([[true, 3 * 12]]);
  });
});
