import { AppError } from '../../errors';

type Parse = (sql: string, dialect: 'mysql') => { success: boolean; ast?: unknown; error?: string };

let loading: Promise<Parse> | null = null;

/** Loaded when the first statement of MySQL is judged: its WebAssembly is large. */
async function parser(): Promise<Parse> {
  loading ??= import('@polyglot-sql/sdk').then(async ({ init, parse }) => {
    await init();
    return parse as Parse;
  });
  try {
    return await loading;
  } catch (thrown) {
    loading = null;
    throw new AppError('internal', 'The parser of MySQL’s dialect could not be loaded.', { hint: 'Install the program again.' }, { cause: thrown });
  }
}

/** What the parser calls the statements that only read. */
const reading: Readonly<Record<string, readonly string[]>> = {
  SELECT: ['select', 'union', 'intersect', 'except', 'subquery', 'paren'],
  WITH: ['select', 'union', 'intersect', 'except', 'with'],
  SHOW: ['show'],
  EXPLAIN: ['describe'],
  DESCRIBE: ['describe'],
  DESC: ['describe'],
};

/** Nodes that stand in no tree of a statement that only reads. */
const changing = /^(insert|update|delete|merge|command|raw|set|set_statement|use|copy|load_data|truncate|grant|revoke|kill|call|execute|transaction|commit|rollback|lock|property_e_q|next_value_for|(create|drop|alter|rename)_.*)$/;

/** The parser does not know this option, which the lexer has read as plain words. */
const explainFormat = /^\s*(?:EXPLAIN|DESCRIBE|DESC)\s+FORMAT\s*=\s*[A-Za-z]+\s/i;

/**
 * Why the parser does not take this text for the reading statement that the lexer saw, as the end of a sentence; null when both agree.
 * `text` has no comments.
 */
export async function treeRefusal(text: string, start: string): Promise<string | null> {
  const parse = await parser();
  const result = attempt(parse, text.replace(/[;\s]+$/, '').replace(explainFormat, 'EXPLAIN '));
  if (!result.success || !Array.isArray(result.ast)) return `cannot be analysed: ${result.error ?? 'no tree'}`;
  const [statement, ...more] = result.ast as unknown[];
  if (statement === undefined || more.length > 0) return `cannot be analysed: the parser finds ${result.ast.length} statements in it`;
  const kind = kindOf(statement);
  if (!(reading[start] ?? []).includes(kind)) return `cannot be analysed: the parser takes it for something else (${kind})`;
  const found = changingNode(statement);
  return found === null ? null : `does more than read: the parser finds ${found.replaceAll('_', ' ')} in it`;
}

function attempt(parse: Parse, text: string): ReturnType<Parse> {
  try {
    return parse(text, 'mysql');
  } catch (thrown) {
    return { success: false, error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** A node is an object with one field, named after its kind. */
function kindOf(node: unknown): string {
  return node !== null && typeof node === 'object' ? (Object.keys(node)[0] ?? '') : '';
}

function changingNode(root: unknown): string | null {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === null || typeof node !== 'object') continue;
    if (Array.isArray(node)) {
      pending.push(...(node as unknown[]));
      continue;
    }
    for (const [key, value] of Object.entries(node)) {
      if (value === null || typeof value !== 'object') continue;
      const isNode = !Array.isArray(value) && Object.keys(node).length === 1;
      if (isNode && changing.test(key)) return key;
      if (key === 'into' || (key === 'locks' && (value as unknown[]).length > 0)) return key;
      pending.push(value);
    }
  }
  return null;
}
