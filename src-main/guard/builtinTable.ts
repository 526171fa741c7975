import tables from './builtin/functions.json';
import { reviewOf } from './reviewedFunctions';

/**
 * The shipped tables of built-in functions, for classifying without a connection. 15 and 18 come from the catalogs of real
 * servers. The others are derived, on the safe side: a version counts only the functions that 15 and 18 both have with the same
 * volatility; 13 and 14 also lose the names below, collected by hand from what came later. That list need not be complete: a name too
 * many counts as harmless though the server lacks it, and this table never decides what runs. Names that are missing count as unknown.
 */
const ADDED: Record<number, string> = {
  14: 'bit_count date_bin string_to_table trim_array unistr range_agg multirange unnest_multirange range_merge isempty_multirange pg_get_wal_replay_pause_state pg_get_backend_memory_contexts pg_log_backend_memory_contexts pg_xact_commit_timestamp_origin pg_stat_get_replication_slot pg_stat_get_wal bit_xor pg_get_catalog_foreign_keys pg_get_statisticsobjdef_expressions pg_get_function_sqlbody extract',
  15: 'regexp_count regexp_instr regexp_like regexp_substr pg_get_wal_resource_managers pg_settings_get_flags pg_ident_file_mappings has_parameter_privilege pg_stat_get_recovery_prefetch pg_database_collation_actual_version pg_stat_get_subscription_stats range_intersect_agg pg_stat_have_stats',
};

/** SQL keywords whose calls the grammar itself turns into these functions on every version. */
const FROM_GRAMMAR = new Set(['extract']);

export const NEWEST_VERSION = 18;
const OLDEST_VERSION = 13;

type Volatility = 'immutable' | 'stable' | 'volatile';

export interface BuiltinTable {
  readonly version: number;
  /** Null when the version has no built-in function of this name, as far as the table knows. */
  volatility(name: string): Volatility | null;
  hasOperator(name: string): boolean;
  /** Scalar types, of any version. */
  hasType(name: string): boolean;
}

type Shipped = (typeof tables)[keyof typeof tables];

function indexed(shipped: Shipped): Map<string, Volatility> {
  const index = new Map<string, Volatility>();
  // The least harmless comes last and wins, should a name have several.
  for (const volatility of ['immutable', 'stable', 'volatile'] as const) {
    for (const name of shipped[volatility].split(' ')) index.set(name, volatility);
  }
  return index;
}

/** The table of a major version; older and newer ones than known are treated as the oldest and the newest. */
export function createBuiltinTables(): (version: number) => BuiltinTable {
  const older = indexed(tables['15']);
  const newest = indexed(tables['18']);
  const olderOperators = new Set(tables['15'].operators.split(' '));
  const newestOperators = new Set(tables['18'].operators.split(' '));
  const types = new Set(`${tables['15'].types} ${tables['18'].types}`.split(' '));
  const addedAfter = (version: number): Set<string> =>
    new Set(Object.entries(ADDED).flatMap(([added, names]) => (Number(added) > version ? names.split(' ') : [])));

  return (wanted) => {
    const version = Math.min(NEWEST_VERSION, Math.max(OLDEST_VERSION, wanted));
    const missing = addedAfter(version);
    const volatility = (name: string): Volatility | null => {
      if (version === 15) return older.get(name) ?? null;
      if (version === NEWEST_VERSION) return newest.get(name) ?? null;
      const found = older.get(name);
      return found !== undefined && newest.get(name) === found && (FROM_GRAMMAR.has(name) || !missing.has(name)) ? found : null;
    };
    const hasOperator = (name: string): boolean => (version >= 16 ? newestOperators : olderOperators).has(name) && olderOperators.has(name);
    return { version, volatility, hasType: (name) => types.has(name), hasOperator: version === NEWEST_VERSION ? (name) => newestOperators.has(name) : hasOperator };
  };
}

/** Why a built-in function is refused, as the end of the sentence "calls NAME, which ..."; null when it is admitted. */
export function builtinRefusal(name: string, argumentCount: number | null, volatility: Volatility): string | null {
  const review = reviewOf(name, argumentCount);
  if (review) return review.admitted ? null : review.reason;
  return volatility === 'volatile' ? 'is volatile: it may change something, and nobody has reviewed it as harmless' : null;
}
