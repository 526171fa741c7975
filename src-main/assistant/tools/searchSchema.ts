import { z } from 'zod';
import { cutText, wrapData } from '../boundary';
import { relationLine } from './relationText';
import { defineTool } from './tool';

const LIMIT = 12;
const MAX_CHARS = 8_000;

export const searchSchema = defineTool({
  name: 'search_schema',
  description:
    'Finds tables and views by words: their names, columns and comments, and what their foreign keys lead to. Returns at most 12 with their columns. Use words that the schema may use, in its language too.',
  input: z.strictObject({ words: z.string().min(1).max(300).describe('Words of the question, and synonyms that a schema may use.') }),
  title: ({ words }) => `Search the schema for ${words}`,
  async run({ words }, context) {
    const found = await context.search(words, LIMIT);
    if (found.length === 0) {
      return { state: 'done', summary: 'nothing found', content: 'No table, view, column or comment has these words. Try other words, or the schema list above.' };
    }
    const text = found.map((one) => relationLine(one, context.snapshot)).join('\n');
    return {
      state: 'done',
      summary: found.map(({ relation }) => relation.name).slice(0, 4).join(', ') + (found.length > 4 ? ` and ${found.length - 4} more` : ''),
      content: wrapData(cutText(text, MAX_CHARS)),
    };
  },
});
