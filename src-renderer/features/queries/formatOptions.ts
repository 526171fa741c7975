import type { FormatOptionsWithLanguage } from 'sql-formatter';

/** How SQL is laid out; a person's settings may replace each of these. */
export interface FormatTaste {
  readonly keywordCase: 'upper' | 'lower' | 'preserve';
  /** Spaces of one step. */
  readonly indent: number;
  /** A line that would be longer is broken. */
  readonly width: number;
}

export const defaultFormatTaste: FormatTaste = { keywordCase: 'upper', indent: 2, width: 100 };

/** Placeholders stay as they are written; names are never touched, since quoted ones depend on their case. */
export function formatOptions(taste: FormatTaste = defaultFormatTaste): FormatOptionsWithLanguage {
  return {
    language: 'postgresql',
    keywordCase: taste.keywordCase,
    tabWidth: taste.indent,
    expressionWidth: taste.width,
    linesBetweenQueries: 1,
    paramTypes: { named: [':'], numbered: ['$'] },
  };
}
