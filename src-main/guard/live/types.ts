import type { Mentions, Shape } from '../mentions';
import { FIRST_USER_OID } from './catalog';
import type { CatalogType, RelationRow, Universe } from './catalog';

/** Functions that build a row of any type from text, and so turn text into the types of its columns. */
const ROW_BUILDERS = new Set(['json_populate_record', 'json_populate_recordset', 'jsonb_populate_record', 'jsonb_populate_recordset', 'json_to_record', 'json_to_recordset', 'jsonb_to_record', 'jsonb_to_recordset', 'populate_record']);

/** What a statement reads and makes, beside what it mentions. */
export interface TypeSources {
  readonly mentions: Mentions;
  /** Relations that are read. */
  readonly relations: readonly RelationRow[];
  /** Relations whose row types values are turned into. */
  readonly madeRows: readonly RelationRow[];
  /** Types that views and policies turn values into. */
  readonly castsInside: readonly number[];
  /** Names of the functions that views and policies call. */
  readonly calledInside: readonly string[];
}

/** Which of the database's own types can occur in a statement, so that a look-alike for other types is no suspect. */
export class StatementTypes {
  /** Types of any value in the statement. */
  private readonly present = new Set<number>();
  /** Types that values are turned into. */
  private readonly made = new Set<number>();

  constructor(
    private readonly universe: Universe,
    { mentions, relations, madeRows, castsInside, calledInside }: TypeSources,
  ) {
    for (const { schema, name } of mentions.types) {
      for (const type of this.named(schema, name)) this.make(type.oid);
    }
    for (const oid of castsInside) this.make(oid);
    for (const relation of madeRows) for (const oid of relation.types) this.make(oid);
    for (const relation of relations) for (const oid of relation.types) this.see(oid);
    // `row #= hstore` is hstore's way to build a row.
    const builds = [...mentions.functions.map((call) => call.name), ...calledInside].some((name) => ROW_BUILDERS.has(name)) || mentions.operators.some(({ name }) => name === '#=');
    if (builds) for (const oid of this.present) this.make(oid);
  }

  /** Types of the database that the name can mean. */
  private named(schema: string | null, name: string): CatalogType[] {
    const visible = (place: string): boolean => {
      if (schema === null) return this.universe.path.includes(place);
      return schema === 'pg_temp' ? place.startsWith('pg_temp') : place === schema;
    };
    return [...this.universe.types.values()].filter((type) => (type.name === name || type.arrayName === name) && visible(type.schema));
  }

  /** A function of the database gives it. */
  see(oid: number): void {
    this.spread(oid, this.present);
  }

  private make(oid: number): void {
    this.spread(oid, this.made);
    this.spread(oid, this.present);
  }

  private spread(start: number, into: Set<number>): void {
    const pending = [this.element(start)];
    for (let oid = pending.pop(); oid !== undefined; oid = pending.pop()) {
      if (oid < FIRST_USER_OID || into.has(oid)) continue;
      into.add(oid);
      pending.push(...(this.universe.types.get(oid)?.parts ?? []).map((part) => this.element(part)));
    }
  }

  private element(oid: number): number {
    return this.universe.elements.get(oid) ?? oid;
  }

  presentTypes(): CatalogType[] {
    return this.known(this.present);
  }

  /** Row types of tables inside of other types: their columns are not known here. */
  hasUnknownMade(): boolean {
    return [...this.made].some((oid) => !this.universe.types.has(oid));
  }

  madeTypes(): CatalogType[] {
    return this.known(this.made);
  }

  private known(oids: ReadonlySet<number>): CatalogType[] {
    return [...oids].flatMap((oid) => this.universe.types.get(oid) ?? []);
  }

  /** Whether a value of the statement can have this type without an explicit cast. The row types of tables always can. */
  canOccur(oid: number): boolean {
    const type = this.universe.types.get(this.element(oid));
    if (oid < FIRST_USER_OID || !type) return true;
    if (this.present.has(type.oid)) return true;
    return type.kind === 'd' && this.canOccur(type.base);
  }

  /** Whether an argument of this shape fits a parameter of this type. */
  fits(oid: number, shape: Shape): boolean {
    if (shape === 'unknown' || this.canOccur(oid)) return true;
    if (shape === 'row' && this.universe.types.get(oid)?.kind === 'c') return true;
    return this.universe.casts.some((cast) => cast.implicit && cast.target === oid && this.canOccur(cast.source));
  }
}
