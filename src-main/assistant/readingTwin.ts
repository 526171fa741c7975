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
  const verb = words.findIndex(({ text: word }) => word === 'INSERT' || word === 'UPDATE' || word === 'DELETE');
  const start = words[verb];
  if (!start) return null;
  const slice: Slice = (from, to) => bytes.subarray(from, to).toString('utf8').trim().replace(/;$/, '');
  const after = words.slice(verb + 1);
  const body = start.text === 'INSERT' ? insertedRows(after, slice) : touchedRows(start, after, slice);
  return body === null ? null : `${slice(0, start.from)} ${body}`.trim();
}

type Slice = (from: number | undefined, to: number | undefined) => string;

const first = (words: readonly Word[], ...wanted: string[]): Word | undefined => words.find(({ text }) => wanted.includes(text));

/** Of an INSERT: what it inserts, up to ON CONFLICT or RETURNING. */
function insertedRows(after: readonly Word[], slice: Slice): string | null {
  const source = first(after, 'SELECT', 'VALUES', 'TABLE', 'WITH');
  if (!source || after[after.indexOf(source) - 1]?.text === 'DEFAULT') return null;
  const conflict = after.find(({ text }, index) => text === 'ON' && after[index + 1]?.text === 'CONFLICT');
  return slice(source.from, (conflict ?? first(after, 'RETURNING'))?.from);
}

/** Of an UPDATE or a DELETE: its table, what it joins, its condition. */
function touchedRows(start: Word, after: readonly Word[], slice: Slice): string {
  const removes = start.text === 'DELETE';
  const where = first(after, 'WHERE');
  const end = first(after, 'RETURNING')?.from;
  const others = first(after, removes ? 'USING' : 'FROM');
  const relation = removes ? slice(first(after, 'FROM')?.to, first(after, 'USING', 'WHERE', 'RETURNING')?.from) : slice(start.to, first(after, 'SET')?.from);
  const more = others ? `, ${slice(others.to, where?.from ?? end)}` : '';
  return `SELECT 1 FROM ${relation}${more}${where ? ` WHERE ${slice(where.to, end)}` : ''}`;
}

/** The keywords outside of all parentheses, in upper case, with their byte offsets. */
async function topLevelWords(text: string): Promise<Word[]> {
  // Its WebAssembly is a second copy of the guard's, which the start need not wait for.
  const { scan } = await import('libpg-query');
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
