import type { ObjectDetail, ObjectRef } from '../../../../src-preload/contract/catalog';
import { AppError } from '../../../errors';
import { extensionDdl } from './ddl/extension';
import { routineDdl } from './ddl/routine';
import { sequenceDdl } from './ddl/sequence';
import { tableDdl } from './ddl/table';
import { typeDdl } from './ddl/type';
import { viewDdl } from './ddl/view';
import { objectsQuery } from './kinds';
import { inOneState, qualifyNames, type Reader, readObjects } from './read';
import {
  readColumns,
  readConstraints,
  readForeignKeys,
  readIndexes,
  readPartitions,
  readPrimaryKey,
  readReferences,
  readSize,
  readTriggers,
} from './relation';

interface Found {
  readonly oid: string;
  readonly catalog: string;
  readonly relation: string | null;
  readonly owner: string | null;
  readonly comment: string | null;
}

const owners: Readonly<Record<string, string>> = {
  pg_class: 'relowner',
  pg_proc: 'proowner',
  pg_type: 'typowner',
  pg_extension: 'extowner',
};

/** Everything about one object, read on one state of the catalog. Names are as the session writes them, in the DDL with their schema. */
export async function readDetail(reader: Reader, object: ObjectRef): Promise<ObjectDetail> {
  return inOneState(reader, async () => {
    const found = await find(reader, object);
    const relation = found.relation === null ? emptyRelation : await readRelation(reader, found.relation);
    await qualifyNames(reader);
    const write = writers[object.kind];
    if (!write) throw new AppError('not_found', `PostgreSQL has no object of the kind ${object.kind}.`);
    const ddl = await write(reader, found.oid);
    return {
      object: { schema: object.schema, name: object.name, kind: object.kind, oid: Number(found.oid) },
      comment: found.comment,
      owner: found.owner,
      ...relation,
      ddl,
    };
  });
}

async function find(reader: Reader, object: ObjectRef): Promise<Found> {
  const owner = Object.entries(owners).map(
    ([catalog, column]) => `WHEN '${catalog}' THEN (SELECT x.${column} FROM pg_catalog.${catalog} x WHERE x.oid = o.oid)`,
  );
  const [found] = await readObjects<Found>(
    reader,
    `SELECT o.oid::text AS oid, o.catalog, CASE o.catalog WHEN 'pg_class' THEN o.oid::text
      WHEN 'pg_type' THEN (SELECT nullif(t.typrelid, 0)::text FROM pg_catalog.pg_type t WHERE t.oid = o.oid) END AS relation,
  pg_catalog.pg_get_userbyid(CASE o.catalog ${owner.join(' ')} END)::text AS owner,
  pg_catalog.obj_description(o.oid, o.catalog::name) AS comment
FROM (${objectsQuery(object.kind)}) o JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace
WHERE n.nspname = $1 AND o.name = $2 AND o.kind = $3 AND ($4::oid IS NULL OR o.oid = $4::oid) ORDER BY o.oid LIMIT 1`,
    [object.schema, object.name, object.kind, object.oid === undefined ? null : String(object.oid)],
  );
  if (found !== undefined) return found;
  throw new AppError('not_found', `There is no ${object.kind.replace('_', ' ')} ${object.schema}.${object.name} any more.`, {
    hint: 'Refresh the tree.',
  });
}

type RelationDetail = Omit<ObjectDetail, 'object' | 'comment' | 'owner' | 'ddl'>;

const emptyRelation: RelationDetail = {
  columns: [],
  primaryKey: [],
  foreignKeys: [],
  referencedBy: [],
  indexes: [],
  constraints: [],
  triggers: [],
  partitions: [],
  rows: null,
  bytes: null,
};

async function readRelation(reader: Reader, oid: string): Promise<RelationDetail> {
  return {
    columns: await readColumns(reader, oid),
    primaryKey: await readPrimaryKey(reader, oid),
    foreignKeys: await readForeignKeys(reader, oid),
    referencedBy: await readReferences(reader, oid),
    indexes: await readIndexes(reader, oid),
    constraints: await readConstraints(reader, oid),
    triggers: await readTriggers(reader, oid),
    partitions: await readPartitions(reader, oid),
    ...(await readSize(reader, oid)),
  };
}

const writers: Readonly<Partial<Record<ObjectRef['kind'], (reader: Reader, oid: string) => Promise<string>>>> = {
  table: tableDdl,
  partition: tableDdl,
  foreign_table: tableDdl,
  view: viewDdl,
  materialized_view: viewDdl,
  sequence: sequenceDdl,
  function: routineDdl,
  type: typeDdl,
  extension: extensionDdl,
};
