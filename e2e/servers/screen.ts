import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { deflateSync } from 'node:zlib';

/** What a screen shows: rows from the top, three bytes (red, green, blue) a pixel. */
export interface ScreenPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** An X server of our own whose picture can be read from outside, for programs that nothing can drive. */
export interface Screen {
  /** Such as `:7`, for DISPLAY. */
  readonly display: string;
  picture(): ScreenPicture;
  stop(): void;
}

/** Starts Xvfb with its picture in a file. Rejects when it is not installed. */
export async function startScreen(width = 1280, height = 800): Promise<Screen> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-screen-'));
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-fbdir', folder], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error('Xvfb ended at once')));
    (server.stdio[3] as Readable).once('data', (data: Buffer) => resolve(`:${data.toString().trim()}`));
  });
  return {
    display,
    picture: () => decodeXwd(readFileSync(path.join(folder, 'Xvfb_screen0'))),
    stop() {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Reads an X window dump of 32 bits a pixel. Source: X11/XWDFile.h: a header of 25 big-endian words, a colour map, then the rows. */
function decodeXwd(file: Buffer): ScreenPicture {
  const word = (index: number): number => file.readUInt32BE(index * 4);
  const [headerSize, width, height, bitsPerPixel, bytesPerLine, colours] = [word(0), word(4), word(5), word(11), word(12), word(19)] as [number, number, number, number, number, number];
  if (bitsPerPixel !== 32) throw new Error(`The screen has ${bitsPerPixel} bits a pixel; 32 are expected.`);
  const pixels = file.subarray(headerSize + colours * 12);
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = y * bytesPerLine + x * 4;
      const to = (y * width + x) * 3;
      rgb[to] = pixels[from + 2] ?? 0;
      rgb[to + 1] = pixels[from + 1] ?? 0;
      rgb[to + 2] = pixels[from] ?? 0;
    }
  }
  return { width, height, rgb };
}

/** How much of a picture its most frequent colour does not cover, from 0 to 1: an empty window has almost nothing. */
export function drawnShare({ width, height, rgb }: ScreenPicture): number {
  const counts = new Map<number, number>();
  for (let offset = 0; offset < rgb.length; offset += 3) {
    const colour = rgb.readUIntBE(offset, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return 1 - Math.max(...counts.values()) / (width * height);
}

/** Writes a picture for somebody to look at. Source: the PNG specification, chunks IHDR, IDAT and IEND, filter 0 on each row. */
export function writePng(file: string, { width, height, rgb }: ScreenPicture): void {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1) rgb.copy(rows, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
