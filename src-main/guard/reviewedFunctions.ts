/**
 * The two reviewed lists. A built-in function's volatility is only the default (volatile is refused); these lists correct it.
 * `name/2` means the function of that name with two arguments. The reason completes the sentence "calls NAME, which ...".
 */
interface Group {
  readonly reason: string;
  readonly names: string;
}

/** Volatile by the catalog, harmless by their code: they only read shared memory, the clock or the size of files of relations. */
const allowGroups: readonly Group[] = [
  { reason: 'reads the clock', names: 'clock_timestamp timeofday' },
  { reason: 'gives random values and leaves nothing behind', names: 'random random_normal gen_random_uuid uuidv4 uuidv7 array_sample array_shuffle' },
  {
    reason: 'adds up the sizes of files without reading them',
    names: 'pg_database_size pg_tablespace_size pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size',
  },
  { reason: 'reads the lock table', names: 'pg_lock_status pg_blocking_pids pg_safe_snapshot_blocking_pids' },
  { reason: 'lists prepared transactions', names: 'pg_prepared_xact' },
  {
    reason: 'reads a write-ahead log position from shared memory',
    names:
      'pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_is_in_recovery pg_is_wal_replay_paused pg_get_wal_replay_pause_state pg_get_wal_resource_managers pg_get_wal_summarizer_state',
  },
  {
    reason: 'reads the statistics of the current transaction',
    names:
      'pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit pg_stat_get_xact_function_calls pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time pg_stat_get_xact_numscans pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated pg_stat_get_xact_tuples_newpage_updated pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated',
  },
  {
    reason: 'reads statistics from shared memory',
    names: 'pg_stat_get_recovery_prefetch pg_stat_have_stats pg_stat_get_io pg_stat_get_backend_io pg_stat_get_backend_wal pg_get_aios pg_get_wait_events',
  },
  { reason: 'describes the memory of the server', names: 'pg_get_backend_memory_contexts pg_get_shmem_allocations pg_get_shmem_allocations_numa' },
  { reason: 'reads when and how a transaction ended', names: 'pg_xact_status txid_status pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_last_committed_xact pg_get_multixact_members' },
  { reason: 'reads where a sequence stands without moving it', names: 'currval lastval pg_sequence_last_value pg_get_sequence_data' },
  { reason: 'reads the catalog', names: 'pg_partition_tree pg_partition_ancestors pg_collation_actual_version pg_database_collation_actual_version pg_jit_available' },
  { reason: 'reads how full the notification queue is', names: 'pg_notification_queue_usage' },
  { reason: 'reads the progress of replication', names: 'pg_show_replication_origin_status pg_replication_origin_progress pg_replication_origin_session_is_setup pg_replication_origin_session_progress' },
  { reason: 'repeats the text of the statement', names: 'current_query' },
  { reason: 'is the sampling method of TABLESAMPLE', names: 'bernoulli system' },
];

/** Functions of extensions that a DBA reads daily, volatile by their declaration; only when they are compiled code of that extension. */
const allowExtensionGroups: readonly (Group & { extension: string })[] = [
  { extension: 'pg_stat_statements', reason: 'reads the statement statistics', names: 'pg_stat_statements pg_stat_statements_info' },
  { extension: 'pg_buffercache', reason: 'lists the shared buffers', names: 'pg_buffercache_pages pg_buffercache_summary pg_buffercache_usage_counts' },
  { extension: 'pgstattuple', reason: 'measures bloat', names: 'pgstattuple pgstattuple_approx pgstatindex pgstatginindex pgstathashindex pg_relpages' },
  { extension: 'pg_freespacemap', reason: 'reads the free space map', names: 'pg_freespace' },
];

/**
 * Extensions that add types and searching and nothing else: their compiled immutable and stable functions only compute. Without
 * them, a database that has one of these installed could hardly be read at all, as their operators have everyday names.
 */
const COMPUTING_EXTENSIONS = new Set(
  'btree_gin btree_gist citext cube fuzzystrmatch hstore intarray isn ltree pg_trgm pgcrypto postgis seg uuid-ossp vector'.split(' '),
);

/**
 * What stands behind functions of such extensions that are no compiled code of theirs, and was read: citext--1.4.sql. The MD5 of the text
 * of SQL functions that only call pg_catalog's own (regexp_match, regexp_matches, regexp_replace, regexp_split_to_array,
 * regexp_split_to_table, strpos, replace, split_part, translate), and the server's own code for text that internal ones share.
 */
export const readSources: ReadonlySet<string> = new Set([
  ...(
    'd4cea2819ed474409474286e28d2d401 64ec7af3b9b50a5b3c557e74e88316b4 ce1c4efda74f55b9d0ca16a5aa792997 6fe2fff1f9093a91cf620e8e71d2473e b8bcdedfb06182522245129e21fd0395 ' +
    '8c999f78c293cc3b2a5eb21a8dcdfd26 2120a66a7c8080b0f4df4d75af6fc25f 0af47351d4c4ebe30dcbebe8df966955 a3e5159a52ad198d0da0df6dcbee55e1 a974c277a3d6a2cd8a3d072d9af2d0f7 ' +
    'b3142ad94e464519ef0a3e1ac58665c3 fff46845cff5761d94db1829e24834b2 d1316c53e375874405f1539f98fdca08 e4c69f7f2cffdd587b63e858a776d6e0'
  )
    .split(' ')
    .map((hash) => `sql ${hash}`),
  ...'textin textout textrecv textsend rtrim1 booltext network_show texticlike texticnlike texticregexeq texticregexne'.split(' ').map((code) => `internal ${code}`),
]);

/** Refused, stable or not. */
const denyGroups: readonly Group[] = [
  { reason: 'holds the session for as long as it likes', names: 'pg_sleep pg_sleep_for pg_sleep_until' },
  {
    // Measured on PostgreSQL 15: seconds beyond a limit of 400 ms, growing with the argument; this code never looks for a cancel.
    reason: 'computes in one piece that the server cannot interrupt at its time-out',
    names: 'xpath xpath_exists xmlexists normalize is_normalized',
  },
  {
    reason: 'runs a statement, or reads tables, that are hidden in its arguments',
    names:
      'query_to_xml query_to_xmlschema query_to_xml_and_xmlschema table_to_xml table_to_xmlschema table_to_xml_and_xmlschema schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema database_to_xml database_to_xmlschema database_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema ts_stat ts_rewrite/2 crosstab crosstab2 crosstab3 crosstab4 crosstab_hash connectby xpath_table xslt_process xpath_list xpath_nodeset',
  },
  { reason: 'runs the input code of a type that is named in a text', names: 'pg_input_is_valid pg_input_error_info' },
  { reason: 'runs the input code, and the checks, of a type that is given as a number', names: 'domain_in domain_recv array_in array_recv record_in record_recv range_in range_recv multirange_in multirange_recv' },
  { reason: 'loads or analyses the code of another function', names: 'fmgr_c_validator fmgr_internal_validator fmgr_sql_validator plpgsql_validator' },
  {
    reason: 'opens a connection to another server',
    names:
      'dblink dblink_connect dblink_connect_u dblink_exec dblink_open dblink_fetch dblink_close dblink_send_query dblink_get_result dblink_disconnect dblink_cancel_query dblink_get_connections dblink_get_notify dblink_is_busy dblink_error_message dblink_build_sql_insert dblink_build_sql_update dblink_build_sql_delete dblink_get_pkey postgres_fdw_disconnect postgres_fdw_disconnect_all postgres_fdw_get_connections',
  },
  {
    reason: 'reads files of the server',
    names:
      'pg_read_file pg_read_file_old pg_read_binary_file pg_stat_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_archive_statusdir pg_ls_tmpdir pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_summariesdir pg_current_logfile pg_logdir_ls pg_show_all_file_settings pg_hba_file_rules pg_ident_file_mappings pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system pg_wal_summary_contents pg_available_wal_summaries pg_get_wal_record_info pg_get_wal_records_info pg_get_wal_stats get_raw_page',
  },
  { reason: 'changes files of the server', names: 'pg_file_write pg_file_sync pg_file_rename pg_file_unlink lo_export pg_rotate_logfile pg_rotate_logfile_old' },
  {
    reason: 'reaches into large objects',
    names:
      'lo_open lo_close lo_creat lo_create lo_from_bytea lo_get lo_put lo_import lo_lseek lo_lseek64 lo_tell lo_tell64 lo_truncate lo_truncate64 lo_unlink loread lowrite lo_manage lo_oid',
  },
  {
    reason: 'takes or gives up a lock that outlives the statement',
    names:
      'pg_advisory_lock pg_advisory_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_advisory_unlock pg_advisory_unlock_shared pg_advisory_unlock_all',
  },
  { reason: 'notifies other sessions', names: 'pg_notify' },
  { reason: 'changes a setting', names: 'set_config set_limit isn_weak setseed' },
  { reason: 'signals other processes', names: 'pg_cancel_backend pg_terminate_backend pg_reload_conf pg_log_backend_memory_contexts pg_promote' },
  { reason: 'moves a sequence', names: 'nextval setval' },
  { reason: 'takes a transaction number', names: 'txid_current pg_current_xact_id' },
  { reason: 'leaves a snapshot for other sessions', names: 'pg_export_snapshot pg_log_standby_snapshot' },
  { reason: 'writes to the write-ahead log', names: 'pg_logical_emit_message pg_switch_wal pg_create_restore_point pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup' },
  {
    reason: 'changes replication',
    names:
      'pg_create_logical_replication_slot pg_create_physical_replication_slot pg_copy_logical_replication_slot pg_copy_physical_replication_slot pg_drop_replication_slot pg_replication_slot_advance pg_logical_slot_get_changes pg_logical_slot_get_binary_changes pg_logical_slot_peek_changes pg_logical_slot_peek_binary_changes pg_replication_origin_create pg_replication_origin_drop pg_replication_origin_advance pg_replication_origin_session_setup pg_replication_origin_session_reset pg_replication_origin_xact_setup pg_replication_origin_xact_reset pg_wal_replay_pause pg_wal_replay_resume pg_sync_replication_slots',
  },
  {
    reason: 'resets or changes statistics',
    names:
      'pg_stat_reset pg_stat_reset_shared pg_stat_reset_single_table_counters pg_stat_reset_single_function_counters pg_stat_reset_slru pg_stat_reset_replication_slot pg_stat_reset_subscription_stats pg_stat_reset_backend_stats pg_stat_statements_reset pg_stat_clear_snapshot pg_stat_force_next_flush pg_clear_attribute_stats pg_clear_relation_stats pg_restore_attribute_stats pg_restore_relation_stats',
  },
  {
    reason: 'changes an index, the cache or the catalog',
    names: 'brin_summarize_new_values brin_summarize_range brin_desummarize_range gin_clean_pending_list pg_prewarm autoprewarm_start_worker autoprewarm_dump_now pg_import_system_collations pg_extension_config_dump pg_nextoid pg_stop_making_pinned_objects pg_buffercache_evict heap_force_kill heap_force_freeze',
  },
];

export interface Review {
  readonly admitted: boolean;
  readonly reason: string;
}

function expand(groups: readonly Group[], admitted: boolean): [string, Review][] {
  return groups.flatMap(({ reason, names }) => names.split(' ').map((name): [string, Review] => [name, { admitted, reason }]));
}

const reviews = new Map<string, Review>([...expand(allowGroups, true), ...expand(denyGroups, false)]);
const extensionReviews = new Map(
  allowExtensionGroups.flatMap((group) => expand([group], true).map(([name, review]): [string, Review] => [`${group.extension}.${name}`, review])),
);

/** What the lists say of a built-in function; null when they are silent and its volatility decides. `argumentCount` null: unknown. */
export function reviewOf(name: string, argumentCount: number | null): Review | null {
  return reviews.get(name) ?? reviews.get(`${name}/${argumentCount ?? 2}`) ?? null;
}

/** What the lists say of a function of an extension; an admission holds for compiled code only. Null when they are silent. */
export function extensionReviewOf(extension: string, name: string, isVolatile: boolean): Review | null {
  const denied = reviews.get(name);
  if (denied && !denied.admitted) return denied;
  if (!isVolatile && COMPUTING_EXTENSIONS.has(extension)) return { admitted: true, reason: 'only computes' };
  return extensionReviews.get(`${extension}.${name}`) ?? null;
}
