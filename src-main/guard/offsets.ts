/**
 * A function that turns a byte offset of the text's UTF-8 form into a UTF-16 offset; libpg-query locates statements in bytes.
 * Calls must not go backwards: it walks the text once. A lone surrogate counts as the 3 bytes of U+FFFD that it is sent as.
 */
export function byteOffsets(text: string): (byteOffset: number) => number {
  let bytes = 0;
  let index = 0;
  return (byteOffset) => {
    while (bytes < byteOffset && index < text.length) {
      const point = text.codePointAt(index) ?? 0;
      bytes += utf8Length(point);
      index += point > 0xffff ? 2 : 1;
    }
    return index;
  };
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** The UTF-16 offset of the n-th character (code point); PostgreSQL counts error positions in characters. */
export function codePointOffset(text: string, characters: number): number {
  let index = 0;
  for (let seen = 0; seen < characters && index < text.length; seen += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}
