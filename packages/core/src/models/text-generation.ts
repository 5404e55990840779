import type { ChunkReading, ModelFamily } from './chunk-reading.js';
import { joinTexts, readText, readUsage } from './chunk-reading.js';
import { isJsonObject, type JsonObject, objectAt, stopReasonAt } from './json-object.js';

const usageKeys = { inputTokens: 'input_length', outputTokens: 'generated_tokens' };

/**
 * The servers TGI and LMI behind Marketplace endpoints. Each chunk has one token. The last one repeats the whole text, and has details
 * only if the request asks for them.
 */
export const textGeneration: ModelFamily = {
  name: 'text-generation',
  isText: true,
  matches: (chunk) => isJsonObject(chunk.token) || 'generated_text' in chunk,
  read(chunk): ChunkReading {
    const details = objectAt(chunk, 'details');
    const token = objectAt(chunk, 'token');
    return {
      ...(token ? readToken(token) : { ...readText(chunk.generated_text), isWhole: true }),
      stopReason: stopReasonAt(details, 'finish_reason'),
      endsAnswer: typeof chunk.generated_text === 'string',
      usage: readUsage(details, usageKeys),
    };
  },
};

/** Special tokens, such as the end of a turn, are no text. */
function readToken(token: JsonObject) {
  return token.special === true || token.special_token === true ? joinTexts([]) : readText(token.text);
}
