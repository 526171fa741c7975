import { type Reader, readTexts } from '../read';
import { readAttachments } from './attachments';
import { readColumnFacts, readRelationFacts } from './facts';

/** CREATE VIEW or CREATE MATERIALIZED VIEW, and what hangs on it. */
export async function viewDdl(reader: Reader, oid: string): Promise<string> {
  const facts = await readRelationFacts(reader, oid);
  if (facts === undefined) return '';
  const materialized = facts.kind === 'm';
  const [definition = ''] = await readTexts(reader, 'SELECT pg_catalog.pg_get_viewdef($1::oid)', [oid]);
  const head = [
    `CREATE ${materialized ? 'MATERIALIZED VIEW' : 'VIEW'} ${facts.name}`,
    ...(facts.accessMethod === null ? [] : [`USING ${facts.accessMethod}`]),
    ...(facts.options.length === 0 ? [] : [`WITH (${facts.options.join(', ')})`]),
    ...(facts.tablespace === null ? [] : [`TABLESPACE ${facts.tablespace}`]),
  ].join('\n');
  const body = definition.replace(/;\s*$/, '');
  const what = materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  const columns = await readColumnFacts(reader, oid);
  return [
    `${head} AS\n${body}${materialized && !facts.populated ? '\nWITH NO DATA' : ''};`,
    ...columns
      .filter((column) => column.default !== null)
      .map((column) => `ALTER VIEW ${facts.name} ALTER COLUMN ${column.name} SET DEFAULT ${column.default};`),
    ...(await readAttachments(reader, oid, facts)),
    ...(facts.commentLiteral === null ? [] : [`COMMENT ON ${what} ${facts.name} IS ${facts.commentLiteral};`]),
    ...columns
      .filter(({ commentLiteral }) => commentLiteral !== null)
      .map((column) => `COMMENT ON COLUMN ${facts.name}.${column.name} IS ${column.commentLiteral};`),
  ].join('\n\n');
}
