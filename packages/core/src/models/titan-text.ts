import { isIntervened } from './bedrock-keys.js';
import type { ChunkReading, ModelFamily } from './chunk-reading.js';
import { readText, readUsage, usageOf } from './chunk-reading.js';
import { countAt, indexAt, type JsonObject, objectsAt, stopReasonAt } from './json-object.js';

const usageKeys = { inputTokens: 'inputTextTokenCount', outputTokens: 'totalOutputTextTokenCount' };

/** Amazon Titan Text. Only its last chunk has the output count. If a guardrail answers, that chunk may have no stop reason. */
export const titanText: ModelFamily = {
  name: 'titan-text',
  isText: true,
  matches: (chunk) => 'outputText' in chunk || 'completionReason' in chunk || resultOf(chunk) !== undefined,
  read(chunk): ChunkReading {
    const result = resultOf(chunk);
    if (result) return readWhole(chunk, result);
    const usage = readUsage(chunk, usageKeys);
    if (indexAt(chunk, 'index') !== 0) return { usage };
    return {
      ...readText(chunk.outputText),
      stopReason: stopReasonAt(chunk, 'completionReason'),
      endsAnswer: usage?.outputTokens !== undefined,
      endsSoftly: usage === undefined && isIntervened(chunk),
      usage,
    };
  },
};

/** The first result of a whole answer. The results of rerankers have no text. */
function resultOf(chunk: JsonObject): JsonObject | undefined {
  const [result] = objectsAt(chunk, 'results');
  return result && 'outputText' in result ? result : undefined;
}

function readWhole(answer: JsonObject, result: JsonObject): ChunkReading {
  return {
    ...readText(result.outputText),
    stopReason: stopReasonAt(result, 'completionReason'),
    endsAnswer: true,
    usage: usageOf({
      inputTokens: countAt(answer, 'inputTextTokenCount'),
      outputTokens: countAt(result, 'tokenCount'),
    }),
  };
}
