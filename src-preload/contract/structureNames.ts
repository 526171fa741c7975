/** Pure help with names inside SQL expressions; no parser, only what is needed to follow a column through a rename. */

/** Strings, dollar-quoted strings, quoted names, comments, words; everything else goes through as it is. */
const token = /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** The name that a token stands for; null for what is no name. */
function nameOf(text: string): string | null {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  return /^[\p{L}_]/u.test(text) ? text.toLowerCase() : null;
}

/** Whether an expression mentions a column: a name that is not called as a function and not the name of a type after `::`. */
export function mentions(expression: string | null, column: string): boolean {
  let found = false;
  if (expression !== null) replaceNames(expression, column, (text) => ((found = true), text));
  return found;
}

/** Writes a column's new name wherever an expression mentions it; `quoted` is how the new name is written. */
export function renameIn(expression: string | null, column: string, quoted: string): string | null {
  return expression === null ? null : replaceNames(expression, column, () => quoted);
}

function replaceNames(expression: string, column: string, change: (text: string) => string): string {
  return expression.replace(token, (text, _tag, offset: number) => {
    const called = /^\s*\(/.test(expression.slice(offset + text.length)) && !text.startsWith('"');
    const isType = /::\s*$/.test(expression.slice(0, offset));
    return nameOf(text) === column && !called && !isType ? change(text) : text;
  });
}

/** Bytes of a name in UTF-8. */
export function nameBytes(name: string): number {
  return new TextEncoder().encode(name).length;
}

/**
 * A name made of parts joined by `_`, as PostgreSQL makes `table_column_key`: within `limit` bytes, the longer of the first parts
 * are cut at a character's border, and a number is added where it is taken.
 */
export function proposedName(parts: readonly string[], suffix: string, taken: readonly string[], limit = 63): string {
  for (let number = 0; ; number += 1) {
    const end = `_${suffix}${number === 0 ? '' : number}`;
    const stem = cutTo(parts.join('_'), limit - nameBytes(end));
    if (!taken.includes(stem + end)) return stem + end;
  }
}

function cutTo(text: string, bytes: number): string {
  let cut = '';
  for (const character of text) {
    if (nameBytes(cut + character) > bytes) break;
    cut += character;
  }
  return cut;
}
