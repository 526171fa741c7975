/** A column as a person writes it: schema, table and column, of which each may be `*` for all. */
export interface PrivateColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

const part = /^(?:"((?:[^"]|"")+)"|([^".\s][^".]*))(?:\.|$)/;

/** Reads `schema.table.column`; a name with a dot or a quote in it stands in double quotes. Null where it is no such text. */
export function parsePrivateColumn(text: string): PrivateColumn | null {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = part.exec(rest);
    if (!found) return null;
    parts.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[0].endsWith('.') && found[0].length === rest.length) return null;
    rest = rest.slice(found[0].length);
  }
  const [schema, table, column, ...more] = parts;
  return schema === undefined || table === undefined || column === undefined || more.length > 0 ? null : { schema, table, column };
}

const fits = (pattern: string, name: string): boolean => pattern === '*' || pattern === name;

/** Whether one of the texts means this column. */
export function isPrivate(columns: readonly PrivateColumn[], schema: string, table: string, column: string): boolean {
  return columns.some((one) => fits(one.schema, schema) && fits(one.table, table) && fits(one.column, column));
}
