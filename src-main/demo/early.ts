import { PgliteHosts } from '../drivers/pglite/hosts';
import { createDemoService, type DemoService } from './service';

/** The demo and the databases that this process has open, built before the other services. */
export interface EarlyDemo {
  readonly hosts: PgliteHosts;
  readonly demo: DemoService;
}

/**
 * Opens the demo while nothing else is there yet: PostgreSQL's start takes longer than that of all other services, and runs on a core
 * of its own. `folder` is the program's folder for the demo, `program` names this process to others. How it went is in the demo's status.
 */
export function openDemoEarly(folder: string, program: string): EarlyDemo {
  const hosts = new PgliteHosts(program);
  const demo = createDemoService({ folder, hosts });
  void demo.ensure(new AbortController().signal).catch(() => undefined);
  return { hosts, demo };
}
