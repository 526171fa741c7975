import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { cellOf } from './probe';
import type { Probe } from './probe';

const tables: Probe = {
  watches: 'tables and other objects',
  triggers: [
    `insert into loot values ('probe')`,
    `select do_harm('probe')`,
    `create table probe_table (a int)`,
    `select lo_create(0)`,
  ],
  look: ({ admin }) =>
    cellOf(
      admin,
      `select concat_ws('|', (select count(*) || coalesce(md5(string_agg(what, ',' order by what)), '') from loot), (select md5(string_agg(a::text, ',' order by id)) from accounts a), (select count(*) from logs),
        (select count(*) from pg_class where relpersistence <> 't'), (select count(*) from pg_proc), (select count(*) from pg_largeobject_metadata), (select count(*) from pg_database), (select count(*) from pg_extension))`,
    ),
};

const sequences: Probe = {
  watches: 'sequences',
  triggers: [`select nextval('bait_numbers')`],
  look: ({ admin }) => cellOf(admin, `select last_value || is_called::text from bait_numbers`),
};

const roles: Probe = {
  watches: 'roles and privileges',
  triggers: [`alter role bait_role createdb`, `grant select on accounts to bait_role`],
  look: ({ admin }) => cellOf(admin, `select (select md5(string_agg(r::text, ',' order by oid)) from pg_authid r) || (select md5(string_agg(relacl::text, ',' order by oid)) from pg_class)`),
};

const settings: Probe = {
  watches: 'settings of the server, databases and roles',
  triggers: [`alter system set work_mem = '5MB'`, `alter role bait_role set work_mem = '6MB'`],
  async look({ admin, dataFolder }) {
    const stored = await cellOf(admin, `select coalesce(md5(string_agg(s::text, ',' order by s::text)), '') from pg_db_role_setting s`);
    return stored + readFileSync(path.join(dataFolder, 'postgresql.auto.conf'), 'utf8');
  },
};

const files: Probe = {
  watches: 'files of the server',
  triggers: [`copy accounts to '{drop}/probe'`, `copy (select 1) to program 'touch {drop}/probe_program'`, `begin; select pg_export_snapshot()`],
  async look({ dropFolder, dataFolder }) {
    const dropped = readdirSync(dropFolder).map((name) => `${name} ${statSync(path.join(dropFolder, name)).mtimeMs}`);
    return Promise.resolve([...dropped, ...readdirSync(path.join(dataFolder, 'pg_snapshots'))].join());
  },
};

const transactions: Probe = {
  watches: 'transaction numbers, the write-ahead log, replication slots and statistics',
  triggers: [`select txid_current()`, `select pg_switch_wal()`, `select pg_create_physical_replication_slot('probe_slot')`, `select pg_stat_reset()`],
  look: ({ admin }) =>
    cellOf(
      admin,
      `select concat_ws('|', pg_snapshot_xmax(pg_current_snapshot()), pg_walfile_name(pg_current_wal_insert_lsn()), (select count(*) from pg_replication_slots), (select count(*) from pg_replication_origin),
        (select stats_reset from pg_stat_database where datname = current_database()), (select stats_reset from pg_stat_bgwriter))`,
    ),
};

export const stateProbes: readonly Probe[] = [tables, sequences, roles, settings, files, transactions];
