/** A name in backticks, whatever it looks like and whatever ANSI_QUOTES says. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text constant with the same value whether or not backslashes escape. */
export function quoteText(value: string): string {
  return value.includes('\\') ? `_utf8mb4 x'${Buffer.from(value).toString('hex')}'` : `'${value.replaceAll("'", "''")}'`;
}
