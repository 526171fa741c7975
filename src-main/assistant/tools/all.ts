import { z } from 'zod';
import type Anthropic from '@anthropic-ai/sdk';
import { describe } from './describe';
import { lookupValues } from './lookupValues';
import { proposeWrite } from './proposeWrite';
import { plan, runQuery, showSql } from './queryTools';
import { proposeChart } from './proposeChart';
import { proposeNotes } from './proposeNotes';
import { searchSchema } from './searchSchema';
import type { AssistantTool } from './tool';

/** All that the model can ask the host to do. */
export const tools: readonly AssistantTool[] = [searchSchema, describe, lookupValues, plan, runQuery, showSql, proposeChart, proposeNotes, proposeWrite];

/** The tools as the Messages API wants them; the last one carries the cache's first breakpoint. */
export const toolParams: readonly Anthropic.Messages.Tool[] = tools.map((tool, index) => {
  const schema = z.toJSONSchema(tool.input) as Anthropic.Messages.Tool.InputSchema;
  delete schema.$schema;
  const cached: Pick<Anthropic.Messages.Tool, 'cache_control'> = index === tools.length - 1 ? { cache_control: { type: 'ephemeral' } } : {};
  return { name: tool.name, description: tool.description, input_schema: schema, ...cached };
});
