/**
 * List prices in US dollars for a million tokens: input, output. Checked on 2026-11-26, for global profiles and prompts of at most
 * 100,000 tokens. A profile of one geography costs about a tenth more.
 *
 * @type {readonly (readonly [RegExp, number, number])[]}
 */
const prices = [
  [/^global\.amazon\.nova-2-lite-/, 0.3, 2.5],
  [/^global\.anthropic\.claude-haiku-5-5$/, 0.1, 0.5],
  [/^global\.anthropic\.claude-sonnet-5-5$/, 2, 10],
  [/^global\.anthropic\.claude-opus-5-5$/, 4, 20],
];

/**
 * What an answer costs on Bedrock, in US dollars. Undefined if the model has no price here, or the counts are unknown.
 *
 * @param {string} model
 * @param {import('./read-report.js').Report} report
 */
export function costOf(model, { inputTokens, outputTokens }) {
  const price = prices.find(([pattern]) => pattern.test(model));
  if (price === undefined || inputTokens === undefined || outputTokens === undefined) return undefined;
  const [, input, output] = price;
  return (inputTokens * input + outputTokens * output) / 1_000_000;
}
