import type { Introspector } from '../../introspect';
import { dataStatement } from '../dataStatement';
import { readDetail } from './detail';
import { readEditTarget, readRelationByOid } from './editTarget';
import { readPage, readSchemas } from './objects';
import { readPlaces } from './places';
import { readSnapshot } from './snapshot';

/** Catalog of PostgreSQL 12 and newer, over any connection that speaks its SQL. The connection must be idle. */
export const postgresqlIntrospector: Introspector = {
  schemas: (connection, signal) => readSchemas({ connection, signal }),
  objects: (connection, query, signal) => readPage({ connection, signal }, query),
  detail: (connection, object, signal) => readDetail({ connection, signal }, object),
  snapshot: (connection, signal) => readSnapshot({ connection, signal }),
  dataStatement,
  places: (connection, signal) => readPlaces({ connection, signal }),
  relation: (connection, oid, signal) => readRelationByOid({ connection, signal }, oid),
  editTarget: (connection, object, signal) => readEditTarget({ connection, signal }, object),
};
