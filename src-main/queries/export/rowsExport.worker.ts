import { parentPort, workerData } from 'node:worker_threads';
import { answerLater } from '../workers/answer';
import { writeSentRows, writeStoredRows, type ExportTask } from './writeRows';

const task = workerData as ExportTask;
void answerLater(parentPort, (send) => {
  if (!parentPort) throw new Error('This is no worker.');
  return task.source === null ? writeSentRows(task.plan, parentPort, send) : writeStoredRows(task.plan, task.source, parentPort, send);
});
