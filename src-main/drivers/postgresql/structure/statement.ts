import { qualified } from '../../../../src-preload/contract/sqlNames';
import type { PlannedStatement } from '../../../../src-preload/contract/structure';

/** What a planned statement is unless said otherwise. */
const plain: Omit<PlannedStatement, 'text' | 'lock'> = { effort: 'catalog', alone: false, note: null, safer: [], destroys: false };

export function statement(text: string, lock: string, rest: Partial<PlannedStatement> = {}): PlannedStatement {
  return { ...plain, ...rest, text, lock };
}

export interface Named {
  readonly schema: string;
  readonly name: string;
}

export const nameOf = ({ schema, name }: Named): string => qualified(schema, name);

/** Locks in words; source: PostgreSQL manual, "Explicit Locking" and the pages of ALTER TABLE and CREATE INDEX. */
export const locks = {
  exclusive: (table: Named): string => `ACCESS EXCLUSIVE on ${nameOf(table)}: nobody can read or write it meanwhile`,
  noWrites: (table: Named): string => `SHARE on ${nameOf(table)}: it can be read, writes wait`,
  keys: (table: Named, other: Named): string => `SHARE ROW EXCLUSIVE on ${nameOf(table)} and ${nameOf(other)}: both can be read, writes wait`,
  beside: (table: Named): string => `SHARE UPDATE EXCLUSIVE on ${nameOf(table)}: reads and writes go on`,
  none: 'none that others would wait for',
} as const;
