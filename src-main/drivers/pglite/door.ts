import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';

/** Bytes of the token, which opens every connection; behind it PostgreSQL's protocol begins. */
const tokenBytes = 32;
/** The shortest limit of a Unix socket's path (macOS), its closing zero included. */
const maxSocketPath = 104;
const handshakeMs = 5000;

/** Where other processes of the same person reach the owner of a folder: a Unix socket in a private folder, or a named pipe. */
export interface Door {
  readonly path: string;
  readonly token: string;
  close(): Promise<void>;
}

/** Opens a door and hands on every stream that showed the token. Rejects with the system's error. */
export async function openDoor(accept: (stream: Duplex) => void): Promise<Door> {
  const token = randomBytes(tokenBytes);
  const place = doorPlace();
  const streams = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    streams.add(socket);
    socket.on('close', () => streams.delete(socket));
    // What breaks a connection is told by its close.
    socket.on('error', () => socket.destroy());
    void readToken(socket).then((shown) => {
      if (shown !== null && timingSafeEqual(digest(shown), digest(token))) accept(socket);
      else socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place.path, resolve);
  });
  server.unref();
  return {
    path: place.path,
    token: token.toString('hex'),
    async close() {
      // Otherwise a process with nothing else to do would end before the door is shut.
      server.ref();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of streams) socket.destroy();
      await closed;
      place.remove();
    },
  };
}

/** Connects to another process's door. Rejects with the system's error when nobody listens there. */
export function knock(door: { path: string; token: string }): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = net.createConnection(door.path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.write(Buffer.from(door.token, 'hex'));
      resolve(socket);
    });
  });
}

function readToken(socket: net.Socket): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const finish = (token: Buffer | null): void => {
      clearTimeout(timer);
      socket.off('readable', read);
      socket.off('close', gone);
      resolve(token);
    };
    const gone = (): void => finish(null);
    const read = (): void => {
      const token = socket.read(tokenBytes) as Buffer | null;
      if (token) finish(token.length === tokenBytes ? token : null);
    };
    const timer = setTimeout(gone, handshakeMs);
    socket.on('readable', read);
    socket.on('close', gone);
  });
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function doorPlace(): { path: string; remove: () => void } {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\ai-shell-${randomBytes(16).toString('hex')}`, remove: () => undefined };
  }
  const bases = [process.env.XDG_RUNTIME_DIR, os.tmpdir(), '/tmp'];
  const suffix = '/ai-shell-XXXXXX/door';
  const base = bases.find((folder) => folder !== undefined && path.isAbsolute(folder) && Buffer.byteLength(folder + suffix) < maxSocketPath);
  // mkdtemp makes the folder for this person alone (0700), so that nobody else can reach or replace the socket.
  const folder = mkdtempSync(path.join(base ?? '/tmp', 'ai-shell-'));
  return { path: path.join(folder, 'door'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
