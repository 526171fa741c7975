/** One member of an object: `text` is a string's value, or the text of any other value as it stands; null is JSON's null. */
export interface Member {
  readonly name: string;
  readonly text: string | null;
  readonly isString: boolean;
}

const space = /[ \t\r\n]*/y;

/** The members of an object, the elements of an array (`column_1` ...), or a single `value`; the text must be valid JSON. Numbers keep their digits. */
export function membersOf(json: string): Member[] {
  const cursor = { at: 0 };
  skipSpace(json, cursor);
  const opening = json[cursor.at];
  if (opening !== '{' && opening !== '[') return [member('value', json.slice(cursor.at).trimEnd())];
  cursor.at += 1;
  const found: Member[] = [];
  for (;;) {
    skipSpace(json, cursor);
    const next = json[cursor.at];
    if (next === '}' || next === ']' || next === undefined) return found;
    if (next === ',') {
      cursor.at += 1;
      continue;
    }
    let name = `column_${found.length + 1}`;
    if (opening === '{') {
      name = JSON.parse(raw(json, cursor)) as string;
      skipSpace(json, cursor);
      cursor.at += 1;
      skipSpace(json, cursor);
    }
    found.push(member(name, raw(json, cursor)));
  }
}

function member(name: string, text: string): Member {
  if (text.startsWith('"')) return { name, text: JSON.parse(text) as string, isString: true };
  return { name, text: text === 'null' ? null : text, isString: false };
}

function skipSpace(json: string, cursor: { at: number }): void {
  space.lastIndex = cursor.at;
  space.test(json);
  cursor.at = space.lastIndex;
}

/** The text of the value at the cursor, which moves behind it. */
function raw(json: string, cursor: { at: number }): string {
  const from = cursor.at;
  cursor.at = valueEnd(json, from);
  return json.slice(from, cursor.at);
}

function valueEnd(json: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === quoteCode) {
      at = stringEnd(json, at);
      if (depth === 0) return at;
    } else if (opens(code)) {
      depth += 1;
      at += 1;
    } else if (closes(code)) {
      if (depth === 0) return at;
      depth -= 1;
      at += 1;
      if (depth === 0) return at;
    } else if (depth === 0 && separates(code)) return at;
    else at += 1;
  }
  return at;
}

export const quoteCode = 34;
export const backslashCode = 92;

/** `{` or `[`. */
export function opens(code: number): boolean {
  return code === 123 || code === 91;
}

/** `}` or `]`. */
export function closes(code: number): boolean {
  return code === 125 || code === 93;
}

/** What may stand behind a number or a word: `,`, `:` or white space. */
export function separates(code: number): boolean {
  return code === 44 || code === 58 || code === 32 || (code >= 9 && code <= 13);
}

function stringEnd(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === backslashCode) at += 1;
    else if (code === quoteCode) return at + 1;
  }
  return json.length;
}
