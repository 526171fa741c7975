// Without a schema, so that the page gets these functions without the library of schemas.

const DATABASE_MARK = '#';

/** The id under which another database of a saved connection's server is used; null gives the connection's own id. */
export function onDatabase(connectionId: string, database: string | null): string {
  return database === null ? connectionId : `${connectionId}${DATABASE_MARK}${encodeURIComponent(database)}`;
}

/** The saved connection behind an id, and which other database of it is meant, if any. */
export function databaseOf(id: string): { readonly connectionId: string; readonly database: string | null } {
  const at = id.indexOf(DATABASE_MARK);
  if (at < 0) return { connectionId: id, database: null };
  return { connectionId: id.slice(0, at), database: decodeURIComponent(id.slice(at + 1)) };
}
