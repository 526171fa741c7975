import { nodesOf, visit } from '../tree';
import type { SelectStmt } from '@pgsql/types';
import type { Advice, ExplainRule } from './rule';

/** UNION sorts or hashes all rows to find repeated ones. */
export const unionDistinct: ExplainRule = {
  id: 'union-distinct',
  check({ draft, root }) {
    const found: Advice[] = [];
    const look = (query: SelectStmt): void => {
      if (query.op !== 'SETOP_UNION' || query.all || !query.rarg) return;
      const begin = draft.begin(query.rarg);
      found.push({ level: 'note', text: 'UNION compares all rows to remove repeated ones. Where none can be repeated, or they may stay, UNION ALL does less.', span: begin === null ? null : draft.source.wordBefore(begin, 'UNION') });
    };
    nodesOf(root, 'SelectStmt').forEach(look);
    visit(root, (value) => {
      for (const side of ['larg', 'rarg']) {
        const query = value[side] as SelectStmt | undefined;
        if (query?.op !== undefined) look(query);
      }
    });
    return found;
  },
};
