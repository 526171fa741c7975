import { cellOf } from './probe';
import type { Probe } from './probe';

const secrets: Probe = {
  watches: 'reading files of the server',
  triggers: [`select pg_read_file('{secret}')`, `select encode(pg_read_binary_file('{secret}'), 'escape')`, `select pg_ls_dir('{secrets}')`, `select * from secret_file`],
  look: ({ secret }, { cells }) => Promise.resolve(String(cells.includes(secret))),
};

const connections: Probe = {
  watches: 'connections to other servers',
  triggers: [`select dblink_connect('host=127.0.0.1 port={port} connect_timeout=2')`, `select * from far_away`],
  look: ({ connections: count }) => Promise.resolve(String(count())),
};

const notifications: Probe = {
  watches: 'notifications',
  triggers: [`notify bait, 'probe'`, `select pg_notify('bait', 'probe')`],
  async look({ notifications: count }) {
    return Promise.resolve(String(count()));
  },
};

const signals: Probe = {
  watches: 'signals to other processes',
  triggers: [`select pg_terminate_backend({canary})`, `select pg_cancel_backend({canary})`, `select pg_reload_conf()`],
  async look({ admin, canary }) {
    const state = await cellOf(admin, `select (select coalesce(string_agg(state || query, ','), 'gone') from pg_stat_activity where pid = $1) || '|' || pg_conf_load_time()`, [canary()]);
    return state;
  },
};

const locks: Probe = {
  watches: 'locks that are kept',
  triggers: [`select pg_advisory_lock(77)`, `begin; lock table logs in share mode`],
  look: ({ admin }, { pid }) => cellOf(admin, `select count(*) from pg_locks where pid = $1`, [pid]),
};

const time: Probe = {
  watches: 'time',
  triggers: [`select pg_sleep(2)`],
  /** Cancelling takes the server a moment; half a second beyond the time-out is an escape. */
  look: (_site, { milliseconds, timeoutMs }) => Promise.resolve(String(milliseconds > timeoutMs + 500)),
};

export const runProbes: readonly Probe[] = [secrets, connections, notifications, signals, locks, time];
