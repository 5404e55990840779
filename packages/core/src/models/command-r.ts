import type { Usage } from '../ports/model-invoker.js';
import type { ChunkReading, ContentEvent, ModelFamily } from './chunk-reading.js';
import {
  joinTexts,
  noContent,
  readText,
  readUsage,
  toolCallArguments,
  toolCallStart,
  wholeToolCall,
} from './chunk-reading.js';
import { indexAt, isJsonObject, type JsonObject, objectAt, objectsAt, stopReasonAt, stringAt } from './json-object.js';

const usageKeys = { inputTokens: 'input_tokens', outputTokens: 'output_tokens' };

/** Cohere Command R. Its last chunk repeats the whole text, which is not read again. */
export const commandR: ModelFamily = {
  name: 'command-r',
  isText: true,
  matches: (chunk) => 'event_type' in chunk || isWhole(chunk),
  read(chunk): ChunkReading {
    switch (chunk.event_type) {
      case 'text-generation':
        return readText(chunk.text);
      case 'tool-calls-chunk':
        return { content: readToolCallPiece(objectAt(chunk, 'tool_call_delta')) };
      case 'tool-calls-generation':
        return { content: readToolCalls(chunk) };
      case 'stream-end':
        return {
          stopReason: stopReasonAt(chunk, 'finish_reason') ?? stopReasonAt(chunk.response, 'finish_reason'),
          usage: readCounters(chunk.response),
        };
      case undefined:
        return {
          ...joinTexts([readText(chunk.text), { content: readToolCalls(chunk) }]),
          stopReason: stopReasonAt(chunk, 'finish_reason'),
          endsAnswer: true,
          usage: readCounters(chunk),
        };
      default:
        return {};
    }
  },
};

function isWhole(chunk: JsonObject): boolean {
  return 'text' in chunk && ('generation_id' in chunk || 'response_id' in chunk);
}

function readToolCallPiece(piece: JsonObject | undefined): readonly ContentEvent[] {
  if (!piece) return noContent;
  const index = indexAt(piece, 'index');
  const name = stringAt(piece, 'name');
  const pieces = toolCallArguments(index, piece.parameters);
  return name === undefined ? pieces : [toolCallStart(index, '', name), ...pieces];
}

/** Cohere gives no ids to tool calls. */
function readToolCalls(holder: JsonObject): readonly ContentEvent[] {
  return objectsAt(holder, 'tool_calls').flatMap((call, index) => wholeToolCall(index, '', call.name, call.parameters));
}

/** `billed_units` matches the metrics of Bedrock. `tokens` also counts the tokens that Cohere adds to the prompt. */
function readCounters(answer: unknown): Usage | undefined {
  const meta = objectAt(answer, 'meta');
  const billed = meta?.billed_units;
  return readUsage(isJsonObject(billed) ? billed : meta?.tokens, usageKeys);
}
