import type fc from 'fast-check';
import { type ChatHistory, chatHistories } from './chat-histories.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Any conversation of chat completions, as the Responses API has it. */
export const responseHistories: fc.Arbitrary<ChatHistory> = chatHistories.map(({ request, texts }) => ({
  request: asResponse(request as JsonObject),
  texts,
}));

function asResponse({ messages, tools, ...request }: JsonObject): JsonObject {
  const { max_tokens: maxTokens, reasoning_effort: effort, response_format: format, stop: _, ...rest } = request;
  return {
    ...rest,
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
    ...(effort !== undefined && { reasoning: { effort } }),
    ...(format !== undefined && { text: { format } }),
    ...(tools !== undefined && { tools: objects(tools).map(asTool) }),
    include: ['reasoning.encrypted_content'],
    store: false,
    input: objects(messages).flatMap(asItems),
  };
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : [];
}

function asTool(tool: JsonObject): JsonObject {
  return { type: 'function', ...(tool['function'] as JsonObject) };
}

function asItems(message: JsonObject): readonly JsonObject[] {
  const { role, content, tool_call_id: callId, cache_control } = message;
  const mark = cache_control === undefined ? {} : { cache_control };
  if (role === 'tool') return [{ type: 'function_call_output', call_id: callId, output: content, ...mark }];
  const blocks = objects(message['reasoning_details']).map(({ text, signature }) => ({ text, signature }));
  const sealed = Buffer.from(JSON.stringify({ v: 1, blocks })).toString('base64url');
  return [
    ...(blocks.length > 0 ? [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: sealed }] : []),
    ...(content === null ? [] : [{ role, content: asContent(content), ...mark }]),
    ...objects(message['tool_calls']).map(({ id, function: definition }) => ({
      type: 'function_call',
      call_id: id,
      ...(definition as JsonObject),
    })),
  ];
}

function asContent(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return objects(content).map((part) => {
    if (part['type'] === 'text') return { ...part, type: 'input_text' };
    if (part['type'] === 'image_url')
      return { type: 'input_image', image_url: (part['image_url'] as JsonObject)['url'] };
    return part['type'] === 'file' ? { type: 'input_file', ...(part['file'] as JsonObject) } : part;
  });
}
