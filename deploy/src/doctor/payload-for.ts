import { DeploymentError } from '../deployment-error.ts';

const prompt = 'Count from one to thirty, in words, separated by commas.';
const maxTokens = 200;

/**
 * A small request body for the model.
 *
 * @throws {DeploymentError} if the model family is unknown
 */
export function payloadFor(modelId: string): Readonly<Record<string, unknown>> {
  if (/\banthropic\.claude/.test(modelId)) {
    return {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: maxTokens,
      messages: [{ role: 'user', content: prompt }],
    };
  }
  if (/\bamazon\.nova/.test(modelId)) {
    return { inferenceConfig: { maxTokens }, messages: [{ role: 'user', content: [{ text: prompt }] }] };
  }
  if (/\bmeta\.llama/.test(modelId)) return { prompt, max_gen_len: maxTokens };
  throw new DeploymentError(
    `The request body of ${modelId} is unknown: pass it with --payload '{…}', or use --dialect openai, which needs none.`,
  );
}
