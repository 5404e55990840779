import { isIntervened } from './bedrock-keys.js';
import type { ChunkReading, ModelFamily } from './chunk-reading.js';
import { readText, readUsage } from './chunk-reading.js';
import { indexAt, objectAt, objectsAt, stopReasonAt } from './json-object.js';

const llamaUsage = { inputTokens: 'prompt_token_count', outputTokens: 'generation_token_count' };

/** The families that continue a prompt, each in a form of its own. */
export const textCompletions = {
  /** Anthropic Claude, text completions (the legacy API). They report no usage. */
  claude: {
    name: 'claude-completions',
    isText: true,
    matches: (chunk) => 'completion' in chunk,
    read: (chunk) => ({ ...readText(chunk.completion), stopReason: stopReasonAt(chunk, 'stop_reason') }),
  },
  /** Meta Llama, and imported models in the completion format of Bedrock. If a guardrail answers, stop reason and usage are missing. */
  llama: {
    name: 'llama',
    isText: true,
    matches: (chunk) => 'generation' in chunk,
    read(chunk) {
      const usage = readUsage(chunk, llamaUsage);
      return {
        ...readText(chunk.generation),
        stopReason: stopReasonAt(chunk, 'stop_reason'),
        endsSoftly: usage === undefined && isIntervened(chunk),
        usage,
      };
    },
  },
  /** Mistral, text completions. They report no usage. */
  mistral: {
    name: 'mistral-text',
    isText: true,
    matches: (chunk) => Array.isArray(chunk.outputs),
    read(chunk) {
      const [output] = objectsAt(chunk, 'outputs');
      return { ...readText(output?.text), stopReason: stopReasonAt(output, 'stop_reason') };
    },
  },
  /**
   * Cohere Command. The chunks of several generations are interleaved, each with its index. If the payload does not ask for a stream
   * itself, the whole answer comes as one chunk. It reports no usage.
   */
  command: {
    name: 'command',
    isText: true,
    matches: (chunk) => Array.isArray(chunk.generations) || 'is_finished' in chunk,
    read(chunk): ChunkReading {
      const isWhole = Array.isArray(chunk.generations);
      const generation = isWhole ? objectsAt(chunk, 'generations')[0] : chunk;
      if (!isWhole && indexAt(chunk, 'index') !== 0) return {};
      return {
        ...readText(generation?.text),
        stopReason: stopReasonAt(generation, 'finish_reason'),
        endsAnswer: isWhole,
      };
    },
  },
  /** TwelveLabs Pegasus, which describes videos. It reports no usage. */
  pegasus: {
    name: 'pegasus',
    isText: true,
    matches: (chunk) => 'message' in chunk && ('stopReason' in chunk || 'finishReason' in chunk),
    read: (chunk) => ({
      ...readText(chunk.message),
      stopReason: stopReasonAt(chunk, 'stopReason') ?? stopReasonAt(chunk, 'finishReason'),
    }),
  },
  /** AI21 Jurassic-2. It never streams, so only whole answers have this shape. It reports no usage. */
  jurassic: {
    name: 'jurassic',
    isText: true,
    matches: (chunk) => Array.isArray(chunk.completions),
    read(chunk) {
      const [completion] = objectsAt(chunk, 'completions');
      return {
        ...readText(objectAt(completion, 'data')?.text),
        stopReason: stopReasonAt(completion?.finishReason, 'reason'),
        endsAnswer: true,
      };
    },
  },
} satisfies Record<string, ModelFamily>;
