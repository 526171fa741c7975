/**
 * The elements of a one-dimensional array in PostgreSQL's text form; NULL is null. Null for an array of several dimensions or with
 * bounds of its own. Source: the manual, "Array Input and Output Syntax".
 */
export function arrayElements(text: string): (string | null)[] | null {
  if (text === '{}') return [];
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  const elements: (string | null)[] = [];
  const element = /(?:"((?:[^"\\]|\\.)*)"|([^",{}]+))([,}])/sy;
  element.lastIndex = 1;
  while (element.lastIndex < text.length) {
    const match = element.exec(text);
    if (!match) return null;
    const [, quoted, bare = ''] = match;
    if (quoted !== undefined) elements.push(quoted.replace(/\\(.)/gs, '$1'));
    else elements.push(bare.toUpperCase() === 'NULL' ? null : bare.replace(/\\(.)/gs, '$1'));
  }
  return elements;
}
