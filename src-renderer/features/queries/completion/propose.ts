import type { CatalogIndex, Relation } from './catalogIndex';
import { joinProposals, onConditions } from './joins';
import { AFTER_IS, AFTER_SELECT, FOLLOWING, OPERANDS, quoteIdentifier, STARTS } from './keywords';
import { readStatement, type Reading } from './lexemes';
import { Best, fitness } from './rank';
import { scopeAt, type Scope, type ScopeColumn, type Source } from './scope';
import { slotAt, type Slot } from './slot';

export type ProposalKind = 'column' | 'table' | 'view' | 'schema' | 'join' | 'function' | 'keyword' | 'type';

export interface Proposal {
  readonly kind: ProposalKind;
  /** What the list shows. */
  readonly label: string;
  /** What is typed when it is taken. */
  readonly insert: string;
  readonly detail: string;
  /** How far before the end of `insert` the cursor goes. */
  readonly back: number;
}

export interface Proposals {
  /** The range of the text that a proposal replaces. */
  readonly from: number;
  readonly to: number;
  readonly proposals: readonly Proposal[];
  /** Whether the list should open although nobody asked: after a dot, ON and JOIN, or with enough of a word. */
  readonly eager: boolean;
}

const LIMIT = 200;
/** Puts a kind before another where both fit the typed word alike. */
const BONUS = { join: 5000, column: 90, output: 85, relation: 60, cte: 80, schema: 40, function: 20, keyword: 50, outer: 70 } as const;

const VIEWS = new Set(['view', 'materialized_view']);
const TABLES = new Set(['table', 'partition', 'view', 'materialized_view', 'foreign_table']);

class Proposer {
  private readonly best = new Best<Proposal>(LIMIT);
  private readonly typed: string;
  private readonly reading: Reading;
  private readonly scope: Scope;
  private readonly catalog: CatalogIndex;
  private readonly lowerCase: boolean;

  constructor(reading: Reading, scope: Scope, catalog: CatalogIndex) {
    this.reading = reading;
    this.scope = scope;
    this.catalog = catalog;
    this.typed = reading.prefix.toLowerCase();
    this.lowerCase = writesLowerCase(reading);
  }

  proposals(slot: Slot): Proposal[] {
    this.fill(slot);
    return this.best.take();
  }

  private fill(slot: Slot): void {
    switch (slot.kind) {
      case 'nothing':
        return;
      case 'start':
        return this.keywords(STARTS);
      case 'member':
        return this.members(slot.path, slot.relation);
      case 'relation':
        return this.relationSlot(slot.join);
      case 'on':
        return this.onSlot();
      case 'using':
        return this.sharedColumns();
      case 'insertColumns':
        return this.targetColumns(slot.listed);
      case 'setColumn':
        return this.targetColumns([]);
      case 'type':
        return this.catalog.types.forEach((name) => this.offer(fitness(name, this.typed), { kind: 'type', label: name, insert: name }));
      case 'is':
        return this.keywords(AFTER_IS);
      case 'operand':
        return this.operands(slot.clause, slot.afterSelect);
      case 'following':
        return this.keywords(FOLLOWING[slot.clause] ?? STARTS);
    }
  }

  private offer(score: number, proposal: Pick<Proposal, 'kind' | 'label' | 'insert'> & Partial<Proposal>): void {
    if (score > 0) this.best.offer(score, () => ({ detail: '', back: 0, ...proposal }));
  }

  /** As `offer`, with how well `name` fits the typed word and the bonus of its kind. */
  private offerNamed(name: string, bonus: number, proposal: Pick<Proposal, 'kind' | 'label' | 'insert'> & Partial<Proposal>): void {
    const fit = fitness(name, this.typed);
    if (fit > 0) this.offer(fit + bonus, proposal);
  }

  /** An identifier as it must be written here: quoted where it must be, or where the person began with a quote. */
  private identifier(name: string): string {
    return this.reading.quoted ? `"${name.replaceAll('"', '""')}"` : quoteIdentifier(name);
  }

  private readonly keyword = (word: string): string => (this.lowerCase ? word.toLowerCase() : word);

  private keywords(words: readonly string[]): void {
    if (this.reading.quoted) return;
    words.forEach((word, index) => {
      const fit = fitness(word, this.typed);
      // Keywords are found by their beginning only; else they would crowd out the names.
      if (fit >= 500) this.offer(fit + BONUS.keyword - index / words.length, { kind: 'keyword', label: this.keyword(word), insert: this.keyword(word) });
      else if (this.typed === '') this.offer(1 - index / 1000, { kind: 'keyword', label: this.keyword(word), insert: this.keyword(word) });
    });
  }

  private column(column: ScopeColumn, source: Source, ambiguous: boolean, bonus: number): void {
    const fit = fitness(column.name, this.typed);
    if (fit === 0) return;
    const qualifier = `${quoteIdentifier(source.name)}.`;
    const qualified = ambiguous && !this.reading.quoted;
    const label = qualified ? `${source.name}.${column.name}` : column.name;
    const insert = qualified ? qualifier + quoteIdentifier(column.name) : this.identifier(column.name);
    this.offer(fit + bonus, { kind: 'column', label, insert, detail: [column.type, ambiguous ? '' : source.name].filter(Boolean).join(' · ') });
  }

  /** Columns of everything in scope: one proposal a column; qualified where two sources have one of that name. */
  private columnsInScope(): void {
    this.scope.levels.forEach((sources, level) => {
      const counts = new Map<string, number>();
      for (const source of sources) for (const column of source.columns) counts.set(column.name, (counts.get(column.name) ?? 0) + 1);
      for (const source of sources) {
        for (const column of source.columns) this.column(column, source, (counts.get(column.name) ?? 0) > 1, level === 0 ? BONUS.column : BONUS.outer - level);
      }
    });
    // The sources themselves, to be followed by a dot.
    for (const source of this.scope.levels.flat()) {
      if (this.typed !== '') this.offerNamed(source.name, BONUS.relation, { kind: 'table', label: source.name, insert: this.identifier(source.name), detail: source.relation ? `${source.relation.schema}.${source.relation.name}` : '' });
    }
  }

  private operands(clause: string, afterSelect: boolean): void {
    this.columnsInScope();
    if (clause === 'order' || clause === 'group') {
      for (const name of new Set(this.scope.outputs)) {
        const known = this.scope.levels[0]?.some((source) => source.columns.some((column) => column.name === name));
        if (!known) this.offerNamed(name, BONUS.output, { kind: 'column', label: name, insert: this.identifier(name), detail: 'output' });
      }
    }
    if (this.typed !== '') this.functions();
    this.keywords(afterSelect ? [...AFTER_SELECT, ...OPERANDS] : OPERANDS);
  }

  private functions(): void {
    if (this.reading.quoted) return;
    for (const entry of this.catalog.functions) {
      const fit = fitness(entry.name, this.typed);
      // Thousands of built-in functions: only those that begin with what was typed.
      if (fit < 500) continue;
      this.offer(fit + BONUS.function, {
        kind: 'function',
        label: entry.name,
        insert: `${this.catalog.inPath(entry.schema) ? quoteIdentifier(entry.name) : `${quoteIdentifier(entry.schema)}.${quoteIdentifier(entry.name)}`}()`,
        detail: entry.detail,
        back: entry.takesArguments ? 1 : 0,
      });
    }
  }

  private readonly written = (relation: Relation): string => {
    const reached = this.catalog.relation(null, relation.name);
    return reached?.schema === relation.schema ? this.identifier(relation.name) : `${quoteIdentifier(relation.schema)}.${this.identifier(relation.name)}`;
  };

  private relations(): void {
    for (const relation of this.catalog.relations) {
      if (!TABLES.has(relation.kind)) continue;
      const fit = fitness(relation.name, this.typed);
      if (fit === 0) continue;
      const far = Math.min(30, this.catalog.pathRank(relation.schema) * 5) + (relation.kind === 'partition' ? 10 : 0);
      this.best.offer(fit + BONUS.relation - far, () => ({ kind: VIEWS.has(relation.kind) ? 'view' : 'table', label: relation.name, insert: this.written(relation), detail: relation.schema, back: 0 }));
    }
  }

  private relationSlot(join: boolean): void {
    if (join) {
      const before = (this.scope.levels[0] ?? []).filter((source) => source.at < this.reading.cursor);
      for (const proposal of joinProposals(before, this.catalog, this.written, this.keyword)) {
        const fit = fitness(proposal.table, this.typed);
        if (fit > 0) this.offer(fit + BONUS.join, { kind: 'join', label: proposal.text, insert: proposal.text });
      }
    }
    for (const [name] of this.scope.ctes) this.offerNamed(name, BONUS.cte, { kind: 'table', label: name, insert: this.identifier(name), detail: 'WITH' });
    this.relations();
    for (const schema of this.catalog.schemas) this.offerNamed(schema, BONUS.schema, { kind: 'schema', label: schema, insert: `${this.identifier(schema)}.` });
    if (this.typed !== '') this.keywords(['LATERAL', 'ONLY', 'SELECT']);
  }

  private onSlot(): void {
    const before = (this.scope.levels[0] ?? []).filter((source) => source.at < this.reading.cursor);
    const joined = before.at(-1);
    if (joined) {
      for (const text of onConditions(joined, before.slice(0, -1), this.catalog, this.keyword)) {
        const fit = Math.max(fitness(text, this.typed), this.typed === '' ? 1 : 0);
        if (fit > 0) this.offer(fit + BONUS.join, { kind: 'join', label: text, insert: text });
      }
    }
    this.operands('on', false);
  }

  private sharedColumns(): void {
    const before = (this.scope.levels[0] ?? []).filter((source) => source.at < this.reading.cursor);
    const joined = before.at(-1);
    const others = new Set(before.slice(0, -1).flatMap((source) => source.columns.map((column) => column.name)));
    for (const column of joined?.columns ?? []) if (joined && others.has(column.name)) this.column(column, joined, false, BONUS.column);
  }

  private targetColumns(listed: readonly string[]): void {
    const target = this.scope.levels[0]?.[0] ?? this.scope.levels.at(-1)?.[0];
    for (const column of target?.columns ?? []) if (target && !listed.includes(column.name)) this.column(column, target, false, BONUS.column);
  }

  private members(path: readonly string[], relation: boolean): void {
    const [first, second] = path;
    if (first === undefined) return;
    if (second !== undefined) {
      const found = this.catalog.relation(first, second);
      if (found) for (const column of found.columns) this.column(column, { name: second, aliased: false, relation: found, columns: [], at: 0 }, false, BONUS.column);
      return;
    }
    const source = relation && this.catalog.schemas.includes(first) ? undefined : this.scope.levels.flat().find((candidate) => candidate.name === first);
    if (source) {
      for (const column of source.columns) this.column(column, source, false, BONUS.column);
      if (this.typed === '') this.offer(0.5, { kind: 'column', label: '*', insert: '*', detail: 'all columns' });
      return;
    }
    this.schemaMembers(first, relation);
  }

  private schemaMembers(schema: string, relation: boolean): void {
    for (const member of this.catalog.relationsIn(schema)) {
      if (TABLES.has(member.kind)) this.offerNamed(member.name, BONUS.relation, { kind: VIEWS.has(member.kind) ? 'view' : 'table', label: member.name, insert: this.identifier(member.name), detail: schema });
    }
    if (relation) return;
    for (const entry of this.catalog.functions) {
      if (entry.schema === schema) this.offer(fitness(entry.name, this.typed), { kind: 'function', label: entry.name, insert: `${this.identifier(entry.name)}()`, detail: entry.detail, back: entry.takesArguments ? 1 : 0 });
    }
  }
}

/** Keywords are written as the person writes them: like the statement's last keyword, else like the word being typed. */
function writesLowerCase({ prefix, lexemes, cursor }: Reading): boolean {
  const last = lexemes.slice(0, cursor).findLast((lexeme) => lexeme.word in FOLLOWING || lexeme.word === 'by' || lexeme.word === 'and');
  return last ? last.text === last.word : /[a-z]/.test(prefix);
}

/**
 * What could be typed at `offset` of a text that holds one statement, best first. Pure; with 30,000 tables it takes a few
 * milliseconds.
 */
export function propose(text: string, offset: number, catalog: CatalogIndex): Proposals {
  const reading = readStatement(text, offset);
  const slot = slotAt(reading);
  const proposals = slot.kind === 'nothing' ? [] : new Proposer(reading, scopeAt(reading, catalog), catalog).proposals(slot);
  const joining = slot.kind === 'on' || (slot.kind === 'relation' && slot.join);
  const eager = slot.kind === 'member' || (joining && proposals[0]?.kind === 'join') || reading.prefix.length >= (slot.kind === 'following' ? 2 : 1) || reading.quoted;
  return { from: reading.prefixFrom, to: reading.prefixTo, proposals, eager };
}
