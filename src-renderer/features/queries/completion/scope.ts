import type { CatalogIndex, Relation } from './catalogIndex';
import { NOT_AN_ALIAS } from './keywords';
import { after, isName, nameOf, type Lexeme, type Reading } from './lexemes';

export interface ScopeColumn {
  readonly name: string;
  readonly type: string;
}

/** Something in a FROM list, by the name under which the query speaks of it. */
export interface Source {
  readonly name: string;
  /** True where the name is an alias and not the table's own. */
  readonly aliased: boolean;
  readonly relation: Relation | null;
  readonly columns: readonly ScopeColumn[];
  /** Index of its first lexeme. */
  readonly at: number;
}

type Ctes = ReadonlyMap<string, readonly ScopeColumn[]>;

/** What is visible at the cursor: the innermost query's sources first, then those around it. */
export interface Scope {
  readonly levels: readonly (readonly Source[])[];
  readonly ctes: Ctes;
  /** Names that the innermost select list gives, for ORDER BY and GROUP BY. */
  readonly outputs: readonly string[];
  /** First lexeme of the innermost group or arm that holds the cursor. */
  readonly from: number;
}

const QUERY_STARTS = new Set(['select', 'with', 'values', 'insert', 'update', 'delete', 'table', 'merge']);
const SET_OPERATORS = new Set(['union', 'intersect', 'except']);
const END_OF_SOURCES = new Set('where group order having limit offset fetch for window union intersect except returning set values select on'.split(' '));
const JOIN_WORDS = new Set('join inner left right full outer cross natural'.split(' '));

/** Reads a FROM list and everything around it out of lexemes; nothing in it needs the statement to be complete. */
class ScopeReader {
  private readonly lexemes: readonly Lexeme[];
  private readonly catalog: CatalogIndex;
  /** Guards against text that nests without end. */
  private depth = 0;

  constructor(lexemes: readonly Lexeme[], catalog: CatalogIndex) {
    this.lexemes = lexemes;
    this.catalog = catalog;
  }

  private word(index: number): string {
    return this.lexemes[index]?.word ?? '';
  }

  private opensGroup(index: number): boolean {
    const lexeme = this.lexemes[index];
    return lexeme?.kind === 'punctuation' && lexeme.text === '(';
  }

  opensQuery(index: number): boolean {
    return this.opensGroup(index) && QUERY_STARTS.has(this.word(index + 1));
  }

  /** `name (columns) AS (query)` after WITH; the later ones see the earlier ones, a recursive one itself. */
  ctes(from: number, to: number, outer: Ctes): Ctes {
    if (this.word(from) !== 'with') return outer;
    const found = new Map(outer);
    let index = from + (this.word(from + 1) === 'recursive' ? 2 : 1);
    while (index < to) {
      const next = this.cte(index, to, found);
      if (next === null || this.lexemes[next]?.text !== ',') break;
      index = next + 1;
    }
    return found;
  }

  /** Reads one of them; the index after it, or null where none begins. */
  private cte(from: number, to: number, found: Map<string, readonly ScopeColumn[]>): number | null {
    const lexeme = this.lexemes[from];
    if (!isName(lexeme) || QUERY_STARTS.has(lexeme.word)) return null;
    const listed = this.opensGroup(from + 1);
    const named = listed ? this.namesIn(from + 1).map((name) => ({ name, type: '' })) : [];
    let index = listed ? after(this.lexemes, from + 1) : from + 1;
    while (index < to && !this.opensGroup(index) && this.lexemes[index]?.text !== ',' && !QUERY_STARTS.has(this.word(index))) index += 1;
    found.set(nameOf(lexeme), named);
    if (!this.opensGroup(index)) return index;
    const body = this.outputColumns(index + 1, this.lexemes[index]?.close ?? to, found);
    const typed = named.map(({ name }, place) => ({ name, type: body[place]?.type ?? '' }));
    found.set(nameOf(lexeme), listed ? typed : body);
    return after(this.lexemes, index);
  }

  private namesIn(open: number): string[] {
    return this.lexemes.slice(open + 1, this.lexemes[open]?.close).filter(isName).map(nameOf);
  }

  /** The arms of UNION and its like at one level: half-open ranges of lexemes. */
  arms(from: number, to: number): [number, number][] {
    const found: [number, number][] = [];
    let start = from;
    for (let index = from; index < to; index = after(this.lexemes, index)) {
      if (!SET_OPERATORS.has(this.word(index))) continue;
      found.push([start, index]);
      start = index + 1;
    }
    return [...found, [start, to]];
  }

  /** Sources named at this level between two lexemes. */
  sources(from: number, to: number, ctes: Ctes): Source[] {
    const found: Source[] = [];
    let index = from;
    while (index < to) {
      const word = this.word(index);
      const previous = this.word(index - 1);
      const begins =
        (word === 'from' && previous !== 'distinct') || word === 'into' || (word === 'update' && previous !== 'for' && previous !== 'do') || (word === 'using' && !this.opensGroup(index + 1)) || JOIN_WORDS.has(word);
      if (begins) index = this.sourceList(index + 1, to, ctes, found);
      else index = after(this.lexemes, index);
    }
    return found;
  }

  private sourceList(from: number, to: number, ctes: Ctes, found: Source[]): number {
    let index = from;
    while (index < to) {
      const word = this.word(index);
      if (END_OF_SOURCES.has(word)) return index;
      if (JOIN_WORDS.has(word) || word === 'only' || word === 'lateral' || this.lexemes[index]?.text === ',') {
        index += 1;
        continue;
      }
      const next = this.source(index, to, ctes, found);
      if (next === index) return index;
      index = next;
      if (this.word(index) === 'on' || this.word(index) === 'using') return index + 1;
    }
    return index;
  }

  private source(index: number, to: number, ctes: Ctes, found: Source[]): number {
    if (this.opensGroup(index)) return this.groupSource(index, to, ctes, found);
    const path = this.path(index);
    if (path === null) return index;
    if (path.name === null) return path.next;
    const { schema, name } = path;
    const target = this.word(index - 1) === 'into' || this.word(index - 3) === 'into';
    const call = this.opensGroup(path.next) && !target;
    const alias = this.alias(call ? after(this.lexemes, path.next) : path.next, to);
    const cte = schema === null ? ctes.get(name) : undefined;
    const relation = call || cte ? null : this.catalog.relation(schema, name);
    const own = cte ?? relation?.columns ?? [];
    found.push({ name: alias.name ?? name, aliased: alias.name !== null, relation, columns: renamed(own, alias.columns), at: index });
    return alias.next;
  }

  /** `name` or `schema.name`; the name is null where nothing follows the dot yet, since the cursor is there. */
  private path(index: number): { schema: string | null; name: string | null; next: number } | null {
    const first = this.lexemes[index];
    if (!isName(first) || NOT_AN_ALIAS.has(first.word)) return null;
    if (this.lexemes[index + 1]?.text !== '.') return { schema: null, name: nameOf(first), next: index + 1 };
    const second = this.lexemes[index + 2];
    if (!isName(second) || END_OF_SOURCES.has(second.word)) return { schema: nameOf(first), name: null, next: index + 2 };
    return { schema: nameOf(first), name: nameOf(second), next: index + 3 };
  }

  private groupSource(index: number, to: number, ctes: Ctes, found: Source[]): number {
    const close = Math.min(this.lexemes[index]?.close ?? to, to);
    const next = after(this.lexemes, index);
    if (!this.opensQuery(index)) {
      this.sourceList(index + 1, close, ctes, found);
      for (const joined of this.sources(index + 1, close, ctes)) if (!found.some((source) => source.at === joined.at)) found.push(joined);
      return next;
    }
    const alias = this.alias(next, to);
    if (alias.name !== null) found.push({ name: alias.name, aliased: true, relation: null, columns: renamed(this.outputColumns(index + 1, close, ctes), alias.columns), at: index });
    return Math.max(alias.next, index + 1);
  }

  private alias(index: number, to: number): { name: string | null; columns: readonly string[]; next: number } {
    let next = index;
    const spelled = this.word(next) === 'as';
    if (spelled) next += 1;
    const lexeme = this.lexemes[next];
    if (next >= to || !isName(lexeme) || (!spelled && NOT_AN_ALIAS.has(lexeme.word))) return { name: null, columns: [], next };
    next += 1;
    if (!this.opensGroup(next)) return { name: nameOf(lexeme), columns: [], next };
    return { name: nameOf(lexeme), columns: this.namesIn(next), next: after(this.lexemes, next) };
  }

  /** The columns that a query gives, as far as its select list or RETURNING names them. */
  outputColumns(from: number, to: number, outer: Ctes): ScopeColumn[] {
    if (this.depth > 12) return [];
    this.depth += 1;
    const ctes = this.ctes(from, to, outer);
    const arm = this.arms(from, to)[0] ?? [from, to];
    let start = arm[0];
    while (start < arm[1] && !['select', 'returning'].includes(this.word(start))) start = after(this.lexemes, start);
    const sources = this.sources(arm[0], arm[1], ctes);
    const columns = this.selectItems(start + 1, arm[1]).flatMap((item) => this.itemColumns(item, sources));
    this.depth -= 1;
    return columns;
  }

  private selectItems(from: number, to: number): Lexeme[][] {
    const items: Lexeme[][] = [[]];
    for (let index = from; index < to; index = after(this.lexemes, index)) {
      const lexeme = this.lexemes[index];
      if (!lexeme || (lexeme.word === 'from' && this.word(index - 1) !== 'distinct') || SET_OPERATORS.has(lexeme.word) || ['where', 'order', 'group', 'limit', 'into'].includes(lexeme.word)) break;
      if (lexeme.text === ',') items.push([]);
      else items.at(-1)?.push(lexeme);
    }
    return items;
  }

  private itemColumns(item: readonly Lexeme[], sources: readonly Source[]): readonly ScopeColumn[] {
    const last = item.at(-1);
    if (!last) return [];
    const qualifier = item.at(-2)?.text === '.' ? item.at(-3) : undefined;
    const from = isName(qualifier) ? sources.filter((source) => source.name === nameOf(qualifier)) : sources;
    if (last.text === '*') return from.flatMap((source) => source.columns);
    // `count(*)` without an alias is named after the function.
    const call = last.text === '(' ? item.at(-2) : undefined;
    if (isName(call)) return [{ name: nameOf(call), type: '' }];
    if (isName(last)) {
      const name = nameOf(last);
      const plain = item.length === 1 || qualifier !== undefined;
      if (!plain && last.word === 'end') return [{ name: 'case', type: '' }];
      const known = plain ? from.flatMap((source) => source.columns).find((column) => column.name === name) : undefined;
      return [{ name, type: known?.type ?? '' }];
    }
    return [];
  }
}

function renamed(columns: readonly ScopeColumn[], names: readonly string[]): readonly ScopeColumn[] {
  if (names.length === 0) return columns;
  return names.map((name, index) => ({ name, type: columns[index]?.type ?? '' })).concat(columns.slice(names.length));
}

/** What is visible at the cursor of a reading. */
export function scopeAt(reading: Reading, catalog: CatalogIndex): Scope {
  const reader = new ScopeReader(reading.lexemes, catalog);
  const levels: Source[][] = [];
  let ctes: Ctes = new Map();
  let from = 0;
  let to = reading.lexemes.length;
  let outputs: string[] = [];
  let isQuery = true;
  for (;;) {
    if (isQuery) {
      ctes = reader.ctes(from, to, ctes);
      const arm = reader.arms(from, to).find(([start, end]) => reading.cursor >= start && reading.cursor <= end) ?? [from, to];
      levels.unshift(reader.sources(arm[0], arm[1], ctes));
      outputs = reader.outputColumns(arm[0], arm[1], ctes).map((column) => column.name);
      from = arm[0];
    }
    const open = groupAround(reading, from, to);
    if (open === null) return { levels, ctes, outputs, from };
    isQuery = reader.opensQuery(open);
    from = open + 1;
    to = Math.min(to, reading.lexemes[open]?.close ?? to);
  }
}

/** The group at this level that holds the cursor: the index of its parenthesis. */
function groupAround({ lexemes, cursor }: Reading, from: number, to: number): number | null {
  for (let index = from; index < Math.min(to, cursor); index = after(lexemes, index)) {
    const lexeme = lexemes[index];
    if (lexeme?.text === '(' && lexeme.kind === 'punctuation' && lexeme.close >= cursor) return index;
  }
  return null;
}
