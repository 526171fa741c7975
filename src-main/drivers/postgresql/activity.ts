import type { EndAction, ProcessList, ServerProcess } from '../../../src-preload/contract/processes';
import { quoteLiteral } from '../../../src-preload/contract/sqlNames';
import type { ActivityDriver } from '../activity';
import type { Connection } from '../driver';
import { readObjects } from './introspect/read';

/** What a person can run in an editor to see the same. */
const query = `SELECT a.pid, a.backend_start::text AS "startedAt", a.usename::text AS "user", a.datname::text AS database,
  coalesce(a.application_name, '') AS application, coalesce(host(a.client_addr), CASE WHEN a.client_port = -1 THEN 'local' END) AS client,
  coalesce(a.backend_type, 'hidden') AS kind, a.state,
  extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change)::float8 AS "stateSeconds",
  CASE WHEN a.state = 'active' THEN extract(epoch FROM pg_catalog.clock_timestamp() - a.query_start)::float8 END AS "querySeconds",
  extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS "transactionSeconds",
  a.wait_event_type AS "waitType", a.wait_event AS "waitEvent", left(a.query, 20000) AS query,
  CASE WHEN a.wait_event_type = 'Lock' OR a.state IS NULL THEN pg_catalog.pg_blocking_pids(a.pid) ELSE '{}' END AS "blockedBy",
  coalesce(a.application_name LIKE 'ai-shell %', false) AS own,
  coalesce((SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = a.usesysid), false) AS superuser
FROM pg_catalog.pg_stat_activity a
WHERE a.pid <> pg_catalog.pg_backend_pid()
ORDER BY a.backend_type <> 'client backend', a.state = 'active' DESC, a.query_start NULLS LAST, a.pid`;

interface Rights {
  readonly superuser: boolean;
  readonly readsAll: boolean;
  readonly signalsAll: boolean;
  /** Roles that this one is a member of. */
  readonly memberOf: string[];
  readonly used: number;
  readonly allowed: number;
  readonly at: string;
}

const rights = `SELECT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
  pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS "readsAll", pg_catalog.pg_has_role('pg_signal_backend', 'USAGE') AS "signalsAll",
  ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE')) AS "memberOf",
  (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend' OR backend_type IS NULL) AS used,
  current_setting('max_connections')::int AS allowed, pg_catalog.clock_timestamp()::text AS at`;

/** Processes of PostgreSQL 12 and newer. */
export const postgresqlActivity: ActivityDriver = {
  async list(connection: Connection, signal): Promise<ProcessList> {
    const reader = { connection, signal };
    const [may] = await readObjects<Rights>(reader, rights);
    const rows = await readObjects<Omit<ServerProcess, 'signalable'>>(reader, query);
    const signals = (row: Omit<ServerProcess, 'signalable'>): boolean =>
      row.kind === 'client backend' && (may?.superuser === true || (!row.superuser && (may?.signalsAll === true || (row.user !== null && may?.memberOf.includes(row.user) === true))));
    return {
      at: may?.at ?? '',
      processes: rows.map((row) => ({ ...row, signalable: signals(row) })),
      connections: { used: may?.used ?? rows.length, allowed: may?.allowed ?? 0 },
      limits: may ? limitsOf(may) : [],
      statement: query,
    };
  },
  endStatement({ pid, startedAt }, action: EndAction) {
    const call = action === 'cancel' ? 'pg_cancel_backend' : 'pg_terminate_backend';
    return { text: `SELECT pg_catalog.${call}(pid) FROM pg_catalog.pg_stat_activity WHERE pid = ${Math.trunc(pid)} AND backend_start = ${quoteLiteral(startedAt)}`, answers: true };
  },
};

function limitsOf(may: Rights): string[] {
  const found: string[] = [];
  if (!may.superuser && !may.readsAll) found.push('This role sees the statements and states of its own sessions only. A superuser can change that: GRANT pg_monitor TO it.');
  if (!may.superuser && !may.signalsAll) found.push('This role can cancel and end its own sessions only. A superuser can change that: GRANT pg_signal_backend TO it.');
  else if (!may.superuser) found.push('Sessions of superusers can be cancelled and ended by superusers only.');
  return found;
}
