import { parentPort, workerData } from 'node:worker_threads';
import { toAppError } from '../errors';
import { fileError } from './fileError';
import { encodeRows } from './reading/encodeRows';
import { inspectFile, scanFile } from './reading/inspectFile';
import { openReader } from './reading/openReader';
import { piecesInFlight, type ReaderMessage, type ReaderTask } from './reading/tasks';

const progressEveryMs = 100;
const task = workerData as ReaderTask;
let credit = piecesInFlight;
let wake: (() => void) | null = null;
parentPort?.on('message', () => {
  credit += 1;
  wake?.();
});

function send(message: ReaderMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

async function read(order: Extract<ReaderTask, { kind: 'read' }>): Promise<null> {
  const reader = await openReader(order.source, order.fileColumns);
  try {
    for await (const batch of reader.batches()) {
      while (credit === 0) await new Promise<void>((resolve) => (wake = resolve));
      credit -= 1;
      const encoded = encodeRows(batch, order.wanted, order.form, order.fileColumns);
      const piece = { ...encoded, position: reader.position, size: reader.size };
      send({ kind: 'piece', piece }, encoded.copy && encoded.copy.byteLength === encoded.copy.buffer.byteLength ? [encoded.copy.buffer as ArrayBuffer] : []);
    }
    return null;
  } finally {
    reader.close();
  }
}

async function work(): Promise<void> {
  try {
    let told = 0;
    const progress = (bytes: number, size: number, rows: number): void => {
      if (performance.now() - told < progressEveryMs) return;
      told = performance.now();
      send({ kind: 'progress', bytes, size, rows });
    };
    const result = task.kind === 'inspect' ? await inspectFile(task.source) : task.kind === 'scan' ? await scanFile(task.source, progress) : await read(task);
    send({ kind: 'done', result });
  } catch (error) {
    send({ kind: 'failed', error: toAppError(fileError(task.source.path, error)).data });
  }
  parentPort?.close();
}

void work();
