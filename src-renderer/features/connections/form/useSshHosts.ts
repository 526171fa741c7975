import { useEffect, useState } from 'react';
import { client } from '../../../client';

type SshHost = Awaited<ReturnType<typeof client.connections.sshHosts>>[number];

/** The hosts of `~/.ssh/config`; none while they are read, and when they cannot be. */
export function useSshHosts(): readonly SshHost[] {
  const [hosts, setHosts] = useState<readonly SshHost[]>([]);
  useEffect(() => {
    client.connections.sshHosts(undefined).then(setHosts, () => setHosts([]));
  }, []);
  return hosts;
}
