import type { EndAction, ProcessList, ServerProcess } from '../../../src-preload/contract/processes';
import type { ActivityDriver } from '../activity';
import { mysqlSession, type MysqlSession } from './session';

/** What a person can run in an editor to see the same. Sessions of one account are the only ones whose program the server names to everybody. */
const query = `SELECT p.ID, p.USER, p.HOST, p.DB, p.COMMAND, p.TIME, p.STATE, LEFT(p.INFO, 20000) AS INFO,
  TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS transaction_seconds, a.ATTR_VALUE AS program
FROM information_schema.PROCESSLIST p
LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
LEFT JOIN performance_schema.session_account_connect_attrs a ON a.PROCESSLIST_ID = p.ID AND a.ATTR_NAME = 'program_name'
WHERE p.ID <> CONNECTION_ID()
ORDER BY p.COMMAND = 'Sleep', p.TIME DESC, p.ID`;

/** INNODB_TRX wants the right PROCESS; without it the server would refuse the whole list. */
const queryOfOwn = `SELECT p.ID, p.USER, p.HOST, p.DB, p.COMMAND, p.TIME, p.STATE, LEFT(p.INFO, 20000) AS INFO, NULL AS transaction_seconds, a.ATTR_VALUE AS program
FROM information_schema.PROCESSLIST p
LEFT JOIN performance_schema.session_account_connect_attrs a ON a.PROCESSLIST_ID = p.ID AND a.ATTR_NAME = 'program_name'
WHERE p.ID <> CONNECTION_ID()
ORDER BY p.COMMAND = 'Sleep', p.TIME DESC, p.ID`;

const rights = `SELECT
  (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = me.grantee AND PRIVILEGE_TYPE IN ('PROCESS', 'SUPER')),
  (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = me.grantee AND PRIVILEGE_TYPE IN ('CONNECTION_ADMIN', 'CONNECTION ADMIN', 'SUPER')),
  (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = me.grantee AND PRIVILEGE_TYPE = 'SUPER'),
  @@max_connections, CAST(NOW(6) AS CHAR), SUBSTRING_INDEX(CURRENT_USER(), '@', 1)
FROM (SELECT CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''') AS grantee) me`;

const waits = { mysql: 'SELECT w.waiting_pid, w.blocking_pid FROM sys.innodb_lock_waits w', mariadb: 'SELECT r.trx_mysql_thread_id, b.trx_mysql_thread_id FROM information_schema.INNODB_LOCK_WAITS w JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id' };

/** Commands of the server's own threads. */
const background = new Set(['Daemon', 'Binlog Dump', 'Binlog Dump GTID', 'Slave_IO', 'Slave_SQL', 'Slave_worker']);

/** Processes of MySQL 8 and MariaDB 10.6, and newer. A process's number is given once in the life of the server, so it alone names one. */
export const mysqlActivity: ActivityDriver = {
  async list(connection, signal): Promise<ProcessList> {
    const session = mysqlSession(connection);
    const [may = []] = await session.readRows(rights, signal);
    const [seesAll, endsAll] = [Number(may[0]) > 0, Number(may[1]) > 0];
    const statement = seesAll ? query : queryOfOwn;
    const blockedBy = seesAll ? await readWaits(session, signal) : new Map<number, number[]>();
    const rows = await session.readRows(statement, signal);
    return {
      at: may[4] ?? '',
      processes: rows.map((row) => processOf(row, blockedBy, endsAll || row[1] === may[5])),
      connections: { used: rows.filter(([, , , , command]) => !background.has(command ?? '')).length + 1, allowed: Number(may[3] ?? 0) },
      limits: [
        ...(seesAll ? ['Waits for locks of rows are shown; who holds a metadata lock is not.'] : ['This user sees its own sessions only, and no transactions or locks. GRANT PROCESS ON *.* TO it changes that.']),
        ...(endsAll ? [] : ['This user can cancel and end its own sessions only. The right CONNECTION_ADMIN (MariaDB: CONNECTION ADMIN) changes that.']),
      ],
      statement,
    };
  },
  endStatement: ({ pid }, action: EndAction) => ({ text: `KILL ${action === 'cancel' ? 'QUERY' : 'CONNECTION'} ${Math.trunc(pid)}`, answers: false }),
};

async function readWaits(session: MysqlSession, signal: AbortSignal): Promise<Map<number, number[]>> {
  const blockedBy = new Map<number, number[]>();
  for (const [waiting, blocking] of await session.readRows(session.isMariaDb ? waits.mariadb : waits.mysql, signal)) {
    const list = blockedBy.get(Number(waiting)) ?? [];
    if (!list.includes(Number(blocking))) blockedBy.set(Number(waiting), [...list, Number(blocking)]);
  }
  return blockedBy;
}

const numberOf = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : Number(text));
const textOf = (text: string | null | undefined): string | null => (text ? text : null);

/** One row of `query`. */
function processOf([id, user, host, database, command, time, state, info, transaction, program]: readonly (string | null)[], blockedBy: ReadonlyMap<number, number[]>, signalable: boolean): ServerProcess {
  const pid = Number(id);
  const blockers = blockedBy.get(pid) ?? [];
  const transactionSeconds = numberOf(transaction);
  const idle = command === 'Sleep';
  const server = isServers(command, user);
  return {
    pid,
    startedAt: '',
    user: textOf(user),
    database: textOf(database),
    application: textOf(program) ?? '',
    client: textOf(textOf(host)?.replace(/:\d+$/, '')),
    kind: server ? 'server' : 'client backend',
    state: stateOf(idle, transactionSeconds),
    stateSeconds: numberOf(time),
    querySeconds: idle || server ? null : numberOf(time),
    transactionSeconds,
    waitType: blockers.length > 0 || /lock/i.test(textOf(state) ?? '') ? 'Lock' : null,
    waitEvent: textOf(state),
    query: textOf(info),
    blockedBy: blockers,
    own: textOf(program)?.startsWith('ai-shell ') === true,
    signalable: signalable && !server,
    superuser: false,
  };
}

/** Whether a thread is the server's own. */
const isServers = (command: string | null | undefined, user: string | null | undefined): boolean => background.has(command ?? '') || user === 'system user' || user === 'event_scheduler';

function stateOf(idle: boolean, transactionSeconds: number | null): string {
  if (!idle) return 'active';
  return transactionSeconds === null ? 'idle' : 'idle in transaction';
}
