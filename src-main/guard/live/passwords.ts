import type { Mentions } from '../mentions';
import type { RelationRow } from './catalog';

/** Relations of the server that hold passwords, their hashes, or connection strings with passwords; the numbers are PostgreSQL's own (pg_authid.h and the like). */
const TABLES: Readonly<Record<string, number>> = { pg_authid: 1260, pg_user_mapping: 1418, pg_subscription: 6100 };
const VIEWS = ['pg_shadow', 'pg_user_mappings'];

/**
 * Why a statement reads such a relation: by its name, or through a view of the database; null when it does not. The server's own views
 * over them, such as pg_roles, show no passwords.
 */
export function passwordsRefusal(mentions: Mentions, relations: readonly RelationRow[]): string | null {
  const named = mentions.relations.find(({ schema, name }) => (schema === null || schema === 'pg_catalog') && (Object.hasOwn(TABLES, name) || VIEWS.includes(name)));
  if (named) return reads(named.name);
  const views = relations.filter(({ kind, label }) => kind === 'v' && !/^(pg_catalog|information_schema)\./.test(label));
  const table = Object.entries(TABLES).find(([, oid]) => views.some(({ rules }) => rules.some((rule) => rule.includes(`:relid ${oid} `))));
  const view = views.length > 0 ? VIEWS.find((name) => relations.some(({ label }) => label === `pg_catalog.${name}`)) : undefined;
  const hidden = table?.[0] ?? view;
  return hidden === undefined ? null : reads(hidden);
}

const reads = (name: string): string => `reads ${name}, which holds passwords or their hashes`;
