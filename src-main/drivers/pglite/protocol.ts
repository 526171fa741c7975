/**
 * The few parts of PostgreSQL's frontend/backend protocol, version 3, that the owner of an embedded database speaks itself
 * (PostgreSQL manual, "Message Formats"); everything else is passed on as bytes.
 */

/** Transaction status as ReadyForQuery has it: idle, in a transaction, in a failed transaction. */
export type WireStatus = 'I' | 'T' | 'E';

/** A message from a client: `type` is its code, empty for the packets without one that open a connection. */
export interface Frame {
  readonly type: string;
  /** The whole message, code and length included. */
  readonly bytes: Buffer;
}

export interface Startup {
  readonly kind: 'startup';
  readonly parameters: Readonly<Record<string, string>>;
}
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly processId: number;
  readonly secret: number;
}
/** The client asks for TLS or GSSAPI first; the answer is the byte `N`. */
interface EncryptionRequest {
  readonly kind: 'encryption';
}

const protocol3 = 196_608;
const cancelCode = 80_877_102;
const encryptionCodes = [80_877_103, 80_877_104];
/** PostgreSQL's own limit of a startup packet. */
const maxStartupLength = 10_000;
/** PostgreSQL's limit of one allocation, which bounds a message. */
const maxFrameLength = 0x3fff_ffff;

/** Cuts the bytes of a client into messages; throws a RangeError on a length that no message has. */
export class FrameSplitter {
  private chunks: Buffer[] = [];
  private length = 0;
  private started = false;

  /** Messages are typed from now on. */
  start(): void {
    this.started = true;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  /** The next whole message, or null until more bytes come. */
  next(): Frame | null {
    const header = this.started ? 5 : 4;
    if (this.length < header) return null;
    const head = this.peek(header);
    const declared = head.readUInt32BE(header - 4);
    if (declared < 4 || declared > (this.started ? maxFrameLength : maxStartupLength)) {
      throw new RangeError(`A message of ${declared} bytes is no PostgreSQL message.`);
    }
    const total = declared + header - 4;
    if (this.length < total) return null;
    const all = this.peek(total);
    const bytes = all.subarray(0, total);
    this.chunks = all.length > total ? [all.subarray(total), ...this.chunks.slice(1)] : this.chunks.slice(1);
    this.length -= total;
    return { type: this.started ? String.fromCharCode(bytes[0] ?? 0) : '', bytes };
  }

  /** The first chunk, joined with as many others as it takes to hold `size` bytes. */
  private peek(size: number): Buffer {
    let count = 0;
    let have = 0;
    while (have < size) {
      have += this.chunks[count]?.length ?? 0;
      count += 1;
    }
    if (count > 1) this.chunks = [Buffer.concat(this.chunks.slice(0, count)), ...this.chunks.slice(count)];
    return this.chunks[0] ?? Buffer.alloc(0);
  }
}

/** Reads a packet without a code; throws a RangeError for any other protocol. */
export function readOpening(packet: Buffer): Startup | CancelRequest | EncryptionRequest {
  const code = packet.length >= 8 ? packet.readInt32BE(4) : 0;
  if (encryptionCodes.includes(code)) return { kind: 'encryption' };
  if (code === cancelCode && packet.length === 16) return { kind: 'cancel', processId: packet.readInt32BE(8), secret: packet.readInt32BE(12) };
  if (code !== protocol3) throw new RangeError(`Protocol ${code >>> 16}.${code & 0xffff} is not spoken here.`);
  const parts = packet.toString('utf8', 8).split('\0');
  const parameters: Record<string, string> = {};
  for (let index = 0; index + 1 < parts.length && parts[index] !== ''; index += 2) parameters[parts[index] ?? ''] = parts[index + 1] ?? '';
  return { kind: 'startup', parameters };
}

/** One message: its code, its length, its body. */
export function message(type: string, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function simpleQuery(text: string): Buffer {
  return message('Q', Buffer.from(`${text}\0`));
}

export function startupPacket(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`).join('');
  return untyped(protocol3, Buffer.from(`${body}\0`));
}

export function cancelPacket(processId: number, secret: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeInt32BE(processId, 0);
  body.writeInt32BE(secret, 4);
  return untyped(cancelCode, body);
}

export function readyForQuery(status: WireStatus): Buffer {
  return message('Z', Buffer.from(status));
}

/** BackendKeyData: what a later CancelRequest must name. */
export function backendKey(processId: number, secret: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeInt32BE(processId, 0);
  body.writeInt32BE(secret, 4);
  return message('K', body);
}

export function parameterStatus(name: string, value: string): Buffer {
  return message('S', Buffer.from(`${name}\0${value}\0`));
}

/** AuthenticationOk. */
export function authenticationOk(): Buffer {
  return message('R', Buffer.alloc(4));
}

export interface WireError {
  readonly severity: 'ERROR' | 'FATAL';
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

export function errorResponse(error: WireError): Buffer {
  const fields: [string, string | undefined][] = [
    ['S', error.severity],
    ['V', error.severity],
    ['C', error.code],
    ['M', error.message],
    ['D', error.detail],
    ['H', error.hint],
  ];
  const text = fields.map(([field, value]) => (value === undefined ? '' : `${field}${value}\0`)).join('');
  return message('E', Buffer.from(`${text}\0`));
}

/** The ParameterStatus messages among a server's answer to a startup packet. */
export function readParameterStatuses(bytes: Buffer): Record<string, string> {
  const found: Record<string, string> = {};
  for (let offset = 0; offset + 5 <= bytes.length; offset += 1 + bytes.readInt32BE(offset + 1)) {
    if (bytes[offset] !== 0x53) continue;
    const [name = '', value = ''] = bytes.toString('utf8', offset + 5, offset + 1 + bytes.readInt32BE(offset + 1)).split('\0');
    found[name] = value;
  }
  return found;
}

function untyped(code: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, body]);
}
