import { isJsonObject, type JsonObject, objectsAt, stringAt } from '../../models/json-object.js';
import type { Block, SignedReasoning } from './conversation.js';

/**
 * The reasoning that a client sends back with a message of the assistant: its `reasoning_details`, or else its `thinking_blocks`.
 * Reasoning without a signature is left out, because no model takes it back.
 */
export function readReasoningHistory(message: JsonObject): readonly Block[] {
  const details = objectsAt(message, 'reasoning_details').map(readDetail);
  const blocks = details.some(isJsonObject) ? details : objectsAt(message, 'thinking_blocks').map(readThinking);
  return blocks.flatMap((value): readonly Block[] => (value ? [{ type: 'reasoning', value }] : []));
}

function readDetail(detail: JsonObject): SignedReasoning | undefined {
  const data = stringAt(detail, 'data');
  if (detail['type'] === 'reasoning.encrypted') return data === undefined ? undefined : { redactedContent: data };
  return detail['type'] === 'reasoning.text' ? signed(detail['text'], detail['signature']) : undefined;
}

function readThinking(block: JsonObject): SignedReasoning | undefined {
  const data = stringAt(block, 'data');
  if (block['type'] === 'redacted_thinking') return data === undefined ? undefined : { redactedContent: data };
  return block['type'] === 'thinking' ? signed(block['thinking'], block['signature']) : undefined;
}

function signed(text: unknown, signature: unknown): SignedReasoning | undefined {
  if (typeof signature !== 'string' || signature === '') return undefined;
  return { reasoningText: { text: typeof text === 'string' ? text : '', signature } };
}
