import { AppError } from '../../../errors';
import type { Introspector } from '../../introspect';
import { dataStatement } from '../dataStatement';
import { mysqlSession } from '../session';
import { readDetail } from './detail';
import { readPage, readSchemas } from './objects';
import { readSnapshot } from './snapshot';

/** Catalog of MySQL 8 and MariaDB. A database is what the other engines call a schema. The connection must be idle. */
export const mysqlIntrospector: Introspector = {
  schemas: (connection, signal) => readSchemas(mysqlSession(connection), signal),
  objects: (connection, query, signal) => readPage(mysqlSession(connection), query, signal),
  detail: (connection, object, signal) => readDetail(mysqlSession(connection), object, signal),
  snapshot: (connection, signal) => readSnapshot(mysqlSession(connection), signal),
  dataStatement,
  async places(connection, signal) {
    const rows = await mysqlSession(connection).readRows('SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME', signal);
    return { databases: rows.map(([name]) => name ?? ''), schemas: [], searchPath: '' };
  },
  relation: () => Promise.reject(new AppError('not_found', 'Results of MySQL and MariaDB do not name the tables of their columns by number.')),
  async editTarget(connection, object, signal) {
    const detail = await readDetail(mysqlSession(connection), object, signal);
    const no = 'Rows of MySQL and MariaDB are not edited in the grid yet: write UPDATE, INSERT and DELETE in a query tab.';
    const columns = detail.columns.map(({ name, type, nullable, default: value }) => ({ name, type, baseType: type, nullable, default: value, insert: no, update: no, compare: 'value' as const, labels: null }));
    return { object, insert: no, update: no, delete: no, key: detail.primaryKey, columns, foreignKeys: [], referencedBy: [], uniques: [], notes: [] };
  },
};
