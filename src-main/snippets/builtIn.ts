import type { Snippet } from '../../src-preload/contract/snippets';

/** What comes with the program: the statements that a DBA writes by heart, and those that nobody does. */
export const builtInSnippets: readonly Snippet[] = [
  { prefix: 'sel', description: 'SELECT … WHERE … LIMIT', text: 'SELECT ${1:columns}\nFROM ${2:table}\nWHERE ${3:condition}\nLIMIT ${4:100};' },
  { prefix: 'ins', description: 'INSERT … RETURNING', text: 'INSERT INTO ${table} (${columns})\nVALUES (${values})\nRETURNING *;' },
  { prefix: 'ups', description: 'INSERT … ON CONFLICT DO UPDATE', text: 'INSERT INTO ${table} (${columns})\nVALUES (${values})\nON CONFLICT (${key}) DO UPDATE SET ${column} = excluded.${column};' },
  { prefix: 'upd', description: 'UPDATE in a transaction that can be looked at', text: 'BEGIN;\nUPDATE ${table}\nSET ${column} = ${value}\nWHERE ${condition}\nRETURNING *;\n-- COMMIT or ROLLBACK' },
  { prefix: 'cte', description: 'WITH … SELECT', text: 'WITH ${name} AS (\n  ${query}\n)\nSELECT *\nFROM ${name};' },
  { prefix: 'idx', description: 'CREATE INDEX CONCURRENTLY', text: 'CREATE INDEX CONCURRENTLY ${name}\nON ${table} (${columns});' },
  { prefix: 'top', description: 'Newest row of each group', text: 'SELECT DISTINCT ON (${group}) *\nFROM ${table}\nORDER BY ${group}, ${time} DESC;' },
  {
    prefix: 'locks',
    description: 'Who waits for whom',
    text: 'SELECT waiting.pid, waiting.query, pg_blocking_pids(waiting.pid) AS blocked_by, now() - waiting.query_start AS waits\nFROM pg_stat_activity AS waiting\nWHERE cardinality(pg_blocking_pids(waiting.pid)) > 0\nORDER BY waits DESC;',
  },
  {
    prefix: 'activity',
    description: 'What runs now, longest first',
    text: "SELECT pid, usename, datname, state, wait_event_type, wait_event, now() - query_start AS runs, left(query, 120) AS query\nFROM pg_stat_activity\nWHERE state <> 'idle' AND pid <> pg_backend_pid()\nORDER BY runs DESC NULLS LAST;",
  },
  {
    prefix: 'sizes',
    description: 'Largest tables with their indexes',
    text: "SELECT c.oid::regclass AS relation, pg_size_pretty(pg_total_relation_size(c.oid)) AS total, pg_size_pretty(pg_relation_size(c.oid)) AS heap, pg_size_pretty(pg_indexes_size(c.oid)) AS indexes\nFROM pg_class AS c\nWHERE c.relkind IN ('r', 'm')\nORDER BY pg_total_relation_size(c.oid) DESC\nLIMIT ${1:20};",
  },
  {
    prefix: 'unused',
    description: 'Indexes that were never scanned',
    text: 'SELECT s.schemaname, s.relname, s.indexrelname, s.idx_scan, pg_size_pretty(pg_relation_size(s.indexrelid)) AS size\nFROM pg_stat_user_indexes AS s\nJOIN pg_index AS i USING (indexrelid)\nWHERE s.idx_scan = 0 AND NOT i.indisunique\nORDER BY pg_relation_size(s.indexrelid) DESC;',
  },
];
