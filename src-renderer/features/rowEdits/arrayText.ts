/** An element of a one-dimensional array; NULL is null. */
export type Element = string | null;

/** Source: the manual, "Array Input and Output Syntax": what must stand in quotes. */
const mustQuote = /[{},"\\\s]|^$|^null$/i;

/** A list as PostgreSQL's array text. Nested arrays are elements that begin with `{`: they are written as they stand. */
export function arrayText(elements: readonly Element[], nested = false): string {
  return `{${elements.map((element) => elementText(element, nested)).join(',')}}`;
}

function elementText(element: Element, nested: boolean): string {
  if (element === null) return 'NULL';
  if (nested || !mustQuote.test(element)) return element;
  return `"${element.replace(/[\\"]/g, '\\$&')}"`;
}
