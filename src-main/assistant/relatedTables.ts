import { cutText, wrapStableData } from './boundary';
import type { StoredMessage } from './conversations';
import type { RankedRelation } from './linking/rankRelations';
import { qualified, quoteName } from './relationNames';

const TABLES = 12;
const COLUMNS = 12;
const MAX_CHARS = 2_500;

/**
 * For a schema that is too large to be told whole: what stands before each question, by its message’s id. It is the tables that its words point to, with
 * the columns that match and the primary key. A guess of `linking/`, said as such; the same question and schema give the same text.
 */
export async function relatedTables(messages: readonly StoredMessage[], search: (words: string, limit: number) => Promise<RankedRelation[]>, secret: string): Promise<Map<string, string>> {
  const related = new Map<string, string>();
  for (const { message } of messages) {
    if (message.role !== 'user') continue;
    const found = await search(message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join(' '), TABLES);
    if (found.length === 0) continue;
    const lines = cutText(found.map(line).join('\n'), MAX_CHARS);
    related.set(message.id, `(Note of the program: the schema above is not whole. The next question’s words point to these tables; look with describe or search_schema before you rely on it.)\n${wrapStableData(lines, secret)}`);
  }
  return related;
}

function line({ relation, columns }: RankedRelation): string {
  const names = new Set([...columns.slice(0, COLUMNS), ...relation.primaryKey]);
  return `${qualified(relation)}(${[...names].map(quoteName).join(', ')}${names.size < relation.columns.length ? ', …' : ''})`;
}
