import type { EndAction, EndStatement, ProcessList } from '../../src-preload/contract/processes';
import type { ConnectionsService } from '../connections/service';
import type { ActivityDriver } from '../drivers/activity';
import { AppError } from '../errors';

/** What the server's processes do. The statements that stop one are only written here; they are sent like any other. */
export interface ProcessesService {
  list(connectionId: string, signal: AbortSignal): Promise<ProcessList>;
  endStatement(connectionId: string, process: { pid: number; startedAt: string }, action: EndAction): Promise<EndStatement>;
}

/** The list is read on one session of its own, which stays open, so that looking every second costs no logins. */
const sessionKey = 'processes';

export function createProcessesService({ connections }: { connections: Pick<ConnectionsService, 'resolve' | 'driver' | 'session'> }): ProcessesService {
  const driverOf = async (connectionId: string): Promise<ActivityDriver> => {
    const profile = await connections.resolve(connectionId);
    const { activity, capabilities } = connections.driver(profile);
    if (activity) return activity;
    throw new AppError('unsupported', `“${profile.name}” has no server processes to look at.`, typeof capabilities.processes === 'string' ? { detail: capabilities.processes } : {});
  };
  return {
    async list(connectionId, signal) {
      const driver = await driverOf(connectionId);
      const connection = await connections.session(connectionId, sessionKey, { applicationName: 'ai-shell processes', signal });
      return driver.list(connection, signal);
    },
    endStatement: async (connectionId, process, action) => (await driverOf(connectionId)).endStatement(process, action),
  };
}
