import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelPacket, FrameSplitter, message, readOpening, readParameterStatuses, parameterStatus, startupPacket } from './protocol';
import { ReplyBuffer } from './replyBuffer';

/** Cuts the bytes at the given places. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const messages = fc.array(
  fc.record({ type: fc.constantFrom('Q', 'P', 'B', 'D', 'C', 'T'), body: fc.uint8Array({ maxLength: 300 }) }).map(({ type, body }) => message(type, body)),
  { maxLength: 20 },
);

describe('FrameSplitter', () => {
  it('finds the messages again, however they are cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat()), (sent, places) => {
        const splitter = new FrameSplitter();
        splitter.start();
        const found: Buffer[] = [];
        for (const chunk of cut(Buffer.concat(sent), places)) {
          splitter.push(chunk);
          for (let frame = splitter.next(); frame !== null; frame = splitter.next()) found.push(frame.bytes);
        }
        expect(found.map((bytes) => bytes.toString('hex'))).toEqual(sent.map((bytes) => bytes.toString('hex')));
      }),
    );
  });

  it('reads the packets that open a connection, and refuses what is none', () => {
    const splitter = new FrameSplitter();
    splitter.push(Buffer.concat([startupPacket({ user: 'anna', application_name: 'ä' }), message('Q', Buffer.from('x\0'))]));
    const opening = splitter.next();
    expect(readOpening(opening?.bytes ?? Buffer.alloc(0))).toEqual({ kind: 'startup', parameters: { user: 'anna', application_name: 'ä' } });
    splitter.start();
    expect(splitter.next()?.type).toBe('Q');
    expect(readOpening(cancelPacket(7, -5))).toEqual({ kind: 'cancel', processId: 7, secret: -5 });
    const nonsense = new FrameSplitter();
    nonsense.push(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect(() => nonsense.next()).toThrow(RangeError);
  });

  it('reads parameters', () => {
    expect(readParameterStatuses(Buffer.concat([message('R', Buffer.alloc(4)), parameterStatus('TimeZone', 'UTC'), message('Z', Buffer.from('I'))]))).toEqual({ TimeZone: 'UTC' });
  });
});

describe('ReplyBuffer', () => {
  it('posts whole messages only, all bytes in order, and sees the last status', () => {
    const replies = fc.array(fc.oneof(messages, fc.constant([message('Z', Buffer.from('T'))]), fc.constant([message('D', Buffer.alloc(200_000, 7))])), { maxLength: 6 });
    fc.assert(
      fc.property(replies, fc.array(fc.nat()), (groups, places) => {
        const all = Buffer.concat(groups.flat());
        const posted: Buffer[] = [];
        const buffer = new ReplyBuffer((bytes) => posted.push(Buffer.from(bytes)));
        buffer.begin();
        for (const chunk of cut(all, places)) buffer.add(chunk);
        buffer.flush();
        expect(Buffer.concat(posted).equals(all)).toBe(true);
        for (const part of posted) {
          let offset = 0;
          while (offset < part.length) offset += 1 + part.readInt32BE(offset + 1);
          expect(offset).toBe(part.length);
        }
        expect(buffer.status).toBe(groups.some((group) => group.length === 1 && group[0]?.[0] === 0x5a) ? 'T' : null);
      }),
      { numRuns: 40 },
    );
  });
});
