import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';

/** Asks where to, and writes all connections there without their secrets. */
export async function exportConnections(): Promise<void> {
  try {
    const { path } = await client.application.chooseSavePath({ title: 'Export the connections', defaultName: 'connections.yaml', extension: 'yaml' });
    if (path === null) return;
    const { count } = await client.connections.exportFile({ path });
    showDone(`${count} ${count === 1 ? 'connection was' : 'connections were'} written, without secrets`);
  } catch (error) {
    showError('The connections could not be exported', error);
  }
}
