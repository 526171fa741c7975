import { nextToken } from './lexer';
import type { Parser } from './parser';
import { bindPlaceholders, findPlaceholders } from './placeholders';

/**
 * Why `after` does not say what `before` says, as a sentence; null when it does: the trees of PostgreSQL's grammar are equal but for
 * places in the text, every constant included, and so are the comments, which the trees do not hold.
 */
export async function difference(parser: Parser, before: string, after: string): Promise<string | null> {
  const [one, other] = [await treeOf(parser, before), await treeOf(parser, after)];
  if (one.error !== null) return `It cannot be read as SQL, so nobody could tell whether a new layout changes it: ${one.error}`;
  if (other.error !== null) return `The new layout could not be read any more: ${other.error}`;
  if (one.tree !== other.tree) return 'The new layout would have changed what a statement means.';
  if (one.comments !== other.comments) return 'The new layout would have changed a comment.';
  return null;
}

interface Reading {
  readonly tree: string;
  readonly comments: string;
  readonly error: string | null;
}

async function treeOf(parser: Parser, text: string): Promise<Reading> {
  const parsed = await parser.parse(bindPlaceholders(text, findPlaceholders(text)).text);
  if (!parsed.ok) return { tree: '', comments: '', error: parsed.message };
  const tree = JSON.stringify(
    parsed.statements.map((statement) => statement.node),
    (key, value: unknown) => (key === 'location' || key === 'stmt_location' || key === 'stmt_len' || key.endsWith('_location') ? undefined : value),
  );
  return { tree, comments: commentsOf(text), error: null };
}

/** The comments in their order; blanks at the ends of their lines do not count. A planner hint counts with the word that it follows. */
function commentsOf(text: string): string {
  const found: string[] = [];
  let before = '';
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    const written = text.slice(token.from, token.to);
    if (token.kind !== 'comment') {
      before = written.toLowerCase();
      continue;
    }
    const lines = written.split(/\r\n|\n|\r/).map((line) => line.trim());
    found.push((written.startsWith('/*+') ? `${before} ` : '') + lines.join('\n'));
  }
  return JSON.stringify(found);
}
