import type { TestDatabase } from '../servers/postgresql';
import type { CatalogSnapshot, ObjectDetail } from '../../src-preload/contract/catalog';
import type { CatalogService } from '../../src-main/catalog/service';

interface ColumnRow {
  schema: string;
  relation: string;
  kind: string;
  comment: string | null;
  column: string;
  type: string;
  nullable: boolean;
  remark: string | null;
}

/** The catalog of a test database, read anew at each call; only what the assistant looks at. */
export function liveCatalog(database: TestDatabase): CatalogService {
  const snapshot = async (): Promise<CatalogSnapshot> => {
    const rows = await database.query<ColumnRow>(`
      SELECT n.nspname AS schema, c.relname AS relation, c.relkind AS kind, obj_description(c.oid, 'pg_class') AS comment,
             a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable, col_description(c.oid, a.attnum) AS remark
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%' AND c.relkind IN ('r', 'v')
      ORDER BY 1, 2, a.attnum`);
    const relations = new Map<string, CatalogSnapshot['relations'][number]>();
    for (const row of rows) {
      const key = `${row.schema}.${row.relation}`;
      const known = relations.get(key) ?? { schema: row.schema, name: row.relation, kind: row.kind === 'v' ? ('view' as const) : ('table' as const), comment: row.comment, rows: null, columns: [], primaryKey: [] };
      known.columns.push({ name: row.column, type: row.type, nullable: row.nullable, comment: row.remark });
      relations.set(key, known);
    }
    return { searchPath: ['public'], schemas: [...new Set(rows.map((row) => row.schema))], relations: [...relations.values()], foreignKeys: [], functions: [], enums: [] };
  };
  return {
    snapshot,
    invalidate: () => undefined,
    async detail(_connectionId: string, object: { schema: string; name: string; kind: 'table' }): Promise<ObjectDetail> {
      const found = (await snapshot()).relations.find((relation) => relation.schema === object.schema && relation.name === object.name);
      const columns = (found?.columns ?? []).map((column) => ({ ...column, default: null, generated: null, identity: null, primaryKey: false }));
      return { object, comment: found?.comment ?? null, owner: null, columns, primaryKey: [], foreignKeys: [], referencedBy: [], indexes: [], constraints: [], triggers: [], partitions: [], rows: null, bytes: null, ddl: '' };
    },
  } as unknown as CatalogService;
}
