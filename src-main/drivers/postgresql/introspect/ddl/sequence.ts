import { type Reader, readTexts } from '../read';
import { sequenceOptions } from './facts';

/** CREATE SEQUENCE with what differs from its defaults, and the column that owns it. */
export async function sequenceDdl(reader: Reader, oid: string): Promise<string> {
  const statements = await readTexts(
    reader,
    `SELECT concat_ws(' ', pg_catalog.format('CREATE %sSEQUENCE %I.%I AS %s', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED '
      ELSE '' END, n.nspname, c.relname,
    pg_catalog.format_type(s.seqtypid, NULL)), nullif(${sequenceOptions}, '')) || ';'
  || coalesce((SELECT pg_catalog.format(E'\\n\\nALTER SEQUENCE %I.%I OWNED BY %I.%I.%I;', n.nspname, c.relname, tn.nspname, t.relname,
    a.attname)
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
      AND d.deptype = 'a'), '')
  || coalesce(E'\\n\\nCOMMENT ON SEQUENCE ' || pg_catalog.format('%I.%I', n.nspname, c.relname) || ' IS '
    || pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_class')) || ';', '')
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = $1::oid`,
    [oid],
  );
  return statements.join('');
}
