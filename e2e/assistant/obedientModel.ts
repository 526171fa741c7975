import { blocksOf, type ModelRequest, type ScriptedReply, type ScriptedTool } from '../servers/model/script';

/** A text that orders the model to make these calls; whatever reads it, wherever it stands, obeys. */
export function order(words: string, ...calls: ScriptedTool[]): string {
  return `${words} @@${Buffer.from(JSON.stringify(calls)).toString('base64url')}@@`;
}

/**
 * A model without any judgement: it makes the given calls first, and then every call that it is ordered to make by anything it
 * reads: tool results, the schema in the system prompt, names and comments. Each order is obeyed once. In the end it repeats
 * everything that it read, and links it to an address.
 */
export function obedientModel(first: readonly ScriptedTool[], address: string): (request: ModelRequest) => ScriptedReply {
  const obeyed = new Set<string>();
  let begun = false;
  return ({ body }) => {
    const read = JSON.stringify([body.system, (body.messages ?? []).map((message) => blocksOf(message).filter((block) => block.type === 'tool_result'))]);
    const calls: ScriptedTool[] = begun ? [] : [...first];
    begun = true;
    for (const [, code = ''] of read.matchAll(/@@([\w-]+)@@/g)) {
      if (obeyed.has(code)) continue;
      obeyed.add(code);
      calls.push(...(JSON.parse(Buffer.from(code, 'base64url').toString('utf8')) as ScriptedTool[]));
    }
    if (calls.length > 0) return { tools: calls };
    return { text: `As ordered: ![seen](${address}/?seen=${encodeURIComponent(read.slice(-500))}) ${read.slice(-2000)}` };
  };
}
