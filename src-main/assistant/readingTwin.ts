import { scan } from 'libpg-query';

interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The query that finds the rows which an INSERT, UPDATE or DELETE would touch, for estimating their number: the guard plans no
 * statement that writes, because planning may already run functions, but it judges and plans this one like any other query. Null for
 * other statements. The text must be one statement that parses.
 */
export async function readingTwin(text: string): Promise<string | null> {
  const bytes = Buffer.from(text, 'utf8'); // the scanner counts bytes
  const words = await topLevelWords(text);
  const slice = (from: number | undefined, to: number | undefined): string => bytes.subarray(from, to).toString('utf8').trim().replace(/;$/, '');
  const verb = words.findIndex(({ text: word }) => word === 'INSERT' || word === 'UPDATE' || word === 'DELETE');
  const start = words[verb];
  if (!start) return null;
  const after = words.slice(verb + 1);
  const find = (...wanted: string[]): Word | undefined => after.find(({ text: word }) => wanted.includes(word));
  const prefix = slice(0, start.from);
  const where = find('WHERE');
  const end = find('RETURNING')?.from;

  if (start.text === 'INSERT') {
    const conflict = after.find(({ text: word }, index) => word === 'ON' && after[index + 1]?.text === 'CONFLICT');
    const source = find('SELECT', 'VALUES', 'TABLE', 'WITH');
    if (!source || after[after.indexOf(source) - 1]?.text === 'DEFAULT') return null;
    return `${prefix} ${slice(source.from, conflict?.from ?? end)}`.trim();
  }
  const [relation, others] =
    start.text === 'DELETE' ? [slice(find('FROM')?.to, find('USING', 'WHERE', 'RETURNING')?.from), find('USING')] : [slice(start.to, find('SET')?.from), find('FROM')];
  const more = others ? `, ${slice(others.to, where?.from ?? end)}` : '';
  const condition = where ? ` WHERE ${slice(where.to, end)}` : '';
  return `${prefix} SELECT 1 FROM ${relation}${more}${condition}`.trim();
}

/** The keywords outside of all parentheses, in upper case, with their byte offsets. */
async function topLevelWords(text: string): Promise<Word[]> {
  const { tokens } = await scan(text);
  const words: Word[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[') depth += 1;
    else if (token.text === ')' || token.text === ']') depth -= 1;
    else if (depth === 0 && token.keywordName !== 'NO_KEYWORD') words.push({ text: token.text.toUpperCase(), from: token.start, to: token.end });
  }
  return words;
}
