import type Anthropic from '@anthropic-ai/sdk';
import { toAppError } from '../errors';
import type { Answer } from './answer';
import type { AuditLog } from './audit';
import { oneLine, wrapData } from './boundary';
import type { TokenCounts } from './prices';
import { tools } from './tools/all';
import type { AssistantTool, ToolContext, ToolOutcome } from './tools/tool';
import type { ToolCall } from './turn';

/** Tries that the model has in a row for SQL that does not stand up. */
const TRIES = 3;

/** Runs the calls of one reply, in order, and gives the results to pass back: one for each call, also after a stop. */
export type ToolRunner = (calls: readonly ToolCall[], tokens: TokenCounts) => Promise<Anthropic.Messages.ToolResultBlockParam[]>;

export interface RunnerDependencies {
  readonly context: ToolContext;
  readonly answer: Answer;
  readonly audit: AuditLog;
  readonly conversationId: string;
  /** Cuts the run's secrets out of everything that goes to the model. */
  readonly redact: (text: string) => string;
}

export function createToolRunner({ context, answer, audit, conversationId, redact }: RunnerDependencies): ToolRunner {
  let bad = 0;

  const outcomeOf = async (call: ToolCall, tool: AssistantTool | undefined, input: ReturnType<typeof parseInput>): Promise<ToolOutcome> => {
    if (context.signal.aborted) return { state: 'failed', summary: 'stopped', content: 'The person stopped the answer before this ran.' };
    if (!tool) return { state: 'refused', summary: 'no such tool', content: `There is no tool ${oneLine(call.name, 60)}. The tools are ${tools.map((known) => known.name).join(', ')}.` };
    if (!input.ok) return { state: 'failed', summary: 'the call is malformed', content: `The call was not run: ${input.problem} Write it again.` };
    if (bad >= TRIES && 'sql' in tool.input.shape) {
      return { state: 'refused', summary: `${TRIES} tries are used up`, content: `Not run: ${TRIES} tries in a row did not stand up. Tell the person plainly what could not be answered and why.` };
    }
    const outcome = await runTool(tool, input.value, context);
    if (outcome.badSql) bad += 1;
    else if ('sql' in tool.input.shape) bad = 0;
    const left = TRIES - bad;
    return outcome.badSql ? { ...outcome, content: `${outcome.content}\n${left > 0 ? `Tries left: ${left}.` : 'No tries are left: tell the person plainly what could not be answered and why.'}` } : outcome;
  };

  const runOne = async (call: ToolCall, tokens: TokenCounts): Promise<Anthropic.Messages.ToolResultBlockParam> => {
    const started = performance.now();
    const tool = tools.find((known) => known.name === call.name);
    const input = parseInput(tool, call);
    const shown = { kind: 'tool' as const, id: call.id, name: call.name, title: titleOf(tool, input, call), input: inputText(call), milliseconds: null, state: 'running' as const, summary: '' };
    const index = answer.add(shown);
    const outcome = await outcomeOf(call, tool, input);
    const milliseconds = performance.now() - started;
    answer.update(index, { ...shown, state: outcome.state, summary: redact(oneLine(outcome.summary, 300)), milliseconds });
    if (outcome.part) answer.add(outcome.part);
    audit.add({
      conversationId,
      connectionId: context.profile.id,
      // A made-up name must not look like an entry of the person's.
      tool: tool ? tool.name : `unknown: ${oneLine(call.name, 60)}`,
      input: inputText(call),
      verdict: outcome.verdict ?? '',
      outcome: `${outcome.state}: ${outcome.summary}`,
      rows: outcome.rows ?? null,
      milliseconds,
      tokens: tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite,
    });
    return { type: 'tool_result', tool_use_id: call.id, content: redact(outcome.content), ...((outcome.toModel ?? outcome.state) === 'done' ? {} : { is_error: true }) };
  };

  return async (calls, tokens) => {
    const results: Anthropic.Messages.ToolResultBlockParam[] = [];
    for (const call of calls) results.push(await runOne(call, tokens));
    return results;
  };
}

async function runTool(tool: AssistantTool, input: Record<string, unknown>, context: ToolContext): Promise<ToolOutcome> {
  try {
    return await tool.run(input, context);
  } catch (thrown) {
    if (context.signal.aborted) return { state: 'failed', summary: 'stopped', content: 'The person stopped this.' };
    const error = toAppError(thrown);
    const words = [error.message, error.data.hint].filter(Boolean).join(' ');
    return { state: error.code === 'refused' ? 'refused' : 'failed', summary: error.message, content: `It failed.\n${wrapData(words)}` };
  }
}

type ParsedInput = { ok: true; value: Record<string, unknown> } | { ok: false; problem: string };

function parseInput(tool: AssistantTool | undefined, call: ToolCall): ParsedInput {
  if (!tool) return { ok: false, problem: 'unknown tool.' };
  if (call.input === undefined) return { ok: false, problem: 'its input is not valid JSON.' };
  const parsed = tool.input.safeParse(call.input);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problem: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}.`).join(' ') };
}

function titleOf(tool: AssistantTool | undefined, input: ParsedInput, call: ToolCall): string {
  return oneLine(tool && input.ok ? tool.title(input.value) : call.name, 160);
}

/** For the person and the audit: the SQL where the input has one, else the input as JSON. */
function inputText(call: ToolCall): string {
  const { input } = call;
  if (typeof input === 'object' && input !== null && 'sql' in input && typeof input.sql === 'string') return input.sql;
  return input === undefined ? call.json : JSON.stringify(input);
}

