/** Characters that show nothing or turn the order of what is shown: what a person approves must be what they see. */
export function hiddenCharacter(text: string): string | null {
  const found = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00AD\u034F\u115F\u1160\u17B4\u17B5\u3164\uFFA0]/u.exec(text)?.[0];
  return found === undefined ? null : `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
