import type { EndAction, EndStatement, ProcessList } from '../../src-preload/contract/processes';
import type { Connection } from './driver';

/** What the server's processes do right now, and the statements that stop them. */
export interface ActivityDriver {
  list(connection: Connection, signal: AbortSignal): Promise<ProcessList>;
  /** Pure. It matches the process by number and start, so that a later process of the same number is never hit. */
  endStatement(process: { pid: number; startedAt: string }, action: EndAction): EndStatement;
}
