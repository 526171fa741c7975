import type { ConnectionsService } from '../connections/service';
import type { Places } from '../drivers/introspect';
import { AppError } from '../errors';

/** Reads them on a session that is closed afterwards, where the engine allows more than one, else on the browsing session. */
export async function readPlaces(connections: ConnectionsService, connectionId: string, signal: AbortSignal): Promise<Places> {
  const profile = await connections.resolve(connectionId);
  const { introspect, capabilities } = connections.driver(profile);
  if (!introspect) throw new AppError('unsupported', `“${profile.name}” cannot be browsed.`, { detail: String(capabilities.introspect) });
  return connections.withSession(profile.id, { applicationName: 'ai-shell browser', signal }, (connection) => introspect.places(connection, signal));
}
