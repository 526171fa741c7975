import { builtinRefusal } from '../builtinTable';
import { extensionReviewOf, readSources } from '../reviewedFunctions';
import type { AllowedCode } from './allowed';
import { FIRST_USER_OID } from './catalog';
import type { CatalogFunction, Universe } from './catalog';

const VOLATILITY = { i: 'immutable', s: 'stable', v: 'volatile' } as const;

/** The functions that a server has, its own and the database's, and what the lane thinks of each. */
export class FunctionJudge {
  private readonly functions: ReadonlySet<string>;
  private readonly extensions: ReadonlySet<string>;

  constructor(
    private readonly builtin: ReadonlyMap<number, CatalogFunction>,
    private readonly builtinByName: ReadonlyMap<string, readonly CatalogFunction[]>,
    private readonly universe: Universe,
    allowed: AllowedCode,
  ) {
    this.functions = new Set(allowed.functions);
    this.extensions = new Set(allowed.extensions);
  }

  /** All functions of this name that the name can mean; without a schema, those along the search path. */
  named(schema: string | null, name: string): CatalogFunction[] {
    const all = [...(this.builtinByName.get(name) ?? []), ...(this.universe.functionsByName.get(name) ?? [])];
    if (schema !== null) return all.filter((entry) => entry.schema === schema);
    // Of functions with the same parameters the one in the earlier schema hides the others.
    const byParameters = new Map<string, CatalogFunction>();
    for (const place of this.universe.path) {
      for (const entry of all) if (entry.schema === place && !byParameters.has(entry.args.join())) byParameters.set(entry.args.join(), entry);
    }
    return [...byParameters.values()];
  }

  /** Why the function must not run in the lane, as the end of "calls X, which ..."; null when it may. */
  refusal(oid: number): string | null {
    const found = this.builtin.get(oid) ?? this.universe.functions.get(oid);
    return found ? this.refusalOf(found) : 'the guard cannot find in the catalog';
  }

  label(oid: number): string {
    const found = this.builtin.get(oid) ?? this.universe.functions.get(oid);
    if (!found) return `function ${oid}`;
    return isBuiltin(found) ? found.name : `${found.schema}.${found.name}`;
  }

  refusalOf(found: CatalogFunction): string | null {
    if (isBuiltin(found)) {
      if (this.universe.replaced.has(found.name)) return 'somebody has replaced by code of their own on this server';
      return builtinRefusal(found.name, found.args.length, VOLATILITY[found.volatility]);
    }
    const review = found.extension !== null ? extensionReviewOf(found.extension, found.name, found.volatility === 'v') : null;
    if (review && (!review.admitted || this.isReviewedCode(found))) return review.admitted ? null : review.reason;
    return this.foreignRefusal(found);
  }

  /** Compiled code of the extension, or what was read. Whoever owns a function may have put another text there. */
  private isReviewedCode({ language, source }: CatalogFunction): boolean {
    return language === 'c' || (source !== null && readSources.has(`${language} ${source}`));
  }

  private foreignRefusal(found: CatalogFunction): string | null {
    const from = found.extension === null ? 'is a function of this database' : `belongs to the extension ${found.extension}`;
    if (found.volatility === 'v') return `${from} and volatile: it may change something`;
    const allowed = this.functions.has(`${found.schema}.${found.name}`) || (found.extension !== null && this.extensions.has(found.extension));
    if (!allowed) return `${from} that has not been allowed here`;
    for (const support of this.universe.aggregates.get(found.oid) ?? []) {
      if (support >= FIRST_USER_OID ? this.universe.functions.get(support)?.volatility === 'v' : this.refusal(support) !== null) return `is an aggregate over ${this.label(support)}`;
    }
    return null;
  }
}

function isBuiltin(found: CatalogFunction): boolean {
  return found.oid < FIRST_USER_OID && (found.schema === 'pg_catalog' || found.schema === 'information_schema');
}
