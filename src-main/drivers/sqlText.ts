/** An identifier that PostgreSQL takes as it is, whatever it looks like. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant with the same value whether or not standard_conforming_strings is on. */
export function quoteLiteral(value: string): string {
  const quoted = value.replaceAll("'", "''");
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}
