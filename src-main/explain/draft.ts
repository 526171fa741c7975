import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { ExplainItem, ExplainSectionId } from '../../src-preload/contract/explain';
import { Source, type Span } from './source';
import { conjuncts, firstLocation, functionName, isAggregate, visit } from './tree';

/** How much of a text is quoted within a sentence; the item's span has all of it. */
const QUOTED_CHARS = 400;

/** Text as code in Markdown, on one line. */
export function quoted(code: string): string {
  const shown = code.length > QUOTED_CHARS ? `${code.slice(0, QUOTED_CHARS - 1)}…` : code;
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[], word = 'and'): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** The explanation while it is made: sentences by section, each with its place in the text. */
export class Draft {
  readonly source: Source;
  private readonly items = new Map<ExplainSectionId, ExplainItem[]>();
  private depth = 0;

  /** `statement` explains a whole statement that stands inside of another. */
  constructor(text: string, readonly statement: (draft: Draft, node: Node) => void) {
    this.source = new Source(text);
  }

  say(section: ExplainSectionId, text: string, span: Span | null, level: ExplainItem['level'] = 'plain'): void {
    this.put(section, { text, span: span && { from: span.from, to: span.to }, depth: this.depth, level, statement: null });
  }

  put(section: ExplainSectionId, item: ExplainItem): void {
    this.items.set(section, [...this.of(section), item]);
  }

  of(section: ExplainSectionId): readonly ExplainItem[] {
    return this.items.get(section) ?? [];
  }

  step(text: string, span: Span | null): void {
    this.say('steps', text, span);
  }

  /** What is said by `work` is of a query inside the present one. */
  inside(work: () => void): void {
    this.depth += 1;
    work();
    this.depth -= 1;
  }

  quote(span: Span): string {
    return quoted(this.source.code(span));
  }

  /** Where a tree begins in the text; null where nothing in it has a place. */
  begin(tree: unknown): number | null {
    const location = firstLocation(tree);
    return location === null ? null : this.source.offset(location);
  }

  /** The clause around a tree, found by the word that it begins with. */
  clause(tree: unknown, words: readonly string[], ...alsoBefore: readonly string[]): Span | null {
    const begin = this.begin(tree);
    const first = begin === null ? null : this.source.wordBefore(begin, ...words);
    return first && this.source.clauseFrom(first.from, ...alsoBefore);
  }

  /** Each member of an AND or OR with its place in `within`, which is the whole condition's. */
  parts(members: readonly Node[], within: Span, separator: 'AND' | 'OR'): { node: Node; span: Span }[] {
    const borders = members.slice(1).map((member) => {
      const begin = this.begin(member);
      const word = begin === null ? null : this.source.wordBefore(begin, separator);
      return word && word.from > within.from ? word : null;
    });
    return members.map((node, index) => {
      const before = index === 0 ? null : borders[index - 1];
      const after = borders[index];
      const from = before ? this.source.after(before, within).from : within.from;
      return { node, span: this.source.trimmed({ from, to: after ? after.from : within.to }) };
    });
  }

  /** The conditions that must all hold, each with its place. */
  filters(condition: Node, within: Span): { node: Node; span: Span }[] {
    return this.parts(conjuncts(condition), within, 'AND');
  }

  /** The aggregates that a tree calls itself, not in queries inside of it, each once. */
  aggregates(tree: unknown): { call: FuncCall; name: string; span: Span }[] {
    const found: { call: FuncCall; name: string; span: Span }[] = [];
    visit(tree, (value) => {
      if ('SelectStmt' in value) return false;
      const call = value['FuncCall'] as FuncCall | undefined;
      if (call && isAggregate(call)) found.push({ call, name: functionName(call), span: this.source.call(this.source.offset(call.location ?? 0)) });
      return undefined;
    });
    return found;
  }

  /** Whether a query stands within a range of the text, which is a part of the tree's. */
  subqueriesIn(tree: unknown, { from, to }: Span): boolean {
    return this.subqueries(tree).some((query) => {
      const begin = this.begin(query);
      return begin !== null && begin >= from && begin < to;
    });
  }

  /** The queries directly inside a tree. */
  subqueries(tree: unknown): SelectStmt[] {
    const found: SelectStmt[] = [];
    visit(tree, (value) => {
      if (!('SelectStmt' in value)) return undefined;
      found.push(value['SelectStmt'] as SelectStmt);
      return false;
    });
    return found;
  }
}
