import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import { nearestNames } from './nearest';

type Relation = CatalogSnapshot['relations'][number];

/** An identifier as SQL needs it: quoted unless it is plain lower case. Control characters are shown escaped: they are no name to type. */
export function quoteName(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return name;
  return `"${name.replaceAll('"', '""').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)}"`;
}

/** An identifier that is always quoted, exactly as it is; for statements of our own. */
export function exactName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The parts of a dotted, possibly quoted name, unquoted parts folded to lower case as PostgreSQL does. */
export function splitName(text: string): string[] {
  const parts: string[] = [];
  for (const match of text.trim().matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)) {
    if (match[1] !== undefined) parts.push(match[1].replaceAll('""', '"'));
    else if (match[2]?.trim()) parts.push(match[2].trim().toLowerCase());
  }
  return parts;
}

/** Finds a relation by `name` or `schema.name`, through the search path; also when only its case differs. Null when there is none. */
export function findRelation(snapshot: CatalogSnapshot, text: string): Relation | null {
  const parts = splitName(text);
  const name = parts.at(-1);
  if (name === undefined) return null;
  const schemas = parts.length > 1 ? [parts.at(-2) ?? ''] : snapshot.searchPath;
  for (const schema of schemas) {
    const exact = snapshot.relations.find((relation) => relation.schema === schema && relation.name === name);
    if (exact) return exact;
  }
  const sameSchema = (relation: Relation): boolean => parts.length < 2 || relation.schema.toLowerCase() === parts.at(-2)?.toLowerCase();
  const alike = snapshot.relations.filter((relation) => relation.name.toLowerCase() === name.toLowerCase() && sameSchema(relation));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

/** The real relations closest to a wrong name, as `schema.name`. */
export function nearestRelations(snapshot: CatalogSnapshot, text: string, limit = 5): string[] {
  const wanted = splitName(text).at(-1) ?? '';
  const names = nearestNames(wanted, snapshot.relations.map((relation) => relation.name), limit);
  return names.flatMap((name) => snapshot.relations.filter((relation) => relation.name === name).map(qualified)).slice(0, limit);
}

export function qualified(relation: { schema: string; name: string }): string {
  return `${quoteName(relation.schema)}.${quoteName(relation.name)}`;
}

/** Schemas that every database of the server has. */
export function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || schema.startsWith('pg_toast');
}
