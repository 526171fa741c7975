import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../workers/answer';
import { writeExport, type ExportTask } from './writeExport';

answer(parentPort, (progress) => ({ rows: writeExport(workerData as ExportTask, progress) }));
