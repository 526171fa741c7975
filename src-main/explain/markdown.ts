import type { Explanation, ExplainItem } from '../../src-preload/contract/explain';

const MARKS: Readonly<Record<ExplainItem['level'], string>> = { plain: '', note: 'Note: ', warning: 'Warning: ', serious: '**Serious:** ' };

/** The statement and its explanation as Markdown; `level` is that of its headings. */
export function explanationMarkdown({ statement, sections }: Explanation, level = 2): string {
  const parts = sections.map(({ id, title, items }) => {
    const lines = items.map((item, index) => `${'  '.repeat(item.depth)}${id === 'steps' && item.depth === 0 ? `${numberOf(items, index)}.` : '-'} ${MARKS[item.level]}${item.text}${id === 'steps' ? clauseOf(statement, item) : ''}${item.statement === null ? '' : `\n\n${fenced(item.statement)}\n`}`);
    return `${'#'.repeat(level)} ${title}\n\n${id === 'summary' ? items.map(({ text }) => text).join(' ') : lines.join('\n')}\n`;
  });
  return [`${fenced(statement.trim())}\n`, ...parts].join('\n');
}

/** The clause's own text behind its sentence, where the sentence does not hold it and it is short enough to stand on a line. */
function clauseOf(statement: string, { text, span }: ExplainItem): string {
  const code = span ? statement.slice(span.from, span.to).replace(/\s+/g, ' ') : '';
  return code === '' || code.length > 120 || code.includes('`') || code.length === statement.trim().length || text.includes(`\`${code}\``) ? '' : ` — \`${code}\``;
}

/** Steps are numbered on the outermost level. */
function numberOf(items: readonly ExplainItem[], index: number): number {
  return items.slice(0, index + 1).filter(({ depth }) => depth === 0).length;
}

/** A block of code with a fence that the text does not hold. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sql\n${text}\n${fence}`;
}
