import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../workers/answer';
import { sortView, type ViewTask } from './sortView';

answer(parentPort, () => ({ total: sortView(workerData as ViewTask) }));
