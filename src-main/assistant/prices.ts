/** Tokens of one model call, as the endpoint counted them. Cached tokens are not part of `input`. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export const noTokens: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** US dollars for a million tokens; cache writes are those with the default life of five minutes. */
interface Rate {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}
interface Price extends Rate {
  /** Some models charge every token of a request more once its prompt is longer than so many tokens. */
  readonly longPrompt?: { readonly above: number; readonly rate: Rate };
}

const rate = (input: number, output: number, cacheRead: number): Rate => ({ input, output, cacheWrite: input * 1.25, cacheRead });

/** Source: https://platform.claude.com/docs/en/about-claude/pricing, as of November 2026. */
const prices: Readonly<Record<string, Price>> = {
  'claude-fable-5-1': rate(10, 50, 0.25),
  'claude-mythos-5-1': rate(10, 50, 0.25),
  'claude-fable-5': rate(10, 50, 1),
  'claude-mythos-5': rate(10, 50, 1),
  'claude-opus-5-5': rate(4, 20, 0.2),
  'claude-opus-5': rate(5, 25, 0.5),
  'claude-opus-4-8': rate(5, 25, 0.5),
  'claude-opus-4-7': rate(5, 25, 0.5),
  'claude-opus-4-6': rate(5, 25, 0.5),
  'claude-opus-4-5': rate(5, 25, 0.5),
  'claude-sonnet-5-5': rate(2, 10, 0.1),
  'claude-sonnet-5': rate(2, 10, 0.2),
  'claude-sonnet-4-6': rate(3, 15, 0.3),
  'claude-sonnet-4-5': rate(3, 15, 0.3),
  'claude-haiku-5-5': { ...rate(0.1, 0.5, 0.01), longPrompt: { above: 100_000, rate: rate(0.5, 2.5, 0.05) } },
  'claude-haiku-4-5': rate(1, 5, 0.1),
};

/** The price of one model call in US dollars; null when the model's price is not known. Dated ids (`-20251001`) count as their model. */
export function dollarsOf(model: string, tokens: TokenCounts): number | null {
  const price = prices[model] ?? prices[model.replace(/-\d{8}$/, '')];
  if (!price) return null;
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const charged = price.longPrompt && prompt > price.longPrompt.above ? price.longPrompt.rate : price;
  const millionths =
    tokens.input * charged.input + tokens.output * charged.output + tokens.cacheRead * charged.cacheRead + tokens.cacheWrite * charged.cacheWrite;
  return millionths / 1_000_000;
}
