import { z } from 'zod';
import { cutText, wrapData } from '../boundary';
import { findRelation, nearestRelations } from '../relationNames';
import { detailText } from './relationText';
import { defineTool, type ToolContext } from './tool';

const MAX_CHARS = 12_000;

export const describe = defineTool({
  name: 'describe',
  description: 'Shows columns with types and comments, keys, what refers to it, indexes and checks of up to 8 tables or views. Also the labels of the enums that their columns use.',
  input: z.strictObject({ relations: z.array(z.string().min(1).max(200)).min(1).max(8).describe('Names, as schema.name.') }),
  title: ({ relations }) => `Look at ${relations.join(', ')}`,
  async run({ relations }, context) {
    const texts: string[] = [];
    const missing: string[] = [];
    for (const name of relations) {
      const relation = findRelation(context.snapshot, name);
      if (!relation) {
        missing.push(missingText(name, context));
        continue;
      }
      const detail = await context.detail({ schema: relation.schema, name: relation.name, kind: relation.kind });
      texts.push([detailText(detail), ...enumTexts(relation.columns.map((column) => column.type), context)].join('\n'));
    }
    const all = [...texts, ...missing].join('\n\n');
    return {
      state: texts.length > 0 ? 'done' : 'failed',
      summary: missing.length === 0 ? `${texts.length} described` : `${texts.length} described, ${missing.length} not found`,
      content: wrapData(cutText(all, MAX_CHARS)),
    };
  },
});

function missingText(name: string, { snapshot }: ToolContext): string {
  const near = nearestRelations(snapshot, name);
  return `${name}: no such table or view.${near.length > 0 ? ` Nearest real names: ${near.join(', ')}.` : ''}`;
}

function enumTexts(types: readonly string[], { snapshot }: ToolContext): string[] {
  const bare = new Set(types.map((type) => type.replace(/\[\]$/, '').replaceAll('"', '')));
  return snapshot.enums
    .filter((entry) => bare.has(entry.name) || bare.has(`${entry.schema}.${entry.name}`))
    .map((entry) => `enum ${entry.name}: ${entry.labels.slice(0, 100).map((label) => JSON.stringify(label)).join(', ')}`);
}
