import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../workers/answer';
import { chartPoints, type ChartTask } from './chartPoints';
import { copyRows, type CopyTask } from './copyRows';
import { findMatches, type FindTask } from './findMatches';
import { columnStatistics, type StatisticsTask } from './statistics';

type Task = CopyTask | FindTask | StatisticsTask | ChartTask;

function work(task: Task, progress: (rows: number) => void): unknown {
  switch (task.kind) {
    case 'copy':
      return copyRows(task);
    case 'find':
      return findMatches(task, progress);
    case 'statistics':
      return columnStatistics(task, progress);
    case 'chart':
      return chartPoints(task, progress);
  }
}

answer(parentPort, (progress) => work(workerData as Task, progress));
