import { nodesOf } from '../tree';
import type { Advice, ExplainRule, Subject } from './rule';

/** DROP, TRUNCATE and their CASCADE take away more than the text names. */
export const removesMuch: ExplainRule = {
  id: 'removes-much',
  check({ draft, root }: Subject) {
    const span = draft.source.whole;
    const found: Advice[] = [];
    const cascade = [...nodesOf(root, 'DropStmt'), ...nodesOf(root, 'TruncateStmt'), ...nodesOf(root, 'AlterTableCmd')].some(({ behavior }) => behavior === 'DROP_CASCADE');
    if (cascade) found.push({ level: 'serious', text: 'CASCADE also takes what depends on it, which the statement does not name. Without CASCADE the server lists what that is, and does nothing.', span: draft.source.wordIn(span, 'CASCADE') ?? span });
    if (nodesOf(root, 'TruncateStmt').length > 0) found.push({ level: 'serious', text: 'TRUNCATE takes all rows at once and waits for everyone who uses the table. It calls no DELETE triggers.', span });
    if (nodesOf(root, 'DropStmt').some(({ removeType }) => ['OBJECT_TABLE', 'OBJECT_SCHEMA', 'OBJECT_MATVIEW'].includes(removeType ?? '')) || nodesOf(root, 'AlterTableCmd').some(({ subtype }) => subtype === 'AT_DropColumn')) found.push({ level: 'serious', text: 'The data is gone once this is committed. Only a backup brings it back.', span });
    return found;
  },
};
